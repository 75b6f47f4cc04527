"""Inquiries and their messages."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto import Sealed
from core.db import Instant, Row
from core.inquiries.rules import State


class Inquiry(Row):
    """What a contact and the city wrote to each other; one that is not closed for each contact.

    `wait_time` is since when somebody waits; `resident_id` is empty where the contact is nobody's.
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
