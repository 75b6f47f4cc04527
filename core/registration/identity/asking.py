"""Asking an identity provider over HTTPS, and how it can fail: it is away, or it refuses."""

import json
import re
import ssl
from dataclasses import dataclass
from typing import Any

import httpx

from core.errors import NotNow

LONGEST_ANSWER = 1024 * 1024


class IdentityProviderAway(NotNow):
    """The provider, not the core, cannot be asked now: who tries again begins again."""

    reason = "IDENTITY_PROVIDER_AWAY"


class IdentityProviderRefused(NotNow):
    """The provider or the resident did not agree, or the answer cannot be believed.

    `error` in the metadata is the provider's own word, or one of ours for what is wrong.
    """

    reason = "IDENTITY_PROVIDER_REFUSED"

    def __init__(self, message: str, *, error: str) -> None:
        super().__init__(message, error=error)


@dataclass(frozen=True, slots=True)
class Http:
    """How a provider is asked: whose certificates are believed, how many seconds it may take."""

    tls: ssl.SSLContext
    timeout: float

    async def ask(self, method: str, uri: str, **request: Any) -> dict[str, Any]:
        """Return the JSON object that is answered; nobody is followed elsewhere."""
        content = b""
        try:
            async with (
                httpx.AsyncClient(verify=self.tls, timeout=self.timeout) as http,
                http.stream(method, uri, **request) as response,
            ):
                async for part in response.aiter_bytes():
                    content += part
                    if len(content) > LONGEST_ANSWER:
                        raise IdentityProviderAway(f"{method} {uri} answers without end")
        except httpx.HTTPError as problem:
            kind = type(problem).__name__
            raise IdentityProviderAway(f"{method} {uri} cannot be asked: {kind}") from problem
        if response.status_code >= 500 or response.status_code == 429:
            raise IdentityProviderAway(f"{method} {uri} answers {response.status_code}")
        found = _object(content)
        if response.is_success and found is not None:
            return found
        error = known_word((found or {}).get("error"), f"http_{response.status_code}")
        raise IdentityProviderRefused(
            f"{method} {uri} answers {response.status_code}: {error}", error=error
        )


def known_word(error: object, otherwise: str) -> str:
    """Return an OAuth error as it stands, if it is a word: what else it may hold is not told on."""
    fits = isinstance(error, str) and re.fullmatch(r"[a-z][a-z0-9_]{0,63}", error)
    return str(error) if fits else otherwise


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
