"""Pages by key: a token says after which row to go on, and holds nothing else."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from core.errors import StaleCursor

DEFAULT_SIZE = 50

Item = TypeVar("Item")


LONGEST_NUMBER = 18
"""Digits that every database takes."""


class CursorExpired(StaleCursor):
    reason = "CURSOR_EXPIRED"


def expired() -> CursorExpired:
    """Return the one answer to a token that no list of ours gave."""
    return CursorExpired("page_token is none of ours: list again from the first page")


def limit_of(page_size: int) -> int:
    return page_size or DEFAULT_SIZE


def token_of(*key: str) -> str:
    """Return the token for going on after the row of this key."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def key_of(token: str, parts: int = 1) -> tuple[str, ...]:
    """Return a token's key, nothing for the first page; raise CursorExpired where it is none."""
    if not token:
        return ()
    try:
        key = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        key = None
    if not isinstance(key, list) or len(key) != parts or not all(map(_is_text, key)):
        raise expired()
    return tuple(key)


def _is_text(part: object) -> bool:
    """Whether it is a text that every database takes: no half of a character, and no NUL."""
    if type(part) is not str or "\0" in part:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in part)


def number_of(part: str) -> int:
    """Return a part of a key that is a number; raise CursorExpired where it is none."""
    if not (part.isascii() and part.isdecimal() and len(part) <= LONGEST_NUMBER):
        raise expired()
    return int(part)


def bytes_of(part: str) -> bytes:
    """Return a part of a key that is bytes in hexadecimal; raise CursorExpired where it is none."""
    try:
        return bytes.fromhex(part)
    except ValueError:
        raise expired() from None


def moment_of(token: str) -> tuple[datetime, str] | None:
    """Return a token's time and id, None for the first page; raise CursorExpired, likewise."""
    key = key_of(token, parts=2)
    if not key:
        return None
    return time_of(key[0]), key[1]


def time_of(part: str) -> datetime:
    """Return a part of a key that is a time; raise CursorExpired where it is none."""
    try:
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):  # A day before the first, or after the last.
        pass
    raise expired()


def split(
    found: Sequence[Item], limit: int, key: Callable[[Item], tuple[str, ...]]
) -> tuple[Sequence[Item], str]:
    """Return what is shown and the token of the next page, of a query for one more than `limit`."""
    shown = found[:limit]
    return shown, token_of(*key(shown[-1])) if len(found) > limit else ""
