"""What RegistrationService answers about the authentication app."""

from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Refusal
from core.registration import authenticating
from core.registration.identity.asking import IdentityProviderRefused, known_word
from core.registration.identity.oidc import Secrets
from core.registration.identity.proof import Proof
from core.registration.identity.provider import Identity
from core.residents.convert import TO_ASSURANCE, TO_REVOCATION
from core.wire.convert import to_timestamp
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import about, kept_answer, once
from todoke.v1 import registration_pb2 as pb

BEGIN = "RegistrationService.BeginAuthentication"
COMPLETE = "RegistrationService.CompleteAuthentication"


class AuthenticationRpc:
    """The part of RegistrationService that leads through the app.

    The provider is asked between transactions, never in one: whoever waits for it holds nothing.
    """

    db: Database
    identity: Identity

    async def BeginAuthentication(
        self, request: pb.BeginAuthenticationRequest, call: Call
    ) -> pb.BeginAuthenticationResponse:
        app = self.identity.need_app()
        if request.redirect_uri not in app.settings.redirect_uris:
            raise FieldInvalid(
                "the page is none of those in auth_app_redirect_uris", field="redirect_uri"
            )
        hidden = Secrets()
        uri = await app.way_in(hidden, request.redirect_uri, call.now)

        def work(session: Session) -> pb.BeginAuthenticationResponse:
            def change() -> pb.BeginAuthenticationResponse:
                flow = authenticating.begin(
                    session,
                    call.caller,
                    external_id=request.external_id,
                    redirect_uri=request.redirect_uri,
                    consent_version=request.consent_version,
                    hidden=hidden,
                    now=call.now,
                )
                about(session, flow.contact_id)
                return pb.BeginAuthenticationResponse(
                    authorization_uri=uri,
                    state=hidden.state,
                    expire_time=to_timestamp(flow.expire_time),
                )

            return once(
                session,
                call,
                method=BEGIN,
                request=request,
                response_type=pb.BeginAuthenticationResponse,
                change=change,
            )

        return await self.db.write(work)

    async def CompleteAuthentication(
        self, request: pb.CompleteAuthenticationRequest, call: Call
    ) -> pb.CompleteAuthenticationResponse:
        kept = await self.db.read(
            lambda s: kept_answer(s, call, COMPLETE, request, pb.CompleteAuthenticationResponse)
        )
        if kept is not None:
            return kept
        try:
            proof = await self._authenticated(request, call)
            return await self.db.write(lambda s: self._ended(s, request, call, proof))
        except _Failed as failed:
            refusal = failed.refusal
            await self.db.write(
                lambda s: authenticating.fail(
                    s,
                    call.caller,
                    state=request.state,
                    reason=refusal.reason,
                    error=refusal.metadata.get("error", ""),
                    now=call.now,
                )
            )
            raise refusal from None

    async def _authenticated(self, request: pb.CompleteAuthenticationRequest, call: Call) -> Proof:
        """Take the way, and return whom the provider proved; raise _Failed once it is taken."""
        app = self.identity.need_app()
        caller, state, now = call.caller, request.state, call.now
        await self.db.read(lambda s: authenticating.check(s, caller, state=state, now=now))
        if request.WhichOneof("outcome") == "code":
            await app.describe(now)  # Who is away now has not seen the code: it can come again.
        flow = await self.db.write(lambda s: authenticating.take(s, caller, state=state, now=now))
        try:
            if request.WhichOneof("outcome") == "error":
                error = known_word(request.error, "other")
                raise IdentityProviderRefused(
                    f"the provider sent the browser back with {error}", error=error
                )
            return await app.prove(request.code, flow, now)
        except Refusal as refusal:
            raise _Failed(refusal) from None

    def _ended(
        self,
        session: Session,
        request: pb.CompleteAuthenticationRequest,
        call: Call,
        proof: Proof,
    ) -> pb.CompleteAuthenticationResponse:
        def change() -> pb.CompleteAuthenticationResponse:
            try:
                done, contact = authenticating.complete(
                    session, call.caller, state=request.state, proof=proof, now=call.now
                )
            except Refusal as refusal:
                raise _Failed(refusal) from None
            about(session, contact.id)
            return pb.CompleteAuthenticationResponse(
                assurance=TO_ASSURANCE[done.facts.assurance],
                revocation=TO_REVOCATION[done.facts.revocation],
                renewed=done.renewed,
                external_id=contact.external_id,
            )

        return once(
            session,
            call,
            method=COMPLETE,
            request=request,
            response_type=pb.CompleteAuthenticationResponse,
            change=change,
        )


class _Failed(Exception):  # noqa: N818 - named for the event, not as an error
    """A way that was taken led nowhere: to be written down, then refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
