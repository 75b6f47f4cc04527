"""Makes books of codes, tells how a code stands, and voids."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import attempts, coupon_codes, events
from core.attempts import Bound
from core.callers import Caller
from core.coupons import rows, rules
from core.coupons.rows import CouponBook, CouponCode
from core.coupons.rules import CouponUnknown, Standing
from core.ids import new_id
from core.japan import today

BOUND = Bound("coupon_codes", 10, timedelta(hours=1))
"""Codes that are none, of one contact or one of the staff."""

Used = Callable[[Session, str, Collection[str], bytes | None], dict[str, int]]
"""How often codes are used, by book, in a municipality; of one code where its index is named."""


def make(
    session: Session,
    by: Caller,
    *,
    name: str,
    procedures: list[str],
    codes: list[str],
    uses: int,
    first_date: str,
    last_date: str,
    now: datetime,
) -> CouponBook:
    """Keep a book, and its codes as nobody can read them. Raises DatesRefused."""
    first, last = rules.days(first_date, last_date)
    book = CouponBook(
        municipality=by.municipality,
        id=new_id(),
        name=name,
        procedures=procedures,
        codes=len(codes),
        uses=uses,
        first_date=first,
        last_date=last,
        author=by.name,
        create_time=now,
    )
    rows.keep(session, book, codes)
    details = {"codes": str(len(codes)), "uses": str(uses)}
    events.record(session, by, "coupons.made", book.id, now, details=details)
    return book


def known(code: CouponCode, book: CouponBook, used: int) -> rules.Code:
    """Return what decides how a code stands."""
    return rules.Code(
        procedures=book.procedures,
        uses=book.uses,
        first=book.first_date,
        last=book.last_date,
        is_void=code.void_time is not None or book.void_time is not None,
        used=used,
    )


def check(
    session: Session,
    by: Caller,
    *,
    subject: str,
    typed: str,
    procedure: str,
    used: Used,
    now: datetime,
) -> tuple[Standing, CouponBook | None, int]:
    """Return how a code stands, its book, and how often it is used; one that is none is counted."""
    attempts.check(session, BOUND, by.municipality, subject, now)
    try:
        index = rows.index_of(session, coupon_codes.read(typed))
    except coupon_codes.Mistyped:
        return Standing.MISTYPED, None, 0
    found = rows.find(session, by.municipality, index)
    if found is None:
        attempts.count(session, BOUND, by.municipality, subject, now)
        return Standing.UNKNOWN, None, 0
    code, book = found
    number = used(session, by.municipality, [book.id], index).get(book.id, 0)
    return rules.standing(known(code, book, number), procedure, today(now)), book, number


def void_code(
    session: Session, by: Caller, *, typed: str, reason: str, now: datetime
) -> CouponBook:
    """Let a code not be used any more; a second time changes nothing. Raises CouponUnknown."""
    try:
        index = rows.index_of(session, coupon_codes.read(typed))
    except coupon_codes.Mistyped as wrong:
        raise CouponUnknown(str(wrong)) from None
    found = rows.find(session, by.municipality, index, lock=True)
    if found is None:
        raise CouponUnknown("there is no such code")
    code, book = found
    if code.void_time is None:
        code.void_time = now
        events.record(session, by, "coupons.voided", book.id, now, reason=reason)
    return book


def void_book(session: Session, by: Caller, *, id: str, reason: str, now: datetime) -> CouponBook:
    """Let no code of a book be used any more. Raises CouponBookUnknown."""
    book = rows.get(session, by.municipality, id, lock=True)
    if book.void_time is None:
        book.void_time = now
        details = {"codes": str(book.codes)}
        events.record(
            session, by, "coupons.book_voided", book.id, now, details=details, reason=reason
        )
    return book
