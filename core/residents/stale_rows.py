"""Why residents' facts should be verified anew, since when, and how often they were asked."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, bindparam, delete, exists, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Instant, Row
from core.residents.rows import IN_FORCE, OWN_FACTS, Facts, Resident
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


# Every message of a resident asks for it: made once, a statement costs half.
_IS_STALE = select(
    exists().where(
        Stale.municipality == bindparam("municipality"),
        Stale.resident_id == bindparam("resident_id"),
    )
)


def is_stale(session: Session, municipality: str, resident_id: str | None) -> bool:
    """Whether a resident should verify their facts anew; False for nobody."""
    if resident_id is None:
        return False
    key = {"municipality": municipality, "resident_id": resident_id}
    found: bool = session.execute(_IS_STALE, key).scalar_one()
    return bool(found)


def causes_of(session: Session, municipality: str, resident_id: str) -> list[StaleCause]:
    query = select(Stale.cause).where(
        Stale.municipality == municipality, Stale.resident_id == resident_id
    )
    return list(session.scalars(query))


def count(session: Session, municipality: str) -> int:
    """Return how many residents should verify their facts anew."""
    query = select(func.count(Stale.resident_id.distinct())).where(
        Stale.municipality == municipality
    )
    counted: int = session.scalars(query).one()
    return counted


def page(
    session: Session,
    municipality: str,
    *,
    cause: StaleCause | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[tuple[Resident, Facts, list[Stale]]]:
    """Return stale residents with all their causes, those waiting longest first."""
    since = func.min(Stale.since_time)
    query = select(Stale.resident_id, since).where(Stale.municipality == municipality)
    if cause is not None:
        of_cause = select(Stale.resident_id).where(
            Stale.municipality == municipality, Stale.cause == cause
        )
        query = query.where(Stale.resident_id.in_(of_cause))
    query = query.group_by(Stale.resident_id)
    if after is not None:
        moment, id = after
        query = query.having((since > moment) | ((since == moment) & (Stale.resident_id > id)))
    ids = [row[0] for row in session.execute(query.order_by(since, Stale.resident_id).limit(limit))]
    sides = (
        select(Resident, Facts)
        .join(Facts, OWN_FACTS)
        .where(Resident.municipality == municipality, Resident.id.in_(ids), IN_FORCE)
    )
    known = {row[0].id: (row[0], row[1]) for row in session.execute(sides)}
    held: dict[str, list[Stale]] = {id: [] for id in ids}
    theirs = select(Stale).where(Stale.municipality == municipality, Stale.resident_id.in_(ids))
    for one in session.scalars(theirs):
        held[one.resident_id].append(one)
    return [(*known[id], held[id]) for id in ids if id in known]
