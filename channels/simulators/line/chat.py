"""People's chats: what the account sent them and what they did, in one order per person."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

import orjson

# Message ids say where the message is kept; LINE's too are long numbers that mean nothing outside.
SENT_IDS = 10**17
OWN_IDS = 2 * 10**17
# Whose the rows are that went to many.
MANY = ""


def number(send_seq: int, messages: list[dict[str, Any]]) -> list[str]:
    """Give the messages of one send their ids."""
    return [str(SENT_IDS + send_seq * 10 + index) for index in range(len(messages))]


def keep_send(
    db: sqlite3.Connection,
    *,
    request_id: str,
    kind: str,
    retry_key: str | None,
    at: int,
    messages: list[dict[str, Any]],
    recipients: Iterable[tuple[str, bool]],
) -> list[str]:
    """Put messages into the chats of (person id, does it arrive); return the messages' ids."""
    words = orjson.dumps(messages).decode()
    send_seq = db.execute(
        "INSERT INTO sends (request_id, kind, retry_key, at, messages) VALUES (?, ?, ?, ?, ?)",
        (request_id, kind, retry_key, at, words),
    ).lastrowid
    assert send_seq is not None  # noqa: S101 - an INSERT has one.
    people = list(recipients)
    if len(people) > 1:
        _keep_for_many(db, send_seq, at, people)
    else:
        db.executemany(
            "INSERT INTO chat (person_id, at, shown, send_seq) VALUES (?, ?, ?, ?)",
            ((person_id, at, is_shown, send_seq) for person_id, is_shown in people),
        )
    return number(send_seq, messages)


def _keep_for_many(
    db: sqlite3.Connection, send_seq: int, at: int, people: list[tuple[str, bool]]
) -> None:
    seq = db.execute(
        "INSERT INTO chat (person_id, at, shown, send_seq) VALUES (?, ?, 1, ?)",
        (MANY, at, send_seq),
    ).lastrowid
    reached = [id for id, is_shown in people if is_shown]
    unreached = [id for id, is_shown in people if not is_shown]
    db.execute(
        "INSERT INTO recipients VALUES (?, ?, ?, ?, ?)",
        (seq, _between(reached), len(reached), _between(unreached), len(unreached)),
    )


def _between(ids: list[str]) -> str:
    return "\n".join(("", *ids, ""))


def ids_between(text: str) -> list[str]:
    """Read the ids that a row of recipients has."""
    return text.split()


def keep_own(db: sqlite3.Connection, person_id: str, at: int, content: dict[str, Any]) -> str:
    """Put what a person wrote or sent into the chat; return the message's id."""
    seq = db.execute(
        "INSERT INTO chat (person_id, at, shown, content) VALUES (?, ?, 1, ?)",
        (person_id, at, json.dumps(content, ensure_ascii=False)),
    ).lastrowid
    assert seq is not None  # noqa: S101 - an INSERT has one.
    return str(OWN_IDS + seq)


def hide_own(db: sqlite3.Connection, person_id: str, id: str) -> bool:
    """Take a person's own message out of the chat; false where there is none."""
    if not id.isdecimal() or int(id) < OWN_IDS:
        return False
    hidden = db.execute(
        "UPDATE chat SET shown = 0 WHERE person_id = ? AND seq = ? AND send_seq IS NULL AND shown",
        (person_id, int(id) - OWN_IDS),
    )
    return hidden.rowcount == 1


def page(
    db: sqlite3.Connection, person_id: str, *, after: int, limit: int = 500
) -> list[dict[str, Any]]:
    """List what the person sees, oldest first, from entries behind the cursor `after`.

    An entry is one send of one to five messages, or one of the person's own; its messages share
    its `seq`, which is the next cursor.
    """
    rows = db.execute(
        "SELECT chat.seq, chat.at, send_seq, content, messages FROM chat"
        " LEFT JOIN sends ON sends.seq = send_seq WHERE chat.seq IN ("
        " SELECT seq FROM chat WHERE person_id = ? AND seq > ? AND shown"
        " UNION ALL SELECT chat_seq FROM recipients WHERE chat_seq > ?"
        " AND instr(reached, char(10) || ? || char(10)))"
        " ORDER BY chat.seq LIMIT ?",
        (person_id, after, after, person_id, limit),
    )
    found = []
    for seq, at, send_seq, content, messages in rows:
        is_own = send_seq is None
        objects = [json.loads(content)] if is_own else json.loads(messages)
        ids = [str(OWN_IDS + seq)] if is_own else number(send_seq, objects)
        found += [
            {
                "seq": seq,
                "at": at,
                "id": id,
                "from": "person" if is_own else "account",
                "message": message,
            }
            for id, message in zip(ids, objects, strict=True)
        ]
    return found


def find_sent(db: sqlite3.Connection, person_id: str, id: str) -> dict[str, Any] | None:
    """Return a message the account sent that this person sees, or `None`."""
    if not id.isdecimal() or not SENT_IDS <= int(id) < OWN_IDS:
        return None
    send_seq, index = divmod(int(id) - SENT_IDS, 10)
    row = db.execute(
        "SELECT messages FROM sends WHERE seq = ? AND ("
        " EXISTS (SELECT 1 FROM chat WHERE person_id = ? AND send_seq = sends.seq AND shown)"
        " OR EXISTS (SELECT 1 FROM recipients JOIN chat ON chat.seq = chat_seq"
        " WHERE send_seq = sends.seq AND instr(reached, char(10) || ? || char(10))))",
        (send_seq, person_id, person_id),
    ).fetchone()
    messages: list[dict[str, Any]] = json.loads(row[0]) if row else []
    return messages[index] if index < len(messages) else None
