"""The uses of printed codes: which application has which."""

from collections.abc import Collection

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.applications.rows import LIVE, Application
from core.applications.talk_rows import OF_APPLICATION
from core.coupons.rows import CouponCode
from core.db import Row


class CouponUse(Row):
    """One use of a code: the `number`th of `most`, so that the database lets nobody have it twice.

    It is its application's while that is live; of one that is not, the next one takes it over.
    """

    __tablename__ = "coupon_uses"
    __table_args__ = (
        ForeignKeyConstraint(*OF_APPLICATION),
        ForeignKeyConstraint(
            ["municipality", "code_index"],
            ["coupon_codes.municipality", "coupon_codes.code_index"],
        ),
        UniqueConstraint("municipality", "application_id", "step"),
        CheckConstraint("number BETWEEN 1 AND most", name="number"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    code_index: Mapped[bytes] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    most: Mapped[int]
    application_id: Mapped[str]
    step: Mapped[str]


_OF = (Application.municipality == CouponUse.municipality) & (
    Application.id == CouponUse.application_id
)


def of_application(session: Session, application: Application) -> dict[str, CouponUse]:
    """Return what an application has used, by step."""
    query = select(CouponUse).where(
        CouponUse.municipality == application.municipality,
        CouponUse.application_id == application.id,
    )
    return {use.step: use for use in session.scalars(query)}


def used_by_others(session: Session, application: Application, index: bytes) -> int:
    """Return how often a code is used by other applications that are live."""
    query = select(func.count()).select_from(CouponUse).join(Application, _OF)
    live = query.where(
        *_of_code(application.municipality, index), CouponUse.application_id != application.id, LIVE
    )
    return session.scalars(live).one()


def used(
    session: Session, municipality: str, book_ids: Collection[str], index: bytes | None
) -> dict[str, int]:
    """Return how many uses of each book are taken; of one code where its `index` is named."""
    query = (
        select(CouponCode.book_id, func.count())
        .join(
            CouponUse,
            (CouponUse.municipality == CouponCode.municipality)
            & (CouponUse.code_index == CouponCode.code_index),
        )
        .join(Application, _OF)
        .where(
            CouponCode.municipality == municipality,
            CouponCode.book_id.in_(book_ids),
            LIVE,
        )
        .group_by(CouponCode.book_id)
    )
    if index is not None:
        query = query.where(CouponCode.code_index == index)
    return {row[0]: row[1] for row in session.execute(query)}


def take(session: Session, application: Application, *, step: str, index: bytes, most: int) -> bool:
    """Take the first use of a locked code that is free; false where none is."""
    of_code = _of_code(application.municipality, index)
    highest = session.scalars(select(func.max(CouponUse.number)).where(*of_code)).one() or 0
    number = highest + 1
    if number > most:
        lapsed = select(CouponUse).join(Application, _OF).where(*of_code, ~LIVE).limit(1)
        use = session.scalars(lapsed).one_or_none()
        if use is not None:
            use.application_id, use.step = application.id, step
            session.flush()
            return True
        # One was given back by an answer that changed.
        numbers = set(session.scalars(select(CouponUse.number).where(*of_code)))
        number = next((one for one in range(1, most + 1) if one not in numbers), 0)
        if not number:
            return False
    session.add(
        CouponUse(
            municipality=application.municipality,
            code_index=index,
            number=number,
            most=most,
            application_id=application.id,
            step=step,
        )
    )
    session.flush()
    return True


def _of_code(municipality: str, index: bytes) -> tuple[ColumnElement[bool], ...]:
    return CouponUse.municipality == municipality, CouponUse.code_index == index
