"""ResidentService."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core.db import Database
from core.residents import actions, contact_rows, linking
from core.residents.consent_rpc import ConsentRpc
from core.residents.convert import FROM_STATE, contact_to_pb, resident_to_pb
from core.residents.naming import named
from core.wire.convert import from_timestamp
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import residents_pb2 as pb


class ResidentService(ConsentRpc):
    """Answers ResidentService; `ends` end what other features hang on a contact that leaves."""

    def __init__(self, db: Database, ends: Sequence[linking.End] = ()) -> None:
        self.db = db
        self._ends = ends

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

    @mutation
    def UnlinkContact(
        self, session: Session, request: pb.UnlinkContactRequest, call: Call
    ) -> pb.UnlinkContactResponse:
        who = request.resident
        resident = named(
            session,
            call.caller,
            external_id=who.speaker.external_id,
            for_resident_id=who.speaker.for_resident_id,
            resident_id=who.resident_id,
        )
        linking.unlink_one(
            session,
            call.caller,
            resident=resident,
            contact_id=request.contact_id,
            ends=self._ends,
            now=call.now,
        )
        return pb.UnlinkContactResponse()

    async def GetResident(
        self, request: pb.GetResidentRequest, call: Call
    ) -> pb.GetResidentResponse:
        resident, facts, contacts = await self.db.write(
            lambda s: actions.view_resident(
                s, call.caller, resident_id=request.resident_id, now=call.now
            )
        )
        return pb.GetResidentResponse(resident=resident_to_pb(resident, facts, contacts))
