"""Accepting messages: retry keys, recipients and quota, decided where they are kept."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from channels.simulators.line import answers, chat, people, reply_tokens
from channels.simulators.line.answers import Answer, Refused

# The quota begins anew with the month in Japan.
JAPAN = timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class Sending:
    """A request to send that passed every check of its form; `at` in milliseconds."""

    request_id: str
    at: int
    messages: list[dict[str, Any]]
    retry_key: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What acceptance depends on beside the request; `retry_key_memory` in milliseconds."""

    quota: int | None
    retry_key_memory: int
    multicast_refuses_unknown: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who has something new in the chat, and LINE's list of the messages it made."""

    reached: list[str]
    sent: list[dict[str, str]]


class AlreadyAccepted(Refused):
    """The retry key came before: nothing is sent, and the first request is named."""

    def __init__(self, request_id: str, sent: list[dict[str, str]] | None) -> None:
        super().__init__(409, answers.RETRY_KEY_ACCEPTED)
        self._request_id = request_id
        self._sent = sent

    def answer(self) -> Answer:
        body: dict[str, Any] = {"message": str(self)}
        if self._sent is not None:
            body["sentMessages"] = self._sent
        accepted = (b"x-line-accepted-request-id", self._request_id.encode())
        return Answer(self.status, body, (accepted,))


def push(db: sqlite3.Connection, sending: Sending, to: str, limits: Limits) -> Accepted:
    """Send to one person; raises Refused."""
    _refuse_repeat(db, sending, limits)
    arrives = people.reached(db, [to], sending.at)
    if to not in arrives:
        raise Refused(400, answers.FAILED_TO_SEND)
    _take_quota(db, sending, limits, sum(arrives.values()))
    accepted = _keep(db, sending, "push", arrives)
    _remember(db, sending, accepted.sent)
    return accepted


def multicast(db: sqlite3.Connection, sending: Sending, to: list[str], limits: Limits) -> Accepted:
    """Send to many, all or none; raises Refused."""
    _refuse_repeat(db, sending, limits)
    arrives = people.reached(db, to, sending.at)
    if limits.multicast_refuses_unknown:
        for index, id in enumerate(to):
            if id not in arrives:
                raise answers.invalid_property(f"to[{index}]")
    _take_quota(db, sending, limits, sum(arrives.values()))
    accepted = _keep(db, sending, "multicast", arrives)
    _remember(db, sending, None)
    return accepted


def reply(db: sqlite3.Connection, sending: Sending, token: str) -> Accepted:
    """Answer an event, free of charge; raises Refused."""
    person_id = reply_tokens.use(db, token, sending.at)
    state = people.get(db, person_id).state
    return _keep(db, sending, "reply", {person_id: state != "blocked"})


def used_quota(db: sqlite3.Connection, at: int) -> int:
    row = db.execute("SELECT messages FROM used_quota WHERE month = ?", (_month(at),)).fetchone()
    return int(row[0]) if row else 0


def _refuse_repeat(db: sqlite3.Connection, sending: Sending, limits: Limits) -> None:
    if sending.retry_key is None:
        return
    row = db.execute(
        "SELECT request_id, sent FROM retry_keys WHERE key = ? AND at > ?",
        (sending.retry_key, sending.at - limits.retry_key_memory),
    ).fetchone()
    if row:
        raise AlreadyAccepted(row[0], row[1] and json.loads(row[1]))


def _remember(db: sqlite3.Connection, sending: Sending, sent: list[dict[str, str]] | None) -> None:
    if sending.retry_key is not None:
        db.execute(
            "INSERT OR REPLACE INTO retry_keys (key, at, request_id, sent) VALUES (?, ?, ?, ?)",
            (
                sending.retry_key,
                sending.at,
                sending.request_id,
                sent and orjson.dumps(sent).decode(),
            ),
        )


def _take_quota(db: sqlite3.Connection, sending: Sending, limits: Limits, people: int) -> None:
    if limits.quota is not None and used_quota(db, sending.at) + people > limits.quota:
        raise Refused(429, answers.MONTHLY_LIMIT)
    db.execute(
        "INSERT INTO used_quota (month, messages) VALUES (?, ?)"
        " ON CONFLICT (month) DO UPDATE SET messages = messages + excluded.messages",
        (_month(sending.at), people),
    )


def _month(at: int) -> str:
    return (datetime.fromtimestamp(at / 1_000, UTC) + JAPAN).strftime("%Y-%m")


def _keep(
    db: sqlite3.Connection, sending: Sending, kind: str, arrives: dict[str, bool]
) -> Accepted:
    ids = chat.keep_send(
        db,
        request_id=sending.request_id,
        kind=kind,
        retry_key=sending.retry_key,
        at=sending.at,
        messages=sending.messages,
        recipients=arrives.items(),
    )
    return Accepted(
        reached=[id for id, is_reached in arrives.items() if is_reached],
        sent=[{"id": id, "quoteToken": f"q{id}"} for id in ids],
    )
