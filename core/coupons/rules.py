"""How a code stands, and what is refused of books."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import AlreadyThere, BadRequest, NotFound


class Standing(StrEnum):
    """How a code stands; all but the first are problems with an answer, as `code_…`."""

    GOOD = "good"
    MISTYPED = "mistyped"
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"
    VOID = "void"
    EARLY = "early"
    LATE = "late"
    USED = "used"


class CouponBookUnknown(NotFound):
    reason = "COUPON_BOOK_UNKNOWN"


class CouponUnknown(NotFound):
    reason = "COUPON_UNKNOWN"


class CouponBookMade(AlreadyThere):
    """The book was made before; metadata hold its id as `bookId`."""

    reason = "COUPON_BOOK_MADE"


class DatesRefused(BadRequest):
    reason = "FIELD_INVALID"


@dataclass(frozen=True, slots=True)
class Code:
    """What is known of a code: its book's terms, and how often others have used it."""

    procedures: Collection[str]
    uses: int
    first: date | None
    last: date | None
    is_void: bool
    used: int


def standing(code: Code, procedure: str, day: date) -> Standing:
    """Return how a code stands on a day in a procedure; in any, where none is named."""
    if procedure and procedure not in code.procedures:
        return Standing.ELSEWHERE
    if code.is_void:
        return Standing.VOID
    if code.first is not None and day < code.first:
        return Standing.EARLY
    if code.last is not None and day > code.last:
        return Standing.LATE
    return Standing.USED if code.used >= code.uses else Standing.GOOD


def days(first: str, last: str) -> tuple[date | None, date | None]:
    """Read the first and the last day of a book; raise DatesRefused."""
    read = []
    for field, text in (("first_date", first), ("last_date", last)):
        try:
            read.append(date.fromisoformat(text) if text else None)
        except ValueError:
            raise DatesRefused(f"{text} is no day", field=field) from None
    begin, end = read
    if begin is not None and end is not None and end < begin:
        raise DatesRefused("the last day is before the first", field="last_date")
    return begin, end
