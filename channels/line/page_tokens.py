"""Signed words of the adapter to itself, by way of a person's browser: it keeps nothing.

A token in the address of a page says for which contact it is, and until when. A seal in a cookie
says that this browser is the one which began, so that nobody can finish it in another.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

LENGTH = timedelta(minutes=15)
TOKEN = re.compile(r"([A-Za-z0-9_-]{8,400})\.([A-Za-z0-9_-]{43})")


class TokenForged(Exception):  # noqa: N818 - named for the event, not as an error.
    """We never made this token."""


class TokenExpired(Exception):  # noqa: N818 - named for the event, not as an error.
    """The token is past its time."""


def _now() -> datetime:
    return datetime.now(UTC)


class PageTokens:
    """Makes and reads them; every adapter of a channel needs the same secret."""

    def __init__(self, secret: str, now: Callable[[], datetime] = _now) -> None:
        # One key a purpose: a seal is never taken for a token.
        self._page = hmac.digest(secret.encode(), b"todoke line: page of the app", hashlib.sha256)
        self._browser = hmac.digest(secret.encode(), b"todoke line: browser", hashlib.sha256)
        self._now = now

    def make(self, external_id: str) -> tuple[str, datetime]:
        """Make a token for a contact; returns it with the time at which it ends."""
        ends = self._now() + LENGTH
        body = _letters(f"{int(ends.timestamp())}:{external_id}".encode())
        return f"{body}.{self._sign(self._page, body)}", ends

    def read(self, token: str) -> str:
        """Return the contact's id. Raises TokenForged, TokenExpired."""
        found = TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(self._sign(self._page, found[1]), found[2]):
            raise TokenForged
        padded = found[1] + "=" * (-len(found[1]) % 4)
        ends, _, external_id = base64.urlsafe_b64decode(padded).decode().partition(":")
        if self._now().timestamp() > int(ends):
            raise TokenExpired
        return external_id

    def seal(self, state: str, language: str) -> str:
        """Say that this browser began the way of `state`, in a language."""
        return f"{language}:{self._sign(self._browser, f'{language}:{state}')}"

    def sealed(self, state: str, seal: str) -> str | None:
        """Return the language of the seal; None where another browser began, or nobody."""
        language, _, _ = seal.partition(":")
        expected = self.seal(state, language)
        return language if hmac.compare_digest(expected.encode(), seal.encode()) else None

    @staticmethod
    def _sign(key: bytes, text: str) -> str:
        return _letters(hmac.digest(key, text.encode(), hashlib.sha256))


def _letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
