"""ResidentService."""

import asyncio

from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Refusal
from core.residents import actions, rows, rules
from core.residents.identity import facts as certificate_facts
from core.residents.identity.jpki import ASSURANCE as JPKI_SIGNATURE
from core.residents.identity.jpki import Verified
from core.residents.identity.provider import Identity
from core.residents.identity.revocation import RevocationState
from core.wire.convert import from_timestamp, to_date, to_timestamp
from core.wire.door import Call
from core.wire.mutation import mutation, once
from todoke.v1 import residents_pb2 as pb

TO_STATE = {
    rules.ContactState.REACHABLE: pb.CONTACT_STATE_REACHABLE,
    rules.ContactState.LOST: pb.CONTACT_STATE_LOST,
}
FROM_STATE = {value: state for state, value in TO_STATE.items()}
TO_ASSURANCE = {JPKI_SIGNATURE: pb.ASSURANCE_JPKI_SIGNATURE}
TO_REVOCATION = {
    RevocationState.NOT_CHECKED: pb.REVOCATION_NOT_CHECKED,
    RevocationState.NOT_REVOKED: pb.REVOCATION_NOT_REVOKED,
}
TO_SEX = {"1": pb.SEX_MALE, "2": pb.SEX_FEMALE, "9": pb.SEX_OTHER}
"""Other digits mean different things in different sources, and are shown as none."""


class ResidentService:
    """Answers ResidentService."""

    def __init__(self, db: Database, identity: Identity) -> None:
        self.db = db
        self._identity = identity

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
        return pb.SeeContactResponse(contact=contact_to_pb(contact))

    async def GetContact(self, request: pb.GetContactRequest, call: Call) -> pb.GetContactResponse:
        contact = await self.db.read(lambda s: rows.contact_of(s, call.caller, request.external_id))
        return pb.GetContactResponse(contact=contact_to_pb(contact))

    @mutation
    def BeginVerification(
        self, session: Session, request: pb.BeginVerificationRequest, call: Call
    ) -> pb.BeginVerificationResponse:
        begun = actions.begin_verification(
            session,
            call.caller,
            external_id=request.external_id,
            checks_revocation=self._identity.card.checks_revocation,
            now=call.now,
        )
        return pb.BeginVerificationResponse(
            verification=verification_to_pb(begun.challenge_id, begun.challenge)
        )

    async def GetVerification(
        self, request: pb.GetVerificationRequest, call: Call
    ) -> pb.GetVerificationResponse:
        id = request.challenge_id
        challenge, _ = await self.db.read(
            lambda s: actions.open_challenge(s, call.caller, challenge_id=id, now=call.now)
        )
        return pb.GetVerificationResponse(verification=verification_to_pb(id, challenge))

    async def CompleteVerification(
        self, request: pb.CompleteVerificationRequest, call: Call
    ) -> pb.CompleteVerificationResponse:
        # Outside the transaction: lists of revocations are files, and can be long.
        proof = await self._prove(request, call)
        outcome = await self.db.write(lambda s: self._complete(s, request, call, proof))
        if isinstance(outcome, Refusal):
            raise outcome
        return outcome

    async def GetResident(
        self, request: pb.GetResidentRequest, call: Call
    ) -> pb.GetResidentResponse:
        resident, facts, contacts = await self.db.write(
            lambda s: actions.view_resident(
                s, call.caller, resident_id=request.resident_id, now=call.now
            )
        )
        return pb.GetResidentResponse(resident=resident_to_pb(resident, facts, contacts))

    async def _prove(
        self, request: pb.CompleteVerificationRequest, call: Call
    ) -> Verified | Refusal:
        """Return whom the proof over the challenge's text shows, or why it is refused."""
        id = actions.digest(request.challenge_id)
        challenge, _ = await self.db.read(lambda s: rows.challenge_of(s, call.caller, id))
        card = request.jpki
        try:
            return await asyncio.to_thread(
                self._identity.card.verify,
                challenge.text,
                card.certificate,
                card.signature,
                call.now,
            )
        except Refusal as refusal:
            return refusal

    def _complete(
        self,
        session: Session,
        request: pb.CompleteVerificationRequest,
        call: Call,
        proof: Verified | Refusal,
    ) -> pb.CompleteVerificationResponse | Refusal:
        """Answer a proof that holds; count one that does not, and return why, to be raised.

        Raised here, it would undo the count.
        """

        def change() -> pb.CompleteVerificationResponse:
            if isinstance(proof, Refusal):
                raise proof
            renewed = actions.complete_verification(
                session,
                call.caller,
                challenge_id=request.challenge_id,
                proof=proof,
                now=call.now,
            )
            return pb.CompleteVerificationResponse(
                assurance=TO_ASSURANCE[proof.assurance],
                revocation=TO_REVOCATION[proof.revocation],
                renewed=renewed,
            )

        try:
            return once(
                session,
                call,
                method="ResidentService.CompleteVerification",
                request=request,
                response_type=pb.CompleteVerificationResponse,
                change=change,
            )
        except Refusal as refusal:
            if refusal is not proof:
                raise
            actions.fail_verification(
                session,
                call.caller,
                challenge_id=request.challenge_id,
                reason=refusal.reason,
                now=call.now,
            )
            return refusal


def contact_to_pb(contact: rows.Contact) -> pb.Contact:
    return pb.Contact(
        contact_id=contact.id,
        channel=contact.channel,
        external_id=contact.external_id,
        state=TO_STATE[contact.state],
        registered=contact.resident_id is not None,
        language=contact.language,
    )


def verification_to_pb(challenge_id: str, challenge: rows.Challenge) -> pb.Verification:
    return pb.Verification(
        challenge_id=challenge_id,
        consent_text=challenge.text,
        expire_time=to_timestamp(challenge.expire_time),
    )


def resident_to_pb(
    resident: rows.Resident, facts: rows.Facts, contacts: list[rows.Contact]
) -> pb.Resident:
    return pb.Resident(
        resident_id=resident.id,
        basic_four=pb.BasicFour(
            name=facts.name,
            birth_date=to_date(certificate_facts.birth_date(facts.birth_date)),
            sex=TO_SEX.get(facts.sex, pb.SEX_UNSPECIFIED),
            address=facts.address,
            name_substitutes=facts.name_flags,
            address_substitutes=facts.address_flags,
        ),
        assurance=TO_ASSURANCE[facts.assurance],
        revocation=TO_REVOCATION[facts.revocation],
        verify_time=to_timestamp(facts.verify_time),
        certificate_expire_time=to_timestamp(facts.not_after),
        contacts=map(contact_to_pb, contacts),
        suppressed=resident.suppressed,
    )
