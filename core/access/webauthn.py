"""WebAuthn as we ask for it: a passkey that a device keeps whole, used only by who it knows."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, generate_challenge
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core.access.rules import PasskeyRefused

ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Created:
    """What is kept of a new passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def new_challenge() -> bytes:
    return generate_challenge()


def creation_options(
    *,
    rp_id: str,
    rp_name: str,
    user_name: str,
    user_handle: bytes,
    challenge: bytes,
    exclude: Sequence[bytes],
    length: timedelta,
) -> str:
    """Return the options for `navigator.credentials.create`, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=rp_id,
        rp_name=rp_name,
        user_name=user_name,
        user_id=user_handle,
        challenge=challenge,
        timeout=_milliseconds(length),
        # Which make of device it is, is not our business.
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in exclude],
        supported_pub_key_algs=ALGORITHMS,
    )
    return webauthn.options_to_json(options)


def request_options(*, rp_id: str, challenge: bytes, length: timedelta) -> str:
    """Return the options for `navigator.credentials.get`, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=rp_id,
        challenge=challenge,
        timeout=_milliseconds(length),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def created(credential: str, *, challenge: bytes, origin: str, rp_id: str) -> Created:
    """Return what a browser made; raise PasskeyRefused."""
    made = _or_refused(
        lambda: webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    )
    return Created(made.credential_id, made.credential_public_key, made.sign_count)


def signed_in(
    credential: str,
    *,
    challenge: bytes,
    origin: str,
    rp_id: str,
    user_handle: bytes,
    public_key: bytes,
    sign_count: int,
) -> int:
    """Return the new sign count; raise PasskeyRefused, also where the count falls back."""

    def check() -> int:
        # The device was not told who signs in, so it must say.
        if base64url_to_bytes(json.loads(credential)["response"]["userHandle"]) != user_handle:
            raise PasskeyRefused("the passkey was made for another")
        return webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        ).new_sign_count

    return _or_refused(check)


def credential_id(credential: str) -> bytes:
    """Return the id that the credential names; empty where it names none."""
    try:
        found = base64url_to_bytes(json.loads(credential)["id"])
        # Of several spellings of one id only the plain one is taken.
        return found if bytes_to_base64url(found) == json.loads(credential)["id"] else b""
    except Exception:  # noqa: BLE001 - as in `_or_refused`.
        return b""


def _or_refused(check: Callable[[], Answer]) -> Answer:
    try:
        return check()
    except PasskeyRefused:
        raise
    except Exception as wrong:
        # What a browser made can be broken in any way.
        raise PasskeyRefused("the passkey's answer does not hold") from wrong


def _milliseconds(length: timedelta) -> int:
    return int(length.total_seconds() * 1000)
