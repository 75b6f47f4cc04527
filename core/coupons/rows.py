"""Books of codes, and the blind index of each code; no code itself."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.coupons.rules import CouponBookUnknown
from core.crypto import vault_of
from core.db import Instant, Json, Row

PLACE = "coupon_codes.code"
PAGE = 1000
"""Rows of one statement."""


class CouponBook(Row):
    """A set of codes that were made together, and what is so of each of them."""

    __tablename__ = "coupon_books"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        CheckConstraint("uses >= 1", name="uses"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    procedures: Mapped[list[str]] = mapped_column(Json)
    codes: Mapped[int]
    uses: Mapped[int]
    first_date: Mapped[date | None]
    last_date: Mapped[date | None]
    author: Mapped[str]
    create_time: Mapped[datetime] = mapped_column(Instant)
    void_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


class CouponCode(Row):
    """A code of a book, found by its blind index."""

    __tablename__ = "coupon_codes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "book_id"], ["coupon_books.municipality", "coupon_books.id"]
        ),
        Index(None, "municipality", "book_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    code_index: Mapped[bytes] = mapped_column(primary_key=True)
    book_id: Mapped[str]
    void_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


def index_of(session: Session, code: str) -> bytes:
    """Return the blind index of a code as it was read."""
    return vault_of(session).index(code, PLACE)


def keep(session: Session, book: CouponBook, codes: Sequence[str]) -> None:
    """Keep a book's codes by their indexes."""
    session.add(book)
    session.flush()
    indexes = vault_of(session).digest_each((code.encode() for code in codes), PLACE)
    values = [
        {"municipality": book.municipality, "code_index": index, "book_id": book.id}
        for index in indexes
    ]
    for start in range(0, len(values), PAGE):
        session.execute(insert(CouponCode), values[start : start + PAGE])


def get(session: Session, municipality: str, id: str, *, lock: bool = False) -> CouponBook:
    """Return a book; raise CouponBookUnknown."""
    book = session.get(CouponBook, (municipality, id), with_for_update=lock or None)
    if book is None:
        raise CouponBookUnknown(f"there is no book {id}")
    return book


def find(
    session: Session, municipality: str, index: bytes, *, lock: bool = False
) -> tuple[CouponCode, CouponBook] | None:
    """Return a code and its book; None where there is none. A lock lets nobody else use it."""
    code = session.get(
        CouponCode, (municipality, index), with_for_update=lock or None, populate_existing=lock
    )
    return None if code is None else (code, get(session, municipality, code.book_id))


def books(session: Session, municipality: str, *, before: str, limit: int) -> list[CouponBook]:
    """Return books, newest first."""
    query = select(CouponBook).where(CouponBook.municipality == municipality)
    if before:
        query = query.where(CouponBook.id < before)
    return list(session.scalars(query.order_by(CouponBook.id.desc()).limit(limit)))


def voided(session: Session, municipality: str, book_ids: Sequence[str]) -> dict[str, int]:
    """Return how many codes of each book were voided one by one."""
    query = (
        select(CouponCode.book_id, func.count())
        .where(
            CouponCode.municipality == municipality,
            CouponCode.book_id.in_(book_ids),
            CouponCode.void_time.is_not(None),
        )
        .group_by(CouponCode.book_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
