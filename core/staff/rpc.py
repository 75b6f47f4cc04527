"""StaffService, and whom a token stands for."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller, Role
from core.db import Database
from core.staff import actions, rows, rules
from core.wire import paging
from core.wire.convert import to_timestamp
from core.wire.door import Call
from core.wire.once_only import OnceOnly
from todoke.v1 import staff_pb2 as pb

REMEMBERED = timedelta(seconds=5)
"""How long a process may go on believing a token after it was ended elsewhere."""

TO_ROLE: dict[Role, pb.Role.ValueType] = {
    role: pb.Role.Value(f"ROLE_{role.name}") for role in Role if role != Role.CHANNEL
}
FROM_ROLE = {value: role for role, value in TO_ROLE.items()}


class Tokens:
    """Whom a token stands for, remembered for a few seconds."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock
        self._known: dict[str, tuple[datetime, Caller]] = {}

    async def caller(self, token: str) -> Caller | None:
        """Return the caller, or None where no such token is in force."""
        now = self._clock()
        known = self._known.get(token)
        if known is not None and known[0] > now:
            return known[1]
        found = await self._db.read(partial(rows.caller_of, digest=actions.digest(token), now=now))
        if len(self._known) > 10_000:
            self._known.clear()
        if found is None:
            self._known.pop(token, None)
        else:
            self._known[token] = (now + REMEMBERED, found)
        return found

    def forget(self, token: str) -> None:
        self._known.pop(token, None)


class StaffService:
    """Answers StaffService."""

    def __init__(self, db: Database, tokens: Tokens) -> None:
        self.db = db
        self._tokens = tokens

    async def SignIn(self, request: pb.SignInRequest, call: Call) -> pb.SignInResponse:
        municipality, name = request.municipality, request.name
        known = await self.db.read(lambda s: rows.by_name(s, municipality, name))
        fits = await asyncio.to_thread(
            actions.password_fits, known.password if known else None, request.password
        )
        signed_in = await self.db.write(
            partial(actions.sign_in, municipality=municipality, name=name, fits=fits, now=call.now)
        )
        if signed_in is None:
            raise rules.SignInRefused("the name or the password is wrong, or the name rests")
        staff, token = signed_in
        return pb.SignInResponse(
            token=token,
            expire_time=to_timestamp(call.now + rules.TOKEN_LENGTH),
            staff=to_pb(staff),
        )

    async def SignOut(self, request: pb.SignOutRequest, call: Call) -> pb.SignOutResponse:
        del request
        await self.db.write(
            lambda s: actions.sign_out(s, call.caller, token=call.token, now=call.now)
        )
        self._tokens.forget(call.token)
        return pb.SignOutResponse()

    async def GetCaller(self, request: pb.GetCallerRequest, call: Call) -> pb.GetCallerResponse:
        del request
        caller = call.caller

        def found(session: Session) -> pb.GetCallerResponse:
            tenant = session.get_one(events.Municipality, caller.municipality)
            answer = pb.GetCallerResponse(
                municipality=tenant.municipality, municipality_name=tenant.name
            )
            if caller.is_channel:
                answer.channel = caller.name
            else:
                answer.staff.CopyFrom(to_pb(rows.get(session, caller)))
            return answer

        return await self.db.read(found)

    async def CreateStaff(
        self, request: pb.CreateStaffRequest, call: Call
    ) -> pb.CreateStaffResponse:
        password_hash = await asyncio.to_thread(actions.hashed, request.password)

        def change(session: Session) -> pb.CreateStaffResponse:
            staff = actions.create_staff(
                session,
                call.caller,
                name=request.name,
                display_name=request.display_name,
                password_hash=password_hash,
                roles=[FROM_ROLE[role] for role in request.roles],
                now=call.now,
            )
            return pb.CreateStaffResponse(staff=to_pb(staff))

        asked = OnceOnly(self.db, call, "StaffService.CreateStaff", request, pb.CreateStaffResponse)
        return await asked.make(change)

    async def ListStaff(self, request: pb.ListStaffRequest, call: Call) -> pb.ListStaffResponse:
        limit = paging.limit_of(request.page_size)
        after = "".join(paging.key_of(request.page_token))
        found = await self.db.read(
            lambda s: rows.page(s, call.caller.municipality, after=after, limit=limit + 1)
        )
        shown, token = paging.split(found, limit, lambda staff: (staff.name,))
        return pb.ListStaffResponse(staff=map(to_pb, shown), next_page_token=token)


def to_pb(staff: rows.Staff) -> pb.Staff:
    return pb.Staff(
        staff_id=staff.id,
        name=staff.name,
        display_name=staff.display_name,
        roles=[TO_ROLE[Role(role)] for role in staff.roles],
    )
