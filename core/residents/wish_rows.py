"""What residents want to hear of and agreed to: topics, choices, consents."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Instant, Row
from core.residents.rules import ConsentPurpose

Texts = JSON().with_variant(JSONB(), "postgresql")


class Topic(Row):
    """What residents may choose to hear of; `title` by language."""

    __tablename__ = "topics"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[dict[str, str]] = mapped_column(Texts)
    chosen_at_first: Mapped[bool]
    revision: Mapped[int] = mapped_column(default=1)


class Choice(Row):
    """A topic that a resident chose, or left (`wanted` is false) though it is chosen at first."""

    __tablename__ = "topic_choices"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
        Index(None, "municipality", "topic"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    wanted: Mapped[bool]


class Consent(Row):
    """An agreement to one version of one text; `given_by` is how, such as "jpki_signature"."""

    __tablename__ = "consents"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str]
    purpose: Mapped[ConsentPurpose]
    version: Mapped[int]
    given_by: Mapped[str]
    give_time: Mapped[datetime] = mapped_column(Instant)
    withdraw_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


HOLDS = Consent.withdraw_time.is_(None)

Index(
    "uq_consents_holding",
    Consent.municipality,
    Consent.resident_id,
    Consent.purpose,
    unique=True,
    sqlite_where=HOLDS,
    postgresql_where=HOLDS,
)
