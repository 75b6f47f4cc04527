"""RegistrationService."""

import asyncio
from datetime import datetime

from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Refusal
from core.proxies.convert import terms_of, terms_to_pb
from core.registration import actions, rows, shared_phone
from core.registration.authentication_rpc import AuthenticationRpc
from core.registration.counter_rpc import CounterRpc
from core.registration.identity.proof import Proof
from core.registration.identity.provider import Identity
from core.residents.convert import TO_ASSURANCE, TO_REVOCATION
from core.wire.convert import to_timestamp
from core.wire.door import Call
from core.wire.mutation import about, mutation, once
from todoke.v1 import registration_pb2 as pb


class RegistrationService(AuthenticationRpc, CounterRpc):
    """Answers RegistrationService; here by the card, the other ways beside."""

    def __init__(self, db: Database, identity: Identity) -> None:
        self.db = db
        self.identity = identity

    @mutation
    def BeginVerification(
        self, session: Session, request: pb.BeginVerificationRequest, call: Call
    ) -> pb.BeginVerificationResponse:
        begun = actions.begin_verification(
            session,
            call.caller,
            external_id=request.external_id,
            checks_revocation=self.identity.card.checks_revocation,
            terms=_terms(request, call.now),
            now=call.now,
        )
        about(session, begun.challenge.contact_id)
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

    async def _prove(self, request: pb.CompleteVerificationRequest, call: Call) -> Proof | Refusal:
        """Return whom the proof over the challenge's text shows, or why it is refused."""
        id = actions.digest(request.challenge_id)
        challenge, _ = await self.db.read(lambda s: rows.challenge_of(s, call.caller, id))
        card = request.jpki
        try:
            return await asyncio.to_thread(
                self.identity.card.verify,
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
        proof: Proof | Refusal,
    ) -> pb.CompleteVerificationResponse | Refusal:
        """Answer a proof that holds; count one that does not, and return why, to be raised.

        Raised here, it would undo the count.
        """

        def change() -> pb.CompleteVerificationResponse:
            if isinstance(proof, Refusal):
                raise proof
            done = actions.complete_verification(
                session,
                call.caller,
                challenge_id=request.challenge_id,
                proof=proof,
                now=call.now,
            )
            return pb.CompleteVerificationResponse(
                assurance=TO_ASSURANCE[done.facts.assurance],
                revocation=TO_REVOCATION[done.facts.revocation],
                renewed=done.renewed,
            )

        try:
            return once(
                session,
                call,
                method="RegistrationService.CompleteVerification",
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


def verification_to_pb(challenge_id: str, challenge: rows.Challenge) -> pb.Verification:
    return pb.Verification(
        challenge_id=challenge_id,
        consent_text=challenge.text,
        expire_time=to_timestamp(challenge.expire_time),
        proxy=None
        if challenge.proxy_scopes is None or challenge.proxy_expire_date is None
        else terms_to_pb(challenge.proxy_scopes, challenge.proxy_expire_date),
    )


def _terms(request: pb.BeginVerificationRequest, now: datetime) -> shared_phone.Terms | None:
    if not request.HasField("proxy"):
        return None
    return shared_phone.Terms(*terms_of(request.proxy, now, field="proxy.expire_date"))
