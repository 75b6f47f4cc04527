"""A few values of each column of a file, for a person who is to say what the columns hold."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from core.my_number import contains_my_number
from core.rosters.text import Encoding, Undecodable, decoded
from core.rosters.values import birth_date, plain

MOST_ROWS = 200
"""By so many rows a column is judged."""

MOST_VALUES = 3
MOST_CHARACTERS = 24

_NUMBER = re.compile(r"[0-9][0-9,.\-]*")
_KANA = re.compile(r"[ァ-ヶー・\s]+")


class Kind(StrEnum):
    """What values look like."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    KANA = "kana"


@dataclass(slots=True)
class Sample:
    """What was seen of one column; `kind` is None where it is empty."""

    kind: Kind | None = None
    values: list[str] = field(default_factory=list)

    def take(self, text: str) -> None:
        """See one more value."""
        text = text.strip()
        if not text:
            return
        kind = kind_of(text)
        self.kind = kind if self.kind in {None, kind} else Kind.TEXT
        shown = text[:MOST_CHARACTERS]
        is_new = len(self.values) < MOST_VALUES and shown not in self.values
        # Who may be shown names may not be shown this: it must not be in the file at all.
        if is_new and not contains_my_number(text):
            self.values.append(shown)


def take_row(samples: list[Sample], raw: Iterable[str], encoding: Encoding) -> None:
    """See one more row, of which no cell has to be readable."""
    for sample, cell in zip(samples, raw, strict=False):
        try:
            sample.take(decoded(cell, encoding))
        except Undecodable:
            continue


def kind_of(text: str) -> Kind:
    """Return what a value that is not empty looks like."""
    half = plain(text)
    try:
        birth_date(half)
    except ValueError:
        if _NUMBER.fullmatch(half):
            return Kind.NUMBER
        return Kind.KANA if _KANA.fullmatch(half) else Kind.TEXT
    return Kind.DATE
