"""Our side of OpenID Connect: what is asked of a provider, and what is believed of its answers.

The authorization code flow with PKCE (S256), the client proved by private_key_jwt, ID tokens signed
with ES256. Nothing here knows a database, and nothing is asked inside a transaction.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7523.assertion import private_key_jwt_sign
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import ECKey

from core.registration.identity import client_key
from core.registration.identity.asking import Http, IdentityProviderAway, IdentityProviderRefused

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

ASSERTION_SECONDS = 60

LEEWAY_SECONDS = 10
"""How far the provider's clock may be off."""

KEPT = timedelta(hours=1)
"""How long the provider's description and keys are believed without asking again."""

NEEDED = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")

Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Secrets:
    """What belongs to one way through the provider; only `state` is seen outside."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    code_verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider is asked for what, and the keys it signs with, as of `read_time`."""

    endpoints: dict[str, str]
    keys: tuple[ECKey, ...]
    read_time: datetime


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a code was redeemed for: the ID token's claims, believed, and the access token."""

    claims: Claims
    access_token: str


@dataclass(slots=True)
class Client:
    """One client of one provider, which describes itself under its issuer's URL."""

    issuer: str
    id: str
    key: client_key.ClientKey
    scope: str
    acr_values: str
    http: Http
    _provider: Provider | None = None

    async def provider(self, now: datetime) -> Provider:
        """Return the provider's description, asked for once an hour."""
        known = self._provider
        if known is None or not timedelta() <= now - known.read_time < KEPT:
            known = self._provider = await self._discover(now)
        return known

    def authorization_uri(self, provider: Provider, hidden: Secrets, redirect_uri: str) -> str:
        uri: str = prepare_grant_uri(
            provider.endpoints["authorization_endpoint"],
            client_id=self.id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope=self.scope,
            state=hidden.state,
            nonce=hidden.nonce,
            code_challenge=create_s256_code_challenge(hidden.code_verifier),
            code_challenge_method="S256",
            acr_values=self.acr_values or None,
        )
        return uri

    async def redeem(
        self, *, code: str, redirect_uri: str, nonce: str, code_verifier: str, now: datetime
    ) -> Tokens:
        """Redeem a code; raise IdentityProviderAway or IdentityProviderRefused."""
        provider = await self.provider(now)
        endpoint = provider.endpoints["token_endpoint"]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": code_verifier,
            "client_id": self.id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._assertion(endpoint, now),
        }
        answer = await self.http.ask("POST", endpoint, data=form)
        id_token, access_token = answer.get("id_token"), answer.get("access_token")
        is_bearer = str(answer.get("token_type")).lower() == "bearer"
        if not (isinstance(id_token, str) and isinstance(access_token, str) and is_bearer):
            raise IdentityProviderRefused(
                "the token endpoint gave no ID token and bearer token", error="tokens_missing"
            )
        return Tokens(await self._believed(id_token, access_token, nonce, now), access_token)

    async def userinfo(self, tokens: Tokens, now: datetime) -> Claims:
        """Return what the provider tells of the token's person, and of nobody else."""
        provider = await self.provider(now)
        found = await self.http.ask(
            "GET",
            provider.endpoints["userinfo_endpoint"],
            headers={"Authorization": f"Bearer {tokens.access_token}"},
        )
        if found.get("sub") != tokens.claims["sub"]:
            raise IdentityProviderRefused(
                "the userinfo endpoint told of another person", error="userinfo_sub"
            )
        return found

    def _assertion(self, audience: str, now: datetime) -> str:
        begin = int(now.timestamp())
        assertion: str = private_key_jwt_sign(
            self.key,
            client_id=self.id,
            token_endpoint=audience,
            alg=client_key.algorithm(self.key),
            header={"kid": self.key.kid},
            issued_at=begin,
            expires_at=begin + ASSERTION_SECONDS,
        )
        return assertion

    async def _believed(
        self, id_token: str, access_token: str, nonce: str, now: datetime
    ) -> Claims:
        """Return the claims of an ID token that is in order in every respect."""
        try:
            header = jws.extract_compact(id_token.encode()).headers()
            token = jwt.decode(
                id_token, await self._key(header.get("kid"), now), algorithms=["ES256"]
            )
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self.id},
                    "sub": {"essential": True},
                },
                {"nonce": nonce, "client_id": self.id, "access_token": access_token},
            )
            claims.validate(int(now.timestamp()), LEEWAY_SECONDS)
        except ClaimError as problem:
            raise _disbelieved(problem.claim) from problem
        except (JoseError, ValueError, TypeError) as problem:
            raise IdentityProviderRefused(
                "the ID token is not one that the provider signed with ES256", error="id_token"
            ) from problem
        # The library lets more audiences pass, if we are among them: nobody else is to be.
        if claims["aud"] not in (self.id, [self.id]):
            raise _disbelieved("aud")
        if not isinstance(claims["sub"], str):
            raise _disbelieved("sub")
        return dict(claims)

    async def _key(self, kid: object, now: datetime) -> ECKey:
        """Return the key of this id, asking the provider anew where it is not known."""
        provider = await self.provider(now)
        if not any(kid in (None, key.kid) for key in provider.keys):
            provider = self._provider = await self._discover(now)
        found = [key for key in provider.keys if kid in (None, key.kid)]
        if len(found) != 1:
            raise ValueError("no one key of the provider fits")
        return found[0]

    async def _discover(self, now: datetime) -> Provider:
        try:
            found = await self.http.ask("GET", f"{self.issuer}/.well-known/openid-configuration")
            endpoints = {name: str(found.get(name)) for name in NEEDED}
            scheme = self.issuer.partition("://")[0]
            foreign = [n for n, uri in endpoints.items() if not uri.startswith(f"{scheme}://")]
            if found.get("issuer") != self.issuer or foreign:
                raise IdentityProviderAway(
                    f"the provider describes another issuer than {self.issuer}, or no usable "
                    f"{', '.join(foreign) or 'endpoints'}"
                )
            keys = await self.http.ask("GET", endpoints["jwks_uri"])
        except IdentityProviderRefused as refused:
            raise IdentityProviderAway(
                f"the provider does not describe itself: {refused}"
            ) from None
        return Provider(endpoints, tuple(_keys(keys.get("keys"))), now)


def _disbelieved(claim: str) -> IdentityProviderRefused:
    claim = claim.partition(",")[0]
    return IdentityProviderRefused(
        f"the ID token's {claim} is not in order", error=f"id_token_{claim}"
    )


def _keys(described: object) -> Iterator[ECKey]:
    """Yield the keys that can sign with ES256; the others of a provider do not concern us."""
    for one in described if isinstance(described, list) else []:
        if not isinstance(one, dict) or one.get("use", "sig") != "sig":
            continue
        if (one.get("kty"), one.get("crv")) != ("EC", "P-256"):
            continue
        try:
            yield ECKey.import_key(one)
        except (JoseError, ValueError, TypeError):
            continue
