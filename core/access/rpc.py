"""AccessService."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from core.access import actions, codes, passkeys, rows
from core.access.guessing import guarded
from core.access.id_tokens import Identified, IdTokens
from core.access.rules import CodeKind, IdTokenRefused, LinkCodeRefused, PasskeyRefused
from core.db import Database
from core.residents import contact_rows
from core.residents.convert import contact_to_pb
from core.residents.naming import named
from core.wire.convert import to_timestamp
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import about, mutation
from todoke.v1 import access_pb2 as pb


class AccessService:
    """Answers AccessService for the issuers and the pages' `origins` that settings name."""

    def __init__(self, db: Database, id_tokens: IdTokens, origins: Collection[str]) -> None:
        self.db = db
        self._id_tokens = id_tokens
        self._origins = frozenset(origins)

    @mutation
    def BeginContactLink(
        self, session: Session, request: pb.BeginContactLinkRequest, call: Call
    ) -> pb.BeginContactLinkResponse:
        who = request.resident
        resident = named(
            session,
            call.caller,
            external_id=who.speaker.external_id,
            for_resident_id=who.speaker.for_resident_id,
            resident_id=who.resident_id,
        )
        about(session, resident.id)
        made = codes.make(
            session, call.caller, kind=CodeKind.CONTACT, resident=resident, now=call.now
        )
        return pb.BeginContactLinkResponse(
            code=made.code, expire_time=to_timestamp(made.expire_time)
        )

    async def CompleteContactLink(
        self, request: pb.CompleteContactLinkRequest, call: Call
    ) -> pb.CompleteContactLinkResponse:
        by = call.caller

        def change(session: Session) -> pb.CompleteContactLinkResponse:
            contact = actions.link_by_code(
                session, by, external_id=request.external_id, code=request.code, now=call.now
            )
            about(session, contact.id)
            return pb.CompleteContactLinkResponse(contact=contact_to_pb(contact))

        def failed(session: Session, _: LinkCodeRefused) -> None:
            contact = contact_rows.contact_of(session, by, request.external_id)
            codes.count_failure(session, by, contact_id=contact.id, now=call.now)

        return await guarded(
            self.db,
            call,
            method="AccessService.CompleteContactLink",
            request=request,
            response_type=pb.CompleteContactLinkResponse,
            change=change,
            guess=LinkCodeRefused,
            failed=failed,
        )

    async def LinkByIdToken(
        self, request: pb.LinkByIdTokenRequest, call: Call
    ) -> pb.LinkByIdTokenResponse:
        # Outside the transaction: an issuer's keys may have to be fetched.
        identified = await self._identified(request, call)

        def change(session: Session) -> pb.LinkByIdTokenResponse:
            contact = actions.link_by_token(
                session,
                call.caller,
                external_id=request.external_id,
                identified=identified,
                now=call.now,
            )
            about(session, contact.id)
            return pb.LinkByIdTokenResponse(contact=contact_to_pb(contact))

        return await guarded(
            self.db,
            call,
            method="AccessService.LinkByIdToken",
            request=request,
            response_type=pb.LinkByIdTokenResponse,
            change=change,
            guess=IdTokenRefused,
            failed=lambda s, refusal: actions.count_token(
                s, call.caller, external_id=request.external_id, refusal=refusal, now=call.now
            ),
        )

    async def _identified(
        self, request: pb.LinkByIdTokenRequest, call: Call
    ) -> Identified | IdTokenRefused:
        try:
            return await self._id_tokens.check(
                request.id_token,
                nonce=request.nonce,
                municipality=call.caller.municipality,
                now=call.now,
            )
        except IdTokenRefused as refusal:
            return refusal

    @mutation
    def BeginPasskey(
        self, session: Session, request: pb.BeginPasskeyRequest, call: Call
    ) -> pb.BeginPasskeyResponse:
        if request.origin not in self._origins:
            raise FieldInvalid("the origin is none of the settings' web_origins", field="origin")
        signs_in = request.purpose == pb.PASSKEY_PURPOSE_SIGN_IN
        if signs_in and request.external_id:
            raise FieldInvalid("whoever signs in is not known yet", field="external_id")
        if signs_in:
            begun = passkeys.begin_sign_in(
                session, call.caller, origin=request.origin, now=call.now
            )
        else:
            begun = passkeys.begin_create(
                session,
                call.caller,
                external_id=request.external_id,
                origin=request.origin,
                now=call.now,
            )
            about(session, begun.resident_id)
        return pb.BeginPasskeyResponse(
            challenge_id=begun.challenge_id,
            options_json=begun.options_json,
            expire_time=to_timestamp(begun.expire_time),
        )

    async def CompletePasskey(
        self, request: pb.CompletePasskeyRequest, call: Call
    ) -> pb.CompletePasskeyResponse:
        answer = {"challenge_id": request.challenge_id, "credential": request.credential_json}

        def change(session: Session) -> pb.CompletePasskeyResponse:
            contact = passkeys.complete(
                session, call.caller, **answer, label=request.label, now=call.now
            )
            about(session, contact.id)
            return pb.CompletePasskeyResponse(contact=contact_to_pb(contact))

        return await guarded(
            self.db,
            call,
            method="AccessService.CompletePasskey",
            request=request,
            response_type=pb.CompletePasskeyResponse,
            change=change,
            guess=PasskeyRefused,
            failed=lambda s, _: passkeys.fail(s, call.caller, **answer, now=call.now),
        )

    async def ListPasskeys(
        self, request: pb.ListPasskeysRequest, call: Call
    ) -> pb.ListPasskeysResponse:
        found = await self.db.read(
            lambda s: passkeys.list_(s, call.caller, external_id=request.external_id)
        )
        return pb.ListPasskeysResponse(passkeys=map(passkey_to_pb, found))

    @mutation
    def DeletePasskey(
        self, session: Session, request: pb.DeletePasskeyRequest, call: Call
    ) -> pb.DeletePasskeyResponse:
        passkeys.delete(
            session,
            call.caller,
            external_id=request.external_id,
            passkey_id=request.passkey_id,
            now=call.now,
        )
        return pb.DeletePasskeyResponse()


def passkey_to_pb(passkey: rows.Passkey) -> pb.Passkey:
    return pb.Passkey(
        passkey_id=passkey.id,
        label=passkey.label,
        create_time=to_timestamp(passkey.create_time),
        use_time=to_timestamp(passkey.use_time),
    )
