"""ResidentService."""

from sqlalchemy.orm import Session

from core.db import Database
from core.residents import actions, contact_rows
from core.residents.consent_rpc import ConsentRpc
from core.residents.convert import FROM_STATE, contact_to_pb, resident_to_pb
from core.wire.convert import from_timestamp
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import residents_pb2 as pb


class ResidentService(ConsentRpc):
    """Answers ResidentService."""

    def __init__(self, db: Database) -> None:
        self.db = db

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
        return pb.SeeContactResponse(contact=contact_to_pb(contact))

    async def GetContact(self, request: pb.GetContactRequest, call: Call) -> pb.GetContactResponse:
        contact = await self.db.read(
            lambda s: contact_rows.contact_of(s, call.caller, request.external_id)
        )
        return pb.GetContactResponse(contact=contact_to_pb(contact))

    async def GetResident(
        self, request: pb.GetResidentRequest, call: Call
    ) -> pb.GetResidentResponse:
        resident, facts, contacts = await self.db.write(
            lambda s: actions.view_resident(
                s, call.caller, resident_id=request.resident_id, now=call.now
            )
        )
        return pb.GetResidentResponse(resident=resident_to_pb(resident, facts, contacts))
