"""Inquiries and their messages, and every query of them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    and_,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.crypto import Sealed
from core.db import Instant, Row
from core.dispatches.rows import Dispatch
from core.inquiries.rules import ORDER, InquiryUnknown, State


class Inquiry(Row):
    """What a contact and the city wrote to each other; one that is not closed for each contact.

    `wait_time` is since when somebody waits, or when it was closed. `resident_id` is whose contact
    it was when something was last done; empty where it was nobody's, and then it is of whoever the
    contact belongs to later.
    """

    __tablename__ = "inquiries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "contact_id"], ["contacts.municipality", "contacts.id"]
        ),
        Index(None, "municipality", "state", "wait_time", "id"),
        Index(None, "municipality", "resident_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str]
    channel: Mapped[str]
    resident_id: Mapped[str]
    state: Mapped[State]
    wait_time: Mapped[datetime] = mapped_column(Instant)
    assignee_id: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)


OPEN = Inquiry.state != State.CLOSED

Index(
    "uq_inquiries_open",
    Inquiry.municipality,
    Inquiry.contact_id,
    unique=True,
    sqlite_where=OPEN,
    postgresql_where=OPEN,
)


class InquiryMessage(Row):
    """One message of an inquiry, by its number in it; `dispatch_id` carries an answer of staff."""

    __tablename__ = "inquiry_messages"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "inquiry_id"], ["inquiries.municipality", "inquiries.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    inquiry_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Sealed("inquiry_messages.text"))
    time: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[str] = mapped_column(default="")
    staff_name: Mapped[str] = mapped_column(default="")
    dispatch_id: Mapped[str] = mapped_column(default="")


def get(session: Session, municipality: str, id: str, *, lock: bool = False) -> Inquiry:
    """Return an inquiry, locked where it will change; raise InquiryUnknown."""
    key = (municipality, id)
    row = session.get(Inquiry, key, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise InquiryUnknown("there is no such inquiry")
    return row


def open_of(session: Session, municipality: str, contact_id: str) -> Inquiry | None:
    """Return the inquiry of a contact that is not closed, locked."""
    query = select(Inquiry).where(
        Inquiry.municipality == municipality, Inquiry.contact_id == contact_id, OPEN
    )
    locked = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(locked).one_or_none()


rank_of = case({state: rank for rank, state in enumerate(ORDER)}, value=Inquiry.state)
"""Where an inquiry's state stands in lists."""


def page(
    session: Session,
    municipality: str,
    *,
    state: State | None,
    assignee_id: str,
    after: tuple[int, datetime, str] | None,
    limit: int,
) -> list[Inquiry]:
    """Return inquiries, whoever waits longest first, after a (rank, time, id)."""
    query = select(Inquiry).where(Inquiry.municipality == municipality)
    if state is not None:
        query = query.where(Inquiry.state == state)
    if assignee_id:
        query = query.where(Inquiry.assignee_id == assignee_id)
    if after is not None:
        rank, since, id = after
        later = or_(Inquiry.wait_time > since, and_(Inquiry.wait_time == since, Inquiry.id > id))
        query = query.where(or_(rank_of > rank, and_(rank_of == rank, later)))
    return list(
        session.scalars(query.order_by(rank_of, Inquiry.wait_time, Inquiry.id).limit(limit))
    )


def key_of(row: Inquiry) -> tuple[str, str, str]:
    return str(ORDER.index(row.state)), row.wait_time.isoformat(), row.id


def messages(
    session: Session, row: Inquiry, *, before: int | None, limit: int
) -> list[InquiryMessage]:
    """Return what was written, newest first, before the number `before`."""
    query = select(InquiryMessage).where(
        InquiryMessage.municipality == row.municipality, InquiryMessage.inquiry_id == row.id
    )
    if before is not None:
        query = query.where(InquiryMessage.number < before)
    return list(session.scalars(query.order_by(InquiryMessage.number.desc()).limit(limit)))


def newest_of(
    session: Session, municipality: str, inquiry_ids: Collection[str]
) -> dict[str, InquiryMessage]:
    """Return the newest message of each inquiry, by its id."""
    last = (
        select(InquiryMessage.inquiry_id, func.max(InquiryMessage.number).label("number"))
        .where(
            InquiryMessage.municipality == municipality,
            InquiryMessage.inquiry_id.in_(inquiry_ids),
        )
        .group_by(InquiryMessage.inquiry_id)
        .subquery("last")
    )
    query = select(InquiryMessage).join(
        last,
        (InquiryMessage.inquiry_id == last.c.inquiry_id) & (InquiryMessage.number == last.c.number),
    )
    found = session.scalars(query.where(InquiryMessage.municipality == municipality))
    return {message.inquiry_id: message for message in found}


def carried(
    session: Session, municipality: str, dispatch_ids: Collection[str]
) -> dict[str, Dispatch]:
    """Return what carries answers, by its id."""
    query = select(Dispatch).where(
        Dispatch.municipality == municipality, Dispatch.id.in_(dispatch_ids)
    )
    return {row.id: row for row in session.scalars(query)}


def own(municipality: str, contacts: Collection[str], resident_id: str) -> ColumnElement[bool]:
    """Match the inquiries of whoever has these contacts, and not those of who had them before."""
    theirs = Inquiry.contact_id.in_(contacts) & (Inquiry.resident_id == "")
    if resident_id:
        theirs |= Inquiry.resident_id == resident_id
    return (Inquiry.municipality == municipality) & theirs


def own_messages(
    session: Session,
    whose: ColumnElement[bool],
    *,
    before: tuple[str, int] | None,
    limit: int,
) -> list[InquiryMessage]:
    """Return what was written in somebody's inquiries, newest first, before an (id, number)."""
    query = select(InquiryMessage).join(
        Inquiry,
        (Inquiry.municipality == InquiryMessage.municipality)
        & (Inquiry.id == InquiryMessage.inquiry_id),
    )
    if before is not None:
        id, number = before
        same = and_(InquiryMessage.inquiry_id == id, InquiryMessage.number < number)
        query = query.where(or_(InquiryMessage.inquiry_id < id, same))
    newest_first = (InquiryMessage.inquiry_id.desc(), InquiryMessage.number.desc())
    return list(session.scalars(query.where(whose).order_by(*newest_first).limit(limit)))


def silent(session: Session, municipality: str, before: datetime, *, limit: int) -> list[Inquiry]:
    """Return inquiries that were answered before, and nothing was written since; locked."""
    query = select(Inquiry).where(
        Inquiry.municipality == municipality,
        Inquiry.state == State.ANSWERED,
        Inquiry.wait_time <= before,
    )
    return list(
        session.scalars(
            query.order_by(Inquiry.wait_time).limit(limit).with_for_update(skip_locked=True)
        )
    )


def keep_for(session: Session, municipality: str, contact_id: str, resident_id: str) -> None:
    """Say of a contact's inquiries that are nobody's yet whose they are."""
    session.flush()
    session.execute(
        update(Inquiry)
        .where(
            Inquiry.municipality == municipality,
            Inquiry.contact_id == contact_id,
            Inquiry.resident_id == "",
        )
        .values(resident_id=resident_id)
        .execution_options(synchronize_session="fetch")
    )


def ids_of(session: Session, whose: ColumnElement[bool]) -> list[str]:
    return list(session.scalars(select(Inquiry.id).where(whose)))
