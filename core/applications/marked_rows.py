"""Answers that a procedure marks for segments: choices only, never words."""

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Row


class MarkedAnswer(Row):
    """What a resident last chose at a marked step, among choices; a row for each value."""

    __tablename__ = "marked_answers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
        Index(None, "municipality", "resident_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    procedure_key: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str] = mapped_column(primary_key=True)
