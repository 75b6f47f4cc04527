"""Reads the birth dates of a file, also those of which a part is not known."""

import re

from core.rosters.values import birth_date, plain

_NOTHING = re.compile(r"|0{8}|9{8}|0000[-/.]00?[-/.]00?|不詳|不明|生年月日不詳")
_PART = r"([0-9]{1,2}|不詳|不明|[?*]{1,2})?"
# 1950-00-00, 1950/1/0, 1950年不詳, 昭和25年1月不詳: the year, then what is known of the rest.
_SPACED = re.compile(
    rf"(?P<year>[0-9]{{4}}|(?:明治|大正|昭和|平成|令和|[MTSHR])\.?(?:[0-9]{{1,2}}|元))"
    rf"[-/.年]{_PART}(?:[-/.月]{_PART}日?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>[0-9]{4}|(?:明治|大正|昭和|平成|令和|[MTSHR])\.?[0-9]{2})([0-9]{2})(00)",
    re.IGNORECASE,
)
# No era begins or ends with a year: one of these days is in each year of one.
_IN_EVERY_YEAR = ("12.31", "12.1", "1.1")


def read(text: str) -> str:
    """Return ISO 8601, with noughts for what is unknown: 1950-01-00, 1950-00-00, or nothing.

    Raises `ValueError` for what is no date in any of the ways that municipal systems write one.
    """
    try:
        return birth_date(text).isoformat()
    except ValueError:
        compact = re.sub(r"\s", "", plain(text))
        if _NOTHING.fullmatch(compact):
            return ""
        partly = _SPACED.fullmatch(compact) or _COMPACT.fullmatch(compact)
        if not partly:
            raise
        _, month, day = (_number(part) for part in partly.groups())
        if month and day:
            raise
        year = _year(partly["year"])
        if month:
            birth_date(f"{year}-{month}-28")
    return f"{year}-{month:02}-00"


def _number(part: str | None) -> int:
    return int(part) if part and part.isdecimal() else 0


def _year(text: str) -> str:
    for day in _IN_EVERY_YEAR:
        try:
            return f"{birth_date(f'{text}.{day}').year:04}"
        except ValueError:
            continue
    raise ValueError("is outside of its era")
