"""Segments that staff keep by name."""

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Row


class Segment(Row):
    """A named tree of conditions, as the contract's Condition in JSON."""

    __tablename__ = "segments"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        UniqueConstraint("municipality", "name"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    condition_json: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
