"""LINE's ID tokens: made, and checked as LINE's own endpoint does.

Sources: "Get profile information from ID tokens" and the LINE Login v2.1 API reference.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey

from channels.simulators.faults import Faults
from channels.simulators.line.people import Person
from channels.simulators.line.settings import LoginChannel

ISSUER = "https://access.line.me"
OTHER_CHANNEL = "1999999999"


class BadIdToken(Exception):  # noqa: N818 - named for the event, not as an error.
    """LINE does not vouch for an ID token; the words are LINE's."""


@dataclass(frozen=True, slots=True)
class Mint:
    """Where the ID tokens of a channel come from."""

    channel: LoginChannel
    key: ECKey
    faults: Faults

    def issue(
        self,
        person: Person,
        *,
        at: int,
        scope: str,
        nonce: str | None,
        amr: str,
        is_liff: bool = False,
    ) -> str:
        """Make an ID token at a time in seconds, as LINE does, or as a fault that is on has it."""
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "sub": person.id,
            "aud": self.channel.id,
            "exp": at + int(self.channel.id_token_life),
            "iat": at,
            "amr": [amr],
        }
        if nonce is not None:
            claims["nonce"] = nonce
        if "profile" in scope.split():
            claims["name"] = person.name
        return self._sign(claims, is_es256=is_liff or self.channel.uses_es256)

    def _sign(self, claims: dict[str, Any], *, is_es256: bool) -> str:
        strikes = self.faults.strike
        secret, key = self.channel.secret, self.key
        if strikes("id_token_expired"):
            # It ran out as long ago as it lived.
            life = claims["exp"] - claims["iat"]
            claims["iat"] -= 2 * life
            claims["exp"] -= 2 * life
        if strikes("id_token_wrong_issuer"):
            claims["iss"] = "https://access.line.example"
        if strikes("id_token_wrong_nonce"):
            claims["nonce"] = secrets.token_urlsafe(16)
        if strikes("id_token_wrong_audience"):
            claims["aud"] = OTHER_CHANNEL
        if strikes("id_token_of_other_channel"):
            claims["aud"], secret = OTHER_CHANNEL, _other_secret(self.channel)
        if strikes("id_token_wrong_signature"):
            secret, key = secrets.token_hex(16), ECKey.generate_key("P-256")
        if is_es256:
            return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, key)
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))

    def check(
        self, token: str, *, at: int, client_id: str, nonce: str | None, user_id: str | None
    ) -> dict[str, Any]:
        """Return what a token says, or raise BadIdToken; in the order of LINE's table."""
        claims = self._read(token)
        if claims["iss"] != ISSUER:
            raise BadIdToken("Invalid IdToken Issuer.")
        if claims["exp"] <= at:
            raise BadIdToken("IdToken expired.")
        if claims["aud"] != client_id:
            raise BadIdToken("Invalid IdToken Audience.")
        if nonce is not None and claims.get("nonce") != nonce:
            raise BadIdToken("Invalid IdToken Nonce.")
        if user_id is not None and claims["sub"] != user_id:
            raise BadIdToken("Invalid IdToken Subject Identifier.")
        return claims

    def _read(self, token: str) -> dict[str, Any]:
        """LINE knows the keys of all channels; whose a token is, is a matter of its audience."""
        keys: list[tuple[ECKey | OctKey, str]] = [
            (self.key, "ES256"),
            (OctKey.import_key(self.channel.secret), "HS256"),
            (OctKey.import_key(_other_secret(self.channel)), "HS256"),
        ]
        for key, algorithm in keys:
            try:
                return jwt.decode(token, key, algorithms=[algorithm]).claims
            except (JoseError, ValueError):
                continue
        raise BadIdToken("Invalid IdToken.")

    def public_keys(self) -> dict[str, Any]:
        """Give the JWK set that ES256 tokens are checked by."""
        return {"keys": [{**self.key.as_dict(private=False), "use": "sig", "alg": "ES256"}]}


def _other_secret(channel: LoginChannel) -> str:
    return hashlib.sha256(f"not {channel.secret}".encode()).hexdigest()[:32]
