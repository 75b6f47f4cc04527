"""Why residents' facts should be verified anew, since when, and how often they were asked."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Instant, Row
from core.residents.rules import StaleCause


class Stale(Row):
    """One cause for one resident; it goes when the facts are renewed or the cause does."""

    __tablename__ = "stale"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
        Index(None, "municipality", "since_time"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str] = mapped_column(primary_key=True)
    cause: Mapped[StaleCause] = mapped_column(primary_key=True)
    since_time: Mapped[datetime] = mapped_column(Instant)
    ask_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    asked: Mapped[int] = mapped_column(default=0)
