"""What residents were told, as their phones show it, against what they should have been."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from channels.simulators.line import chat

SENT = (
    "SELECT chat.seq, person_id, shown, messages, reached, unreached FROM chat"
    " JOIN sends ON sends.seq = send_seq LEFT JOIN recipients ON chat_seq = chat.seq"
    " ORDER BY chat.seq"
)
COUNT = (
    "SELECT (SELECT count(*) FROM chat WHERE send_seq IS NOT NULL AND person_id != '')"
    " + (SELECT coalesce(sum(reached_count + unreached_count), 0) FROM recipients)"
)


REACHED = (
    "SELECT coalesce(sum(coalesce(reached_count, 1)), 0), coalesce(max(chat.at), 0) FROM sends"
    " JOIN chat ON send_seq = sends.seq LEFT JOIN recipients ON chat_seq = chat.seq"
    " WHERE instr(messages, ?)"
)


@dataclass(frozen=True)
class Expected:
    """A campaign by the words that only it has: whom it is for, and what only one of them reads."""

    words: str
    people: frozenset[str]
    own: dict[str, str]


@dataclass(frozen=True)
class Told:
    """What became of a campaign; `first` and `last` are places among all that was sent."""

    people: int
    doubled: int
    lost: int
    strangers: int
    misread: int
    first: int = 0
    last: int = 0


def count(file: Path) -> int:
    """Count what LINE accepted so far, by person."""
    with closing(_open(file)) as db:
        return int(db.execute(COUNT).fetchone()[0])


def reached(file: Path, words: str) -> tuple[int, float]:
    """Count whom these words reached, and return when they reached the last, in seconds."""
    with closing(_open(file)) as db:
        people, at = db.execute(REACHED, (words,)).fetchone()
    return int(people), at / 1_000


def used_quota(file: Path) -> int:
    """Return what LINE says that the account has sent, in all months."""
    with closing(_open(file)) as db:
        return int(db.execute("SELECT coalesce(sum(messages), 0) FROM used_quota").fetchone()[0])


def judge(file: Path, expected: Expected) -> Told:
    """Look at all phones."""
    seen: Counter[str] = Counter()
    misread, places = 0, []
    for place, people, said in _sent(file):
        if expected.words in said:
            places.append(place)
            seen.update(people)
            misread += sum(expected.own.get(id, "") not in said for id in people)
    return Told(
        people=len(seen),
        doubled=sum(times - 1 for times in seen.values()),
        lost=len(expected.people - seen.keys()),
        strangers=len(seen.keys() - expected.people),
        misread=misread,
        first=min(places, default=0),
        last=max(places, default=0),
    )


def _sent(file: Path) -> Iterator[tuple[int, list[str], str]]:
    with closing(_open(file)) as db:
        for place, person, shown, said, reached, unreached in db.execute(SENT):
            people = [person] if person != chat.MANY else chat.ids_between(reached)
            if (person != chat.MANY and not shown) or (unreached or "").strip():
                raise AssertionError("somebody who is a friend of the account was not reached")
            yield place, people, said


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)
