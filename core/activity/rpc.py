"""ActivityService: the overview, the watch of events, the audit log."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from core import events
from core.db import Database
from core.dispatches import rows as dispatches
from core.registration import counts as registration
from core.residents import counts as residents
from core.residents import stale_rows
from core.wire import paging
from core.wire.convert import to_timestamp
from core.wire.door import Call
from core.wire.paging import CursorExpired
from todoke.v1 import activity_pb2 as pb
from todoke.v1 import eligibility_pb2

BATCH = 500
"""Most events in one answer of a watch."""

SIGN_OF_LIFE_SECONDS = 15.0

OpenPrograms = Callable[[Session, str, datetime], Sequence[eligibility_pb2.Program]]
"""Returns the municipality's open programs, newest first."""


class ActivityService:
    """Answers ActivityService. `poll` is how often to look for what other processes wrote."""

    def __init__(self, db: Database, open_programs: OpenPrograms, *, poll: float) -> None:
        self.db = db
        self._open_programs = open_programs
        self._poll = poll

    async def GetOverview(
        self, request: pb.GetOverviewRequest, call: Call
    ) -> pb.GetOverviewResponse:
        del request
        municipality = call.caller.municipality

        def count(session: Session) -> pb.GetOverviewResponse:
            # The cursor first: what is counted is then no older than it.
            cursor = events.newest(session, municipality)
            by_state = dispatches.count_by_state(session, municipality)
            return pb.GetOverviewResponse(
                residents=residents.registered(session, municipality),
                contacts=residents.reachable(session, municipality),
                programs=self._open_programs(session, municipality, call.now),
                dispatches={str(state): number for state, number in by_state.items()},
                cursor=str(cursor),
                stale_residents=stale_rows.count(session, municipality),
                registrations_to_decide=registration.to_decide(session, municipality),
            )

        return await self.db.read(count)

    async def WatchEvents(
        self, request: pb.WatchEventsRequest, call: Call
    ) -> AsyncIterator[pb.WatchEventsResponse]:
        municipality = call.caller.municipality
        newest = await self.db.read(partial(events.newest, municipality=municipality))
        seq = _seq(request.cursor, newest)
        quiet = 0.0
        while not self.db.closing:
            committed = self.db.committed  # Before the read, or a commit in between is missed.
            found = await self.db.read(
                partial(events.after, municipality=municipality, seq=seq, limit=BATCH)
            )
            seq = found[-1].seq if found else seq
            if found or quiet >= SIGN_OF_LIFE_SECONDS:
                quiet = 0.0
                yield pb.WatchEventsResponse(events=map(to_pb, found), cursor=str(seq))
            if not found:
                with suppress(TimeoutError):
                    await asyncio.wait_for(committed.wait(), self._poll)
                quiet += self._poll

    async def ListEvents(self, request: pb.ListEventsRequest, call: Call) -> pb.ListEventsResponse:
        limit = paging.limit_of(request.page_size)
        key = paging.key_of(request.page_token)
        seq = _number(key[0]) if key else None
        found = await self.db.read(
            lambda s: events.before(
                s, call.caller.municipality, seq, limit + 1, subject=request.subject
            )
        )
        shown, token = paging.split(found, limit, lambda event: (str(event.seq),))
        return pb.ListEventsResponse(
            events=[to_pb(event, with_reason=True) for event in shown], next_page_token=token
        )

    async def VerifyAudit(
        self, request: pb.VerifyAuditRequest, call: Call
    ) -> pb.VerifyAuditResponse:
        del request
        walked = await self.db.read(partial(events.verify, municipality=call.caller.municipality))
        return pb.VerifyAuditResponse(
            events=walked.events, head=walked.head.hex(), broken_at=walked.broken_at
        )


def to_pb(event: events.Event, *, with_reason: bool = False) -> pb.Event:
    """Return the message; what a person wrote is only for those who may read the audit log."""
    return pb.Event(
        seq=event.seq,
        time=to_timestamp(event.time),
        actor=event.actor,
        on_behalf_of=event.on_behalf_of,
        kind=event.kind,
        subject=event.subject,
        details=event.details,
        reason=(event.reason or "") if with_reason else "",
    )


def _seq(cursor: str, newest: int) -> int:
    """Return the number to go on from; the newest where the cursor is empty."""
    if not cursor:
        return newest
    seq = _number(cursor)
    if seq > newest:
        raise CursorExpired("the cursor points past the log: read the overview, then watch")
    return seq


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise CursorExpired("the cursor is none of ours: read again from the beginning")
    return int(text)
