"""ResidentService."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core.db import Database
from core.residents import actions, contact_rows, linking
from core.residents.consent_rpc import ConsentRpc
from core.residents.convert import FROM_STATE, contact_to_pb
from core.residents.desk_rpc import Desk, ResidentsOfReference
from core.residents.naming import named
from core.residents.protecting import Hide
from core.residents.stale_rows import is_stale
from core.residents.wishes_rpc import Wishes
from core.wire.convert import from_timestamp
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import residents_pb2 as pb


class ResidentService(ConsentRpc, Desk, Wishes):
    """Answers ResidentService: what channels say of contacts here, the rest beside this file.

    `ends` end what other features hang on a contact that leaves, `hides` what they would tell of
    one who is put under protection.
    """

    def __init__(
        self,
        db: Database,
        residents_of_reference: ResidentsOfReference,
        ends: Sequence[linking.End] = (),
        hides: Sequence[Hide] = (),
    ) -> None:
        self.db = db
        self.residents_of_reference = residents_of_reference
        self.hides = hides
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
        due = is_stale(session, contact.municipality, contact.resident_id)
        return pb.SeeContactResponse(contact=contact_to_pb(contact, renewal_due=due))

    async def GetContact(self, request: pb.GetContactRequest, call: Call) -> pb.GetContactResponse:
        def found(session: Session) -> pb.Contact:
            contact = contact_rows.contact_of(session, call.caller, request.external_id)
            due = is_stale(session, contact.municipality, contact.resident_id)
            return contact_to_pb(contact, renewal_due=due)

        return pb.GetContactResponse(contact=await self.db.read(found))

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
