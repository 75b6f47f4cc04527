"""Where people live and how old they are, as coarsely as a city plans its visits."""

import re
import unicodedata
from datetime import date

AGES = ((0, 19), (20, 39), (40, 59), (60, 64), (65, 74), (75, 150))
"""Groups of ages in years, each with its first and its last."""

EVERYBODY = (0, 150)

_DIGITS = "〇一二三四五六七八九"
_CHOME = re.compile(f"^(.*?)([0-9]{{1,2}}|[{_DIGITS}十]{{1,3}})丁目")
_HOUSE = re.compile(rf"[0-9].*|[{_DIGITS}十百千]+(?:番(?![町丁館])|号(?![室棟館線車])).*")


def town_of(address: str, city: str) -> str:
    """Return the town of an address, such as 中央一丁目; empty where there is none.

    `city` is the municipality's name, which stands before the town where the address has it.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", address))
    _, found, after = plain.partition(city)
    rest = (after if found else plain).removeprefix("大字")
    chome = _CHOME.match(rest)
    if chome:
        number = chome[2]
        return f"{chome[1]}{kanji(int(number)) if number.isascii() else number}丁目"
    return _HOUSE.sub("", rest)


def kanji(number: int) -> str:
    """Return a number from 1 to 99 as a town's name has it: 12 is 十二."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")


def age_on(day: date, born: date) -> int:
    """Return the age in years on a day, as counted on the birthday."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def group_of(age: int) -> tuple[int, int]:
    return next(((first, last) for first, last in AGES if first <= age <= last), EVERYBODY)
