"""The Digital Agency's authentication app: the card and its four digits, by OpenID Connect."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from core.crypto import KeysUnusable
from core.registration.identity import app_claims, client_key
from core.registration.identity.asking import Http, IdentityProviderAway, IdentityProviderRefused
from core.registration.identity.oidc import Client, Provider, Secrets
from core.registration.identity.proof import Proof
from core.residents.rules import Assurance, Revocation


@dataclass(frozen=True, slots=True)
class AppSettings:
    """What is settled with the provider, and what of its answers is a matter of agreement.

    An ID token is taken only if its acr has the word `acr_needed`; the word `acr_checked` in it
    says that the provider looked up revocation.
    """

    issuer: str
    client_id: str
    key: Path
    redirect_uris: tuple[str, ...]
    scope: str
    acr_values: str
    acr_needed: str
    acr_checked: str
    genders: Mapping[str, str]
    timeout: float
    authority: Path | None


@dataclass(frozen=True, slots=True)
class Flow:
    """A way through the app that was begun, as it is kept."""

    redirect_uri: str
    nonce: str
    code_verifier: str


@dataclass(frozen=True, slots=True)
class AuthApp:
    """The app, as the provider of a proof."""

    settings: AppSettings
    client: Client

    @classmethod
    def load(cls, settings: AppSettings) -> Self:
        """Read the key; raise KeysUnusable with the remedy where it cannot be used."""
        client = Client(
            issuer=settings.issuer,
            id=settings.client_id,
            key=client_key.load(settings.key),
            scope=settings.scope,
            acr_values=settings.acr_values,
            http=Http(_tls(settings.authority), settings.timeout),
        )
        return cls(settings, client)

    async def describe(self, now: datetime) -> Provider:
        """Return how the provider describes itself; raise IdentityProviderAway."""
        async with _in_time(self.settings.timeout):
            return await self.client.provider(now)

    async def way_in(self, hidden: Secrets, redirect_uri: str, now: datetime) -> str:
        """Return where to send the browser; raise IdentityProviderAway."""
        return self.client.authorization_uri(await self.describe(now), hidden, redirect_uri)

    async def prove(self, code: str, flow: Flow, now: datetime) -> Proof:
        """Redeem a code; raise IdentityProviderAway or IdentityProviderRefused.

        Whichever it is, the code counts as taken: the provider may have seen it.
        """
        async with _in_time(self.settings.timeout):
            tokens = await self.client.redeem(
                code=code,
                redirect_uri=flow.redirect_uri,
                nonce=flow.nonce,
                code_verifier=flow.code_verifier,
                now=now,
            )
            revocation = self._revocation(tokens.claims.get("acr"))
            claims = tokens.claims
            if app_claims.missing(claims):
                claims = {**claims, **await self.client.userinfo(tokens, now)}
        return Proof(
            basic_four=app_claims.basic_four(claims, self.settings.genders),
            assurance=Assurance.DIGITAL_AUTH_APP,
            revocation=revocation,
            subject=tokens.claims["sub"],
        )

    def _revocation(self, acr: object) -> Revocation:
        words = acr.split() if isinstance(acr, str) else []
        if self.settings.acr_needed and self.settings.acr_needed not in words:
            raise IdentityProviderRefused(
                f"the ID token's acr lacks {self.settings.acr_needed}", error="id_token_acr"
            )
        checked = self.settings.acr_checked in words
        return Revocation.NOT_REVOKED if checked else Revocation.NOT_CHECKED


@asynccontextmanager
async def _in_time(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as late:
        raise IdentityProviderAway(f"the provider took longer than {seconds} s") from late


def _tls(authority: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority)
    except OSError as problem:  # Which an SSLError is, too.
        raise KeysUnusable(f"auth_app_authority: {authority} cannot be used: {problem}") from None
