"""Reads the birth dates of a file, also those of which a part is not known."""

import re

from core.rosters.values import birth_date, plain

_NOTHING = re.compile(
    r"0{8}|9{8}|(?:0000|9999)[-/.](?:00?|99)[-/.](?:00?|99)|(?:生年月日)?(?:不詳|不明)|99"
)
_UNKNOWN = r"不詳|不明|[?*]{1,2}"
_PART = rf"([0-9]{{1,2}}|{_UNKNOWN})?"
# 1950-00-00, 1950/1/0, 1950年不詳, 昭和25年1月不詳: the year, then what is known of the rest.
_SPACED = re.compile(
    rf"(?P<year>[0-9]{{4}}|(?:明治|大正|昭和|平成|令和|[MTSHR])\.?(?:[0-9]{{1,2}}|元))"
    rf"[-/.年]{_PART}(?:[-/.月]{_PART}日?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>[0-9]{4}|(?:明治|大正|昭和|平成|令和|[MTSHR])\.?[0-9]{2})([0-9]{2})(00|99)",
    re.IGNORECASE,
)
_NOT_KNOWN = frozenset({0, 99})
# No era begins or ends with a year, nor with a month: one of these days is in each of one.
_IN_EVERY_YEAR = ("12.31", "12.1", "1.1")
_IN_EVERY_MONTH = ("1", "28", "30")


def read(text: str) -> str:
    """Return ISO 8601, with noughts for what is unknown: 1950-01-00, 1950-00-00, or nothing.

    Raises `ValueError` for what is no date in any of the ways that municipal systems write one,
    and for what is outside of its era.
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
        year, month, day = partly.groups()
        if _number(day) or (month is None and day is not None):
            raise
        if not _number(month):
            return f"{_year_of(year, _IN_EVERY_YEAR)}-00-00"
        days = tuple(f"{month}.{day}" for day in _IN_EVERY_MONTH)
        return f"{_year_of(year, days)}-{int(month):02}-00"


def _number(part: str | None) -> int:
    """Return what is known of a part, 0 for nothing."""
    number = int(part) if part and part.isdecimal() else 0
    return 0 if number in _NOT_KNOWN else number


def _year_of(text: str, days: tuple[str, ...]) -> str:
    for day in days:
        try:
            return f"{birth_date(f'{text}.{day}').year:04}"
        except ValueError:
            continue
    raise ValueError("is outside of its era")
