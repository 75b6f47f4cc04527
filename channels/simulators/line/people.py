"""The people who have LINE: friends of the account, strangers to it, and those who block it."""

import secrets
import sqlite3
from dataclasses import asdict, dataclass
from typing import Any

SELECT = "SELECT id, name, card_id, state FROM people"
# A stranger who wrote in the chat can be sent messages for seven days ("Send push message").
AFTER_WRITING = 7 * 24 * 3_600 * 1_000


class NoSuchPerson(Exception):  # noqa: N818 - named for the event, not as an error.
    """Nobody has this user id."""


@dataclass(frozen=True, slots=True)
class Person:
    """`state` is stranger, friend or blocked; `card_id` names a card of the wallet or nothing."""

    id: str
    name: str
    card_id: str | None
    state: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def add(
    db: sqlite3.Connection, *, id: str | None, name: str, card_id: str | None, is_friend: bool
) -> Person:
    """Add a person, or give an existing one this name and card; the state is kept then."""
    id = id or "U" + secrets.token_hex(16)
    db.execute(
        "INSERT INTO people (id, name, card_id, state) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, card_id = excluded.card_id",
        (id, name, card_id, "friend" if is_friend else "stranger"),
    )
    return get(db, id)


def get(db: sqlite3.Connection, id: str) -> Person:
    """Return a person, or raise NoSuchPerson."""
    row = db.execute(f"{SELECT} WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise NoSuchPerson(f"nobody has the user id {id}; add them with POST /phone/people")
    return Person(*row)


def page(db: sqlite3.Connection) -> list[Person]:
    """List everybody by name."""
    return [Person(*row) for row in db.execute(f"{SELECT} ORDER BY name, id")]


def move(db: sqlite3.Connection, id: str, state: str) -> None:
    db.execute("UPDATE people SET state = ? WHERE id = ?", (state, id))


def wrote(db: sqlite3.Connection, id: str, at: int) -> None:
    db.execute("UPDATE people SET wrote_at = ? WHERE id = ?", (at, id))


def reached(db: sqlite3.Connection, ids: list[str], at: int) -> dict[str, bool]:
    """Say of each id that exists whether a message would arrive."""
    marks = ",".join("?" * len(ids))
    rows = db.execute(
        f"SELECT id, state = 'friend' OR (state = 'stranger' AND wrote_at > ?)"  # noqa: S608 - marks only.
        f" FROM people WHERE id IN ({marks})",
        (at - AFTER_WRITING, *ids),
    )
    return {id: bool(is_reached) for id, is_reached in rows}
