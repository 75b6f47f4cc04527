"""ResidentService."""

from sqlalchemy.orm import Session

from core.db import Database
from core.residents import actions, contact_rows
from core.residents.convert import FROM_STATE, contact_to_pb
from core.residents.desk_rpc import Desk, ResidentsOfReference
from core.residents.stale_rows import is_stale
from core.residents.wishes_rpc import Wishes
from core.wire.convert import from_timestamp
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import residents_pb2 as pb


class ResidentService(Desk, Wishes):
    """Answers ResidentService: what channels say of contacts here, the rest beside this file."""

    def __init__(self, db: Database, residents_of_reference: ResidentsOfReference) -> None:
        self.db = db
        self.residents_of_reference = residents_of_reference

    @mutation
    def SeeContact(
        self, session: Session, request: pb.SeeContactRequest, call: Call
    ) -> pb.SeeContactResponse:
        contact = actions.see_contact(
            session,
            call.caller,
            external_id=request.external_id,
            state=FROM_STATE[request.state],
            seen_time=from_timestamp(request.seen_time),
            language=request.language,
            now=call.now,
        )
        about(session, contact.id)
        due = is_stale(session, contact.municipality, contact.resident_id)
        return pb.SeeContactResponse(contact=contact_to_pb(contact, renewal_due=due))

    async def GetContact(self, request: pb.GetContactRequest, call: Call) -> pb.GetContactResponse:
        def found(session: Session) -> pb.Contact:
            contact = contact_rows.contact_of(session, call.caller, request.external_id)
            due = is_stale(session, contact.municipality, contact.resident_id)
            return contact_to_pb(contact, renewal_due=due)

        return pb.GetContactResponse(contact=await self.db.read(found))
