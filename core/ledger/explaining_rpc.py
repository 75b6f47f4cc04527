"""The part of LedgerService that residents ask, too: what there is, and whether it is for them."""

from sqlalchemy.orm import Session

from core import events
from core.db import Database
from core.eligibility import rows as eligibility
from core.eligibility import version_rows
from core.eligibility.rules import ProgramState
from core.ledger import standings
from core.ledger.explaining import Explained, NextStep, Standing, explain
from core.proxies import speaking
from core.proxies.rules import Scope
from core.residents import rows as residents
from core.residents.naming import named
from core.wire.convert import to_date
from core.wire.door import Call
from todoke.v1 import ledger_pb2 as pb
from todoke.v1 import procedures_pb2, residents_pb2

MOST = 200
"""Open programs that are listed."""

TO_STANDING = {one: pb.Standing.Value(f"STANDING_{one.name}") for one in Standing}


class Explaining:
    """Answers why somebody is entitled or not."""

    db: Database

    async def ListOpenPrograms(
        self, request: pb.ListOpenProgramsRequest, call: Call
    ) -> pb.ListOpenProgramsResponse:
        del request

        def found(session: Session) -> list[pb.OpenProgram]:
            page = eligibility.page(
                session,
                call.caller.municipality,
                before="",
                limit=MOST,
                state=ProgramState.OPEN,
            )
            return [_open_program(session, one, call) for one in page]

        return pb.ListOpenProgramsResponse(programs=await self.db.read(found))

    async def ExplainEligibility(
        self, request: pb.ExplainEligibilityRequest, call: Call
    ) -> pb.ExplainEligibilityResponse:
        """Answer, in a writing transaction, since whoever asks is written down."""

        def answered(session: Session) -> pb.Explanation:
            resident = _asked_for(session, call, request.resident)
            to_staff = not call.caller.is_channel
            found = standings.gather(
                session, resident, request.program_id, to_staff=to_staff, now=call.now
            )
            details = {"program": request.program_id}
            events.record(
                session,
                call.caller,
                "ledger.explained",
                resident.id,
                call.now,
                details=details,
                on_behalf_of=resident.id,
            )
            return _to_pb(found, explain(found.known))

        return pb.ExplainEligibilityResponse(explanation=await self.db.write(answered))


def _asked_for(
    session: Session, call: Call, resident: residents_pb2.NamedResident
) -> residents.Resident:
    """Return whose standing may be told: one's own, of whom one reads for, or any to staff."""
    speaker = resident.speaker
    if not (call.caller.is_channel and speaker.for_resident_id):
        return named(
            session,
            call.caller,
            external_id=speaker.external_id,
            resident_id=resident.resident_id,
        )
    resident_id = speaking.speaker(
        session,
        call.caller,
        external_id=speaker.external_id,
        for_resident_id=speaker.for_resident_id,
        scope=Scope.READ,
        now=call.now,
    )
    return residents.get(session, call.caller.municipality, resident_id)


def _open_program(session: Session, program: eligibility.Program, call: Call) -> pb.OpenProgram:
    terms = version_rows.terms_now(session, program, call.now)
    return pb.OpenProgram(
        program_id=program.id,
        title=procedures_pb2.Text(by_language=terms.title),
        description=procedures_pb2.Text(by_language=terms.description),
        code=program.code,
    )


def _to_pb(found: standings.Found, explained: Explained) -> pb.Explanation:
    figures = dict(explained.figures)
    if explained.standing in {Standing.ENTITLED, Standing.SETTLED} and found.amount:
        figures["amount"] = str(found.amount)
    if explained.next_step is NextStep.ANSWER:
        figures["filing_ends"] = to_date(found.known.filing_ends)
    return pb.Explanation(
        standing=TO_STANDING[explained.standing],
        rule=explained.rule,
        list_date=to_date(found.known.listed),
        next_step=explained.next_step.value,
        application_id=found.application_id,
        metadata=figures,
    )
