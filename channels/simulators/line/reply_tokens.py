"""Reply tokens: good once, and for about a minute after the event was delivered.

A redelivered event's token is good for a minute more unless used or 20 minutes old (Messaging API
reference, "Send reply message"). Times are milliseconds.
"""

import secrets
import sqlite3

from channels.simulators.line.answers import INVALID_REPLY_TOKEN, Refused


def issue(db: sqlite3.Connection, *, person_id: str, event_id: str, at: int, life: int) -> str:
    token = secrets.token_hex(16)
    db.execute(
        "INSERT INTO reply_tokens (token, person_id, event_id, issued_at, good_until)"
        " VALUES (?, ?, ?, ?, ?)",
        (token, person_id, event_id, at, at + life),
    )
    return token


def renew(db: sqlite3.Connection, *, event_id: str, at: int, life: int, last: int) -> None:
    """Let the token of an event that is delivered now live on, never beyond `last` after issue."""
    db.execute(
        "UPDATE reply_tokens SET good_until = min(?, issued_at + ?)"
        " WHERE event_id = ? AND used_at IS NULL",
        (at + life, last, event_id),
    )


def use(db: sqlite3.Connection, token: str, at: int) -> str:
    """Spend a token; return whose it is, or raise Refused."""
    row = db.execute(
        "UPDATE reply_tokens SET used_at = ? WHERE token = ? AND used_at IS NULL"
        " AND good_until >= ? RETURNING person_id",
        (at, token, at),
    ).fetchone()
    if row is None:
        raise Refused(400, INVALID_REPLY_TOKEN)
    return str(row[0])
