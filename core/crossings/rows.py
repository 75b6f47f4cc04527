"""What crosses between the networks, and the keys it is sealed to."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.crossings.rules import CrossingState, Direction
from core.crypto import Sealed
from core.db import Instant, Row


class SealingKey(Row):
    """The city's public key that exports are sealed to; the newest is in force."""

    __tablename__ = "sealing_keys"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    public_key: Mapped[str]
    fingerprint: Mapped[str]
    set_by: Mapped[str]
    reason: Mapped[str]
    set_time: Mapped[datetime] = mapped_column(Instant)


class Crossing(Row):
    """A file that passes between the networks, by two people.

    `answer_secret` is what the closed network proves to have opened the export with; an import
    names the export it answers as `export_id`.
    """

    __tablename__ = "crossings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "program_id"], ["programs.municipality", "programs.id"]
        ),
        Index(None, "municipality", "program_id", "id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    direction: Mapped[Direction]
    state: Mapped[CrossingState]
    proposer: Mapped[str]
    propose_time: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Sealed("crossings.reason"), default=None)
    row_count: Mapped[int] = mapped_column(default=0)
    content_hash: Mapped[str] = mapped_column(default="")
    file_name: Mapped[str] = mapped_column(default="")
    key_fingerprint: Mapped[str] = mapped_column(default="")
    answer_secret: Mapped[str | None] = mapped_column(
        Sealed("crossings.answer_secret"), default=None
    )
    approver: Mapped[str] = mapped_column(default="")
    approve_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    done_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    export_id: Mapped[str | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(default=1)


class CrossingPart(Row):
    """A part of a sealed export, kept so that the same crossing gives the same bytes."""

    __tablename__ = "crossing_parts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "crossing_id"], ["crossings.municipality", "crossings.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    crossing_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class CrossingLink(Row):
    """A link that an import brought, until it is approved; `line` is its canonical row."""

    __tablename__ = "crossing_links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "crossing_id"], ["crossings.municipality", "crossings.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    crossing_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(Sealed("crossing_links.line"))


ANSWERED = (Crossing.direction == Direction.IMPORT) & (Crossing.state != CrossingState.CANCELLED)

Index(
    "uq_crossings_content",
    Crossing.municipality,
    Crossing.export_id,
    Crossing.content_hash,
    unique=True,
    sqlite_where=ANSWERED,
    postgresql_where=ANSWERED,
)
