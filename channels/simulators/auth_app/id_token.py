"""The ID token, as it should be and as the faults make it."""

import base64
import hashlib
import json
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from channels.simulators.auth_app import claims
from channels.simulators.auth_app.provider import Grant, Provider
from channels.simulators.auth_app.settings import ClaimsIn

LONG_AGO = 3600


def make(provider: Provider, grant: Grant) -> str:
    """Sign the ID token of a grant that has its access token."""
    return _signed(provider, _spoilt(provider, _claims(provider, grant)))


def at_hash(access_token: str) -> str:
    """Return the left half of an access token's SHA-256 (OpenID Connect Core 1.0, 3.1.3.6)."""
    return _base64url(hashlib.sha256(access_token.encode()).digest()[:16])


def _claims(provider: Provider, grant: Grant) -> dict[str, Any]:
    settings = provider.settings
    client_id = grant.asked.addressee.client.id
    now = int(provider.clock())
    found: dict[str, Any] = {
        "iss": provider.issuer,
        "sub": provider.keys.subject(client_id, grant.person.card_id),
        "aud": client_id,
        "exp": now + int(settings.token_life),
        "iat": now,
        "auth_time": int(grant.time),
        "nonce": grant.asked.nonce,
        "acr": grant.asked.acr,
        "at_hash": at_hash(grant.access_token),
    }
    if settings.claims_in is not ClaimsIn.USERINFO:
        found |= claims.of(grant.person.holder, grant.asked.scopes, settings)
    return found


def _spoilt(provider: Provider, right: dict[str, Any]) -> dict[str, Any]:
    strike = provider.faults.strike
    spoilt = dict(right)
    if strike("wrong_nonce"):
        spoilt["nonce"] += "x"
    if strike("wrong_audience"):
        spoilt["aud"] = "RP99999999"
    if strike("wrong_issuer"):
        spoilt["iss"] = "https://auth-and-sign.example/api/realms/main"
    if strike("wrong_at_hash"):
        spoilt["at_hash"] = at_hash("another access token")
    if strike("expired_token"):
        for name in ("exp", "iat", "auth_time"):
            spoilt[name] -= LONG_AGO
    return spoilt


def _signed(provider: Provider, content: dict[str, Any]) -> str:
    if provider.faults.strike("unsigned_token"):
        parts = ({"alg": "none", "typ": "JWT"}, content)
        return ".".join([*(_base64url(json.dumps(part).encode()) for part in parts), ""])
    key = provider.keys.current
    header = {"alg": "ES256", "kid": key.kid}
    if provider.faults.strike("foreign_signature"):
        key = ECKey.generate_key("P-256")
    return jwt.encode(header, content, key, algorithms=["ES256"])


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
