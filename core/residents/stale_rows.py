"""Why residents' facts should be verified anew, since when, and how often they were asked."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

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


def clear(
    session: Session, municipality: str, resident_id: str, causes: Iterable[StaleCause]
) -> None:
    """Take away these causes, which new facts or a new consent answered."""
    session.execute(
        delete(Stale).where(
            Stale.municipality == municipality,
            Stale.resident_id == resident_id,
            Stale.cause.in_(list(causes)),
        )
    )
