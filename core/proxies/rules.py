"""What a proxy may do, how long, and when one resident speaks for another."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from core.errors import NotAllowed, NotFound
from core.japan import today

YEARS = 2
"""How far ahead the last day may be."""


class Scope(StrEnum):
    """What a proxy may do for a resident."""

    READ = "read"
    APPLY = "apply"
    CIRCULARS = "circulars"


class ProxyUnknown(NotFound):
    reason = "PROXY_UNKNOWN"


class SamePerson(NotAllowed):
    reason = "SAME_PERSON"


def may_last_until(last_day: date, now: datetime) -> bool:
    """Whether a proxy may be agreed on until this day: from today on, at most two years."""
    first = today(now)
    try:
        latest = first.replace(year=first.year + YEARS)
    except ValueError:  # The 29th of February.
        latest = first.replace(year=first.year + YEARS, day=28)
    return first <= last_day <= latest


def in_force(*, end_time: datetime | None, last_day: date, now: datetime) -> bool:
    """Whether a proxy is neither ended nor past its last day."""
    return end_time is None and today(now) <= last_day


def covers(scopes: Collection[str], scope: Scope) -> bool:
    """Whether what was agreed holds this; no scope holds another."""
    return scope in scopes


def check_two_people(resident_id: str, proxy_resident_id: str) -> None:
    """Raise SamePerson where somebody would be their own proxy."""
    if resident_id == proxy_resident_id:
        raise SamePerson("nobody is a proxy of themselves: it needs another resident")
