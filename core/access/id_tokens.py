"""Identity tokens of the issuers that settings name, such as LINE Login's, checked here.

The kind of key decides the algorithm, never the token: a shared secret is good for HS256 only, a
published P-256 key for ES256 only.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jwk import ECKey, OctKey
from joserfc.jws import extract_compact

from core.access.key_sets import KeysAway, KeySet
from core.access.rules import IdTokenRefused, Problem
from core.crypto import equal
from core.settings import IdTokenIssuer

LEEWAY = timedelta(seconds=60)
"""How far an issuer's clock may be from ours."""

LONGEST_SUBJECT = 128


@dataclass(frozen=True, slots=True)
class Identified:
    """Whom a token names: the `subject` is a contact's id on `channel`."""

    issuer: str
    channel: str
    subject: str
    nonce: str
    good_until: datetime


@dataclass(frozen=True, slots=True)
class Issuer:
    """One issuer as settings name it, with what its tokens are checked by."""

    settings: IdTokenIssuer
    secret: OctKey | None
    keys: KeySet | None


class IdTokens:
    """Checks identity tokens, with the keys of their issuers."""

    def __init__(self, issuers: Sequence[Issuer]) -> None:
        self._issuers = issuers

    @classmethod
    def load(cls, settings: Sequence[IdTokenIssuer]) -> Self:
        """Read the secrets; published keys are fetched when they are first needed."""
        return cls([Issuer(one, _secret(one), KeySet(one.keys) if one.keys else None)
                    for one in settings])  # fmt: skip

    async def check(
        self, token: str, *, nonce: str, municipality: str, now: datetime
    ) -> Identified:
        """Return whom the token names; raise IdTokenRefused with the problem."""
        try:
            parts = extract_compact(token.encode())
            header, said = parts.headers(), _claims(parts.payload)
        except (JoseError, ValueError, RecursionError) as wrong:
            raise _refused(Problem.UNREADABLE) from wrong
        issuer = self._issuer(said, municipality)
        key, algorithm = await _key(issuer, header, now)
        try:
            claims = jwt.decode(token, key, algorithms=[algorithm]).claims
        except JoseError as wrong:
            raise _refused(Problem.SIGNATURE) from wrong
        if claims != said:
            raise _refused(Problem.SIGNATURE)
        _check_times(claims, now)
        held = claims.get("nonce")
        if not isinstance(held, str) or not equal(held.encode(), nonce.encode()):
            raise _refused(Problem.NONCE)
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise _refused(Problem.SUBJECT)
        return Identified(
            issuer=issuer.settings.issuer,
            channel=issuer.settings.channel,
            subject=subject,
            nonce=nonce,
            good_until=datetime.fromtimestamp(claims["exp"], UTC) + LEEWAY,
        )

    def _issuer(self, said: dict[str, Any], municipality: str) -> Issuer:
        """Return whose token it says it is, and for whom: both must be as in our settings."""
        audience = said.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        known = [one for one in self._issuers if one.settings.issuer == said.get("iss")]
        if not known:
            raise _refused(Problem.ISSUER)
        for one in known:
            settings = one.settings
            ours = audiences and all(each in settings.audiences for each in audiences)
            if ours and settings.municipality in {"", municipality}:
                return one
        raise _refused(Problem.AUDIENCE)


async def _key(issuer: Issuer, header: dict[str, Any], now: datetime) -> tuple[OctKey | ECKey, str]:
    """Return the issuer's key for this token, and the one algorithm that it is good for."""
    if header.get("alg") == "HS256" and issuer.secret is not None:
        return issuer.secret, "HS256"
    if header.get("alg") != "ES256" or issuer.keys is None:
        raise _refused(Problem.ALGORITHM)
    try:
        key = await issuer.keys.find(header.get("kid"), now)
    except KeysAway as away:
        raise _refused(Problem.KEYS_AWAY) from away
    if key is None:
        raise _refused(Problem.KEY)
    return key, "ES256"


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=int(LEEWAY.total_seconds()),
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        registry.validate(claims)
        datetime.fromtimestamp(claims["exp"], UTC) + LEEWAY
    except ExpiredTokenError as late:
        raise _refused(Problem.EXPIRED) from late
    except (ClaimError, ValueError, OverflowError, OSError) as wrong:
        raise _refused(Problem.TIMES) from wrong


def _claims(payload: bytes) -> dict[str, Any]:
    claims = json.loads(payload)
    if not isinstance(claims, dict):
        raise ValueError("the claims are no object")  # noqa: TRY004 - as json's own errors.
    return claims


def _secret(issuer: IdTokenIssuer) -> OctKey | None:
    if issuer.secret_file is None:
        return None
    return OctKey.import_key(issuer.secret_file.read_text(encoding="ascii").strip())


def _refused(problem: Problem) -> IdTokenRefused:
    return IdTokenRefused(f"the identity token is not one for us: {problem}", problem=problem)
