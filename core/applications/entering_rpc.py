"""ApplicationService: what staff enter for somebody."""

from datetime import date

from google.protobuf.json_format import ParseDict
from sqlalchemy.orm import Session

from core.applications import entering
from core.applications.convert import FROM_SOURCE, to_pb
from core.applications.entering import Entry
from core.db import Database
from core.japan import today
from core.procedures.catalogue import Catalogue
from core.procedures.converting import given
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import about
from core.wire.once_only import OnceOnly
from todoke.v1 import applications_pb2 as pb

METHOD = "ApplicationService.EnterApplication"


class Entering:
    """Asks staff until nothing is left to ask, then files."""

    db: Database
    procedures: Catalogue

    async def EnterApplication(
        self, request: pb.EnterApplicationRequest, call: Call
    ) -> pb.EnterApplicationResponse:
        """Answer the next question and keep nothing, or file."""
        asked = OnceOnly(self.db, call, METHOD, request, pb.EnterApplicationResponse)
        entry = _entry(request, call)

        def answered(session: Session) -> pb.EnterApplicationResponse | None:
            kept = asked.kept_in(session)
            if kept is not None:
                return kept
            said = entering.next_said(
                session,
                call.caller,
                entry,
                look=request.look,
                known=self.procedures,
                now=call.now,
            )
            return None if said is None else ParseDict(said, pb.EnterApplicationResponse())

        def change(session: Session) -> pb.EnterApplicationResponse:
            row = entering.enter(session, call.caller, entry, known=self.procedures, now=call.now)
            about(session, row.id)
            application = to_pb(session, row, self.procedures, call.now)
            return pb.EnterApplicationResponse(application=application)

        said = await self.db.read(answered)
        if said is not None:
            return said
        return await asked.make(change)


def _entry(request: pb.EnterApplicationRequest, call: Call) -> Entry:
    return Entry(
        entitlement_id=request.entitlement_id,
        procedure=request.procedure,
        program_id=request.program_id,
        resident_id=request.resident_id,
        source=FROM_SOURCE[request.source],
        receive_date=received_on(request.receive_date, call),
        answers=[(one.step, *given(one.answer)) for one in request.answers],
    )


def received_on(written: str, call: Call) -> date:
    """Return the day on which something came in. Raises FieldInvalid."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise FieldInvalid("there is no such day", field="receive_date") from None
    if day > today(call.now):
        raise FieldInvalid("it cannot have come in after today", field="receive_date")
    return day
