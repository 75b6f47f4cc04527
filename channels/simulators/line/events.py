"""Webhook events: what the account is told of a person's doings, and what became of it."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from channels.simulators.line import reply_tokens
from channels.simulators.line.ulid import ulid


@dataclass(slots=True)
class Pending:
    """An event not delivered yet; `attempts` were made, `at` is when it happened (ms)."""

    id: str
    person_id: str
    at: int
    event: dict[str, Any]
    attempts: int = 0


def record(
    db: sqlite3.Connection,
    *,
    person_id: str,
    kind: str,
    content: dict[str, Any],
    at: int,
    token_life: int | None,
) -> Pending:
    """Keep a new event for delivery; `token_life` in milliseconds gives it a reply token."""
    id = ulid(at)
    event: dict[str, Any] = {
        "type": kind,
        "mode": "active",
        "timestamp": at,
        "source": {"type": "user", "userId": person_id},
        "webhookEventId": id,
        "deliveryContext": {"isRedelivery": False},
        **content,
    }
    if token_life is not None:
        event["replyToken"] = reply_tokens.issue(
            db, person_id=person_id, event_id=id, at=at, life=token_life
        )
    db.execute(
        "INSERT INTO events (id, person_id, at, event) VALUES (?, ?, ?, ?)",
        (id, person_id, at, json.dumps(event, ensure_ascii=False)),
    )
    return Pending(id, person_id, at, event)


def pending(db: sqlite3.Connection) -> list[Pending]:
    """List what is still to be delivered, oldest first."""
    rows = db.execute(
        "SELECT id, person_id, at, event, attempts FROM events"
        " WHERE delivered_at IS NULL AND given_up_at IS NULL ORDER BY seq"
    )
    return [Pending(id, who, at, json.loads(words), n) for id, who, at, words, n in rows]


def attempted(db: sqlite3.Connection, event: Pending, *, at: int, status: int, reason: str) -> None:
    """Keep the outcome of one delivery; an empty `reason` is success."""
    db.execute(
        "UPDATE events SET attempts = attempts + 1,"
        " delivered_at = coalesce(delivered_at, ?) WHERE id = ?",
        (None if reason else at, event.id),
    )
    db.execute(
        "INSERT INTO attempts (event_id, at, is_redelivery, status, reason) VALUES (?, ?, ?, ?, ?)",
        (event.id, at, event.event["deliveryContext"]["isRedelivery"], status, reason),
    )


def give_up(db: sqlite3.Connection, event: Pending, at: int) -> None:
    db.execute("UPDATE events SET given_up_at = ? WHERE id = ?", (at, event.id))
