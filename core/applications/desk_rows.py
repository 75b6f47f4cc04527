"""What staff keep beside applications: notes, numbers of decision notices, bulk decisions."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.applications.talk_rows import OF_APPLICATION
from core.crypto import Sealed
from core.db import Instant, Json, Row


class Note(Row):
    """What staff wrote for staff."""

    __tablename__ = "application_notes"
    __table_args__ = (
        ForeignKeyConstraint(*OF_APPLICATION),
        Index(None, "municipality", "application_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str]
    author: Mapped[str]
    text: Mapped[str] = mapped_column(Sealed("application_notes.text"))
    create_time: Mapped[datetime] = mapped_column(Instant)


class DecisionNotice(Row):
    """The notice of a decision: its number, gapless within a fiscal year, and what it says.

    `code_index` finds it by the code that is printed on it; `facts_json` is all that the PDF is
    made from, so that it is the same every time. It is replaced where its application was decided
    anew, and counts no more.
    """

    __tablename__ = "decision_notices"
    __table_args__ = (
        ForeignKeyConstraint(*OF_APPLICATION),
        Index(None, "municipality", "application_id"),
        UniqueConstraint("municipality", "code_index"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[str]
    code: Mapped[str] = mapped_column(Sealed("decision_notices.code"))
    code_index: Mapped[bytes]
    notice_date: Mapped[date]
    facts_json: Mapped[str] = mapped_column(Sealed("decision_notices.facts"))
    is_replaced: Mapped[bool] = mapped_column(default=False)

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self.facts_json)
        return facts


class BulkDecision(Row):
    """A job that decides many applications; `cursor` is the last one that was dealt with."""

    __tablename__ = "bulk_decisions"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        Index(None, "municipality", "state"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    verb: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(Sealed("bulk_decisions.reason"))
    author_id: Mapped[str]
    author: Mapped[str]
    total: Mapped[int]
    create_time: Mapped[datetime] = mapped_column(Instant)
    decided: Mapped[int] = mapped_column(default=0)
    refused: Mapped[dict[str, int]] = mapped_column(Json, default_factory=dict)
    cursor: Mapped[str] = mapped_column(default="")
    finish_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


class BulkItem(Row):
    """An application that a bulk decision is for, as it was when staff looked at it.

    `refused` is the reason for which it could not be decided; empty where it was, or is to be.
    """

    __tablename__ = "bulk_items"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "bulk_decision_id"],
            ["bulk_decisions.municipality", "bulk_decisions.id"],
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    bulk_decision_id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    refused: Mapped[str] = mapped_column(default="")


class SlotTaking(Row):
    """How many of a slot an application has taken."""

    __tablename__ = "slot_takings"
    __table_args__ = (
        ForeignKeyConstraint(*OF_APPLICATION),
        Index(None, "municipality", "procedure_key", "step", "slot"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    procedure_key: Mapped[str]
    slot: Mapped[str]
    quantity: Mapped[int]


def notes(
    session: Session, municipality: str, application_id: str, *, before: str, limit: int
) -> Sequence[Note]:
    """Return an application's notes, newest first."""
    query = select(Note).where(
        Note.municipality == municipality, Note.application_id == application_id
    )
    if before:
        query = query.where(Note.id < before)
    return session.scalars(query.order_by(Note.id.desc()).limit(limit)).all()


def notice_numbers(
    session: Session, municipality: str, application_ids: Collection[str]
) -> dict[str, str]:
    """Return the number on the decision notice by application."""
    query = select(DecisionNotice).where(
        DecisionNotice.municipality == municipality,
        DecisionNotice.application_id.in_(application_ids),
        DecisionNotice.is_replaced.is_(False),
    )
    return {one.application_id: one.facts["number"] for one in session.scalars(query)}


def notices_of(
    session: Session, municipality: str, application_ids: Collection[str]
) -> Sequence[DecisionNotice]:
    """Return the notices of applications that count."""
    query = select(DecisionNotice).where(
        DecisionNotice.municipality == municipality,
        DecisionNotice.application_id.in_(application_ids),
        DecisionNotice.is_replaced.is_(False),
    )
    return session.scalars(query).all()


def notice_by(session: Session, municipality: str, code_index: bytes) -> DecisionNotice | None:
    """Return the notice that a code stands on, if it counts."""
    query = select(DecisionNotice).where(
        DecisionNotice.municipality == municipality,
        DecisionNotice.code_index == code_index,
        DecisionNotice.is_replaced.is_(False),
    )
    return session.scalars(query).one_or_none()


def forget(session: Session, municipality: str, application_ids: Collection[str]) -> None:
    """Delete notes, what was taken of slots, and what decision notices say.

    That these are the city's can still be told.
    """
    for kept in (Note, SlotTaking):
        session.execute(
            delete(kept)
            .where(kept.municipality == municipality, kept.application_id.in_(application_ids))
            .execution_options(synchronize_session="fetch")
        )
    for notice in _all_notices(session, municipality, application_ids):
        facts = {name: fact for name, fact in notice.facts.items() if name in OF_NOBODY}
        notice.facts_json = json.dumps(facts)


def forget_person(session: Session, municipality: str, application_id: str) -> None:
    """Delete the notes of an application that is kept, and let its notices name nobody any more."""
    session.execute(
        delete(Note)
        .where(Note.municipality == municipality, Note.application_id == application_id)
        .execution_options(synchronize_session="fetch")
    )
    for notice in _all_notices(session, municipality, [application_id]):
        notice.facts_json = json.dumps(notice.facts | {"recipient": ""}, ensure_ascii=False)


def _all_notices(
    session: Session, municipality: str, application_ids: Collection[str]
) -> Sequence[DecisionNotice]:
    query = select(DecisionNotice).where(
        DecisionNotice.municipality == municipality,
        DecisionNotice.application_id.in_(application_ids),
    )
    return session.scalars(query).all()


OF_NOBODY = {"number", "title"}
"""What a notice tells whoever checks its code, and tells of nobody."""
