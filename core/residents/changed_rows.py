"""Residents whose facts came or changed, until whoever matches them has looked."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Instant, Row


class ChangedResident(Row):
    """A resident to be put beside the rosters of open programs; gone once that is done."""

    __tablename__ = "changed_residents"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str] = mapped_column(primary_key=True)
    change_time: Mapped[datetime] = mapped_column(Instant)


def add(session: Session, municipality: str, resident_id: str, now: datetime) -> None:
    """Note that a resident's facts changed."""
    session.merge(
        ChangedResident(municipality=municipality, resident_id=resident_id, change_time=now)
    )


def some(session: Session, municipality: str, *, limit: int) -> list[str]:
    """Return the ids of those who changed, locked; what another process holds is left out."""
    query = select(ChangedResident.resident_id).where(ChangedResident.municipality == municipality)
    ordered = query.order_by(ChangedResident.resident_id).limit(limit)
    return list(session.scalars(ordered.with_for_update(skip_locked=True)))


def waiting(session: Session) -> list[str]:
    """Return the municipalities in which somebody changed."""
    return list(session.scalars(select(ChangedResident.municipality).distinct()))


def done(session: Session, municipality: str, ids: list[str]) -> None:
    """Forget that these changed."""
    session.execute(
        delete(ChangedResident).where(
            ChangedResident.municipality == municipality, ChangedResident.resident_id.in_(ids)
        )
    )
