"""LedgerService: each entitlement, followed until somebody is reached."""

from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from core.db import Database
from core.eligibility.roster_pool import Pool
from core.events import Municipality
from core.ledger import actions, lines, progress
from core.ledger.convert import FROM_STATE, FROM_WAY, line_to_pb, tally_to_pb
from core.ledger.days import day_of
from core.ledger.explaining_rpc import Explaining
from core.ledger.letters.rpc import Printing
from core.ledger.rehearsal.rpc import Rehearsing, Sending
from core.letters.printing import Office
from core.procedures.catalogue import Catalogue
from core.wire import paging
from core.wire.convert import from_timestamp
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import about, mutation
from todoke.v1 import ledger_pb2 as pb

AHEAD = timedelta(minutes=5)
"""How far another machine's clock may be ahead of ours."""


class LedgerService(Printing, Explaining, Rehearsing):
    """Answers LedgerService; `office` is what letters say of who writes.

    `pool` are the processes that read lists, `sending` what messages cost and how fast they go.
    """

    def __init__(
        self,
        db: Database,
        office: Office,
        sending: Sending,
        pool: Pool,
        procedures: Catalogue,
    ) -> None:
        self.db = db
        self.office = office
        self.sending = sending
        self.pool = pool
        self.procedures = procedures

    async def ListLedger(self, request: pb.ListLedgerRequest, call: Call) -> pb.ListLedgerResponse:
        municipality, limit = call.caller.municipality, paging.limit_of(request.page_size)
        states = {FROM_STATE[state] for state in request.states}
        after = paging.moment_of(request.page_token)

        def found(session: Session) -> pb.ListLedgerResponse:
            roster = actions.roster_of(session, municipality, request.program_id)
            if roster is None:
                return pb.ListLedgerResponse()
            page, total = lines.page(
                session, roster, states=states, after=after, limit=limit + 1, now=call.now
            )
            shown, token = paging.split(page, limit, lambda line: line.key)
            return pb.ListLedgerResponse(
                entries=map(line_to_pb, shown), next_page_token=token, total_size=total
            )

        answer = await self.db.read(found)
        if answer.entries:
            await self._looked("ledger.listed", request.program_id, len(answer.entries), call)
        return answer

    @mutation
    def RecordContact(
        self, session: Session, request: pb.RecordContactRequest, call: Call
    ) -> pb.RecordContactResponse:
        contact_time = from_timestamp(request.contact_time)
        if contact_time > call.now + AHEAD:
            raise FieldInvalid("the contact is still to come", field="contact_time")
        if request.declined and not request.reached:
            raise FieldInvalid("only who was spoken with can have said no", field="declined")
        line = actions.record_contact(
            session,
            call.caller,
            entitlement_id=request.entitlement_id,
            way=FROM_WAY[request.way],
            reached=request.reached,
            declined=request.declined,
            note=request.note,
            contact_time=contact_time,
            now=call.now,
        )
        if line.resident_id:
            about(session, line.resident_id)
        return pb.RecordContactResponse(entry=line_to_pb(line))

    async def GetProgress(
        self, request: pb.GetProgressRequest, call: Call
    ) -> pb.GetProgressResponse:
        municipality = call.caller.municipality
        roster = await self.db.read(
            lambda s: actions.roster_of(s, municipality, request.program_id)
        )
        if roster is None:
            return pb.GetProgressResponse()

        def begun(session: Session) -> progress.Tally:
            city = session.get_one(Municipality, municipality).name
            day = day_of(session, roster)
            return progress.Tally(city, day, lines.states_of(session, roster, call.now))

        tally = await self.db.read(begun)
        while True:
            part = partial(progress.count_part, roster=roster, tally=tally)
            tally = await self.db.read(part)
            if not tally.after:
                break
        await self._looked("ledger.counted", request.program_id, roster.row_count, call)
        return pb.GetProgressResponse(rows=tally_to_pb(tally))

    async def _looked(self, kind: str, program_id: str, shown: int, call: Call) -> None:
        await self.db.write(
            lambda s: actions.look(
                s, call.caller, kind=kind, program_id=program_id, shown=shown, now=call.now
            )
        )
