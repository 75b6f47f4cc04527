"""Procedures of a municipality: their published versions, and the draft beside them."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Instant, Row


class ProcedureVersion(Row):
    """A published version; nothing of it changes but until when it is in force.

    The version that ships is copied here when it is first used, so that what is under way keeps it.
    """

    __tablename__ = "procedure_versions"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    origin: Mapped[str]
    """Whose it is and its version there, as "13221:3" or "todoke:1"; empty for the town's own."""
    origin_source: Mapped[str]
    """Its source as it came from there, to tell later what either side has changed."""
    author: Mapped[str]
    publish_time: Mapped[datetime] = mapped_column(Instant)
    retire_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


class ProcedureDraft(Row):
    """A procedure being written, faulty or not."""

    __tablename__ = "procedure_drafts"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    author: Mapped[str]
    save_time: Mapped[datetime] = mapped_column(Instant)
    origin: Mapped[str] = mapped_column(default="")
    origin_source: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
