"""What becomes of rows between two rosters: paired by reference, told apart by what they say."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Side = tuple[bytes, bytes]
"""The blind index of a row's reference, and the digest of what the row says."""


class Kind(StrEnum):
    """What became of a row."""

    CAME = "came"
    LEFT = "left"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """How many rows came, left, changed and stayed.

    `touched` are running applications by state, `gone` those of them whose rows left.
    """

    counts: Mapping[Kind, int]
    touched: Mapping[str, int]
    gone: Mapping[str, int]
    hash: str


@dataclass(slots=True)
class Rows:
    """The side of a file that is only looked at, to be read in order.

    It holds nothing but digests, on disk in a file without a name where it is long.
    """

    _database: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self._database = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("CREATE TABLE side (reference BLOB, content BLOB)")

    def add(self, references: bytes, contents: bytes, width: int) -> None:
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT INTO side VALUES (?, ?)",
            (
                (references[start : start + width], contents[start : start + width])
                for start in range(0, len(references), width)
            ),
        )
        self._database.execute("COMMIT")

    def __iter__(self) -> Iterator[Side]:
        return iter(self._database.execute("SELECT * FROM side ORDER BY reference"))

    def close(self) -> None:
        self._database.close()


def pairs(
    before: Iterable[Side], after: Iterable[Side]
) -> Iterator[tuple[Kind, bytes, bytes, bytes]]:
    """Yield what became of each reference, with both contents; both sides are in their order."""
    olds, news = iter(before), iter(after)
    old, new = next(olds, None), next(news, None)
    while old is not None or new is not None:
        if new is None or (old is not None and old[0] < new[0]):
            assert old is not None  # noqa: S101 - for the type checker.
            yield Kind.LEFT, old[0], old[1], b""
            old = next(olds, None)
        elif old is None or new[0] < old[0]:
            yield Kind.CAME, new[0], b"", new[1]
            new = next(news, None)
        else:
            # What was kept before contents had a digest counts as changed.
            kind = Kind.SAME if old[1] and old[1] == new[1] else Kind.CHANGED
            yield kind, old[0], old[1], new[1]
            old, new = next(olds, None), next(news, None)


def compare(
    roster_id: str,
    before: Iterable[Side],
    after: Iterable[Side],
    running: Mapping[bytes, str],
) -> Difference:
    """Count the difference to the roster `roster_id`; `running` are applications by reference."""
    counts: Counter[Kind] = Counter()
    touched: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    hashed = hashlib.sha256(f"todoke difference 1 {roster_id}".encode())
    for kind, reference, old, new in pairs(before, after):
        counts[kind] += 1
        if kind is Kind.SAME:
            continue
        hashed.update(b"\n%s\0%s\0%s\0%s" % (kind.encode(), reference, old, new))
        if reference in running:
            touched[running[reference]] += 1
            gone[running[reference]] += kind is Kind.LEFT
    return Difference(counts, touched, +gone, hashed.hexdigest())
