"""Pages by key: a token says after which row to go on, and holds nothing else."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from core.errors import StaleCursor

DEFAULT_SIZE = 50

Item = TypeVar("Item")


class CursorExpired(StaleCursor):
    reason = "CURSOR_EXPIRED"


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
    if not isinstance(key, list) or len(key) != parts or not all(type(k) is str for k in key):
        raise CursorExpired("page_token is none of ours: list again from the first page")
    return tuple(key)


def moment_of(token: str) -> tuple[datetime, str] | None:
    """Return a token's time and id, None for the first page; raise CursorExpired, likewise."""
    key = key_of(token, parts=2)
    if not key:
        return None
    try:
        moment = datetime.fromisoformat(key[0])
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise CursorExpired("page_token is none of ours: list again from the first page")
    return moment, key[1]


def split(
    found: Sequence[Item], limit: int, key: Callable[[Item], tuple[str, ...]]
) -> tuple[Sequence[Item], str]:
    """Return what is shown and the token of the next page, of a query for one more than `limit`."""
    shown = found[:limit]
    return shown, token_of(*key(shown[-1])) if len(found) > limit else ""
