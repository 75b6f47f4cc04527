"""Dates as people write them: 1950-04-12, S25.4.12, or with the era's name in full."""

import re
import unicodedata
from datetime import date

from tui.wording import Words

ERAS = {
    "M": date(1868, 1, 25),
    "T": date(1912, 7, 30),
    "S": date(1926, 12, 25),
    "H": date(1989, 1, 8),
    "R": date(2019, 5, 1),
}
"""The first day of each era, by the letter that stands for it; their names are in the catalogue."""

DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")


class Mistyped(Exception):  # noqa: N818 - named for the event
    """What was typed into the field cannot be read; the catalogue's rule says what can."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def read_date(words: Words, text: object, field: str) -> str:
    """Return the date as ISO 8601, or nothing for nothing; raise Mistyped where it is no date."""
    written = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text)))
    if not written:
        return ""
    first = re.escape(words("date.first_year"))
    found = DIGITS.fullmatch(written) or re.fullmatch(
        rf"(?P<era>\D*?)(?P<year>\d+|{first})\D(?P<month>\d+)\D(?P<day>\d+)\D?", written
    )
    if found is None:
        raise Mistyped(field)
    *before, year, month, day = found.groups()
    try:
        number = 1 if year == words("date.first_year") else int(year)
        return _day(words, "".join(before).strip("."), number, int(month), int(day)).isoformat()
    except ValueError:
        raise Mistyped(field) from None


def birth(words: Words, written: str) -> str:
    """Write a birth date both ways, as papers have the era's year; say where it is not known."""
    if not written:
        return words("date.unknown")
    day = date.fromisoformat(written)
    letter = next((e for e, first in reversed(ERAS.items()) if first <= day), "")
    if not letter:
        return written
    year = day.year - ERAS[letter].year + 1
    return words(
        "date.both",
        date=written,
        era=words(f"date.era.{letter}"),
        year=words("date.first_year") if year == 1 else year,
        month=day.month,
        day=day.day,
    )


def _day(words: Words, era: str, year: int, month: int, day: int) -> date:
    if not era:
        if year < ERAS["M"].year:
            raise ValueError(year)
        return date(year, month, day)
    letter = next((e for e in ERAS if words(f"date.era.{e}").startswith(era)), era.upper())
    if letter not in ERAS:
        raise ValueError(era)
    found = date(ERAS[letter].year + year - 1, month, day)
    later = [first for first in ERAS.values() if first > ERAS[letter]]
    if not ERAS[letter] <= found < min(later, default=date.max):
        raise ValueError(era)
    return found
