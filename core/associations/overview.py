"""How associations are led and what waits in them, as the city's section looks over them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, Subquery, case, func, literal, select, tuple_
from sqlalchemy.orm import Session

from core.associations.member_rows import WAITS, JoinRequest, Office
from core.associations.office_rows import holds
from core.associations.rows import Association, Group
from core.associations.rules import OfficeKind
from core.japan import today

NOBODY = date.min
"""Stands before all days where nobody is chair."""

Key = tuple[date, str, str]
"""Until when an association has a chair, its name, its id."""


@dataclass(frozen=True, slots=True)
class Leading:
    """`chair_until` is the last day for which somebody is appointed chair; None without one."""

    chair_until: date | None = None
    offices: int = 0
    headless_groups: int = 0
    join_requests: int = 0


def page_by_term(
    session: Session, municipality: str, *, after: Key | None, limit: int, now: datetime
) -> list[tuple[Association, date]]:
    """Return associations, those without a chair first; each with until when it has one."""
    chairs = _chairs(municipality, now)
    until = _until(chairs, now)
    query = (
        select(Association, until)
        .outerjoin(chairs, chairs.c.association_id == Association.id)
        .where(Association.municipality == municipality)
    )
    places = (until, Association.name, Association.id)
    if after is not None:
        query = query.where(tuple_(*places) > tuple_(literal(after[0], Date), *after[1:]))
    return [(row[0], row[1]) for row in session.execute(query.order_by(*places).limit(limit))]


def of(
    session: Session, municipality: str, association_ids: Collection[str], now: datetime
) -> dict[str, Leading]:
    """Return how each association is led."""
    chairs = _chairs(municipality, now)
    terms = select(chairs.c.association_id, chairs.c.until).where(
        chairs.c.association_id.in_(association_ids), chairs.c.since <= today(now)
    )
    held = (Office.municipality == municipality, Office.association_id.in_(association_ids))
    offices = (
        select(Office.association_id, func.count())
        .where(*held, *holds(now))
        .group_by(Office.association_id)
    )
    heads = select(Office.group_id).where(*held, *holds(now), Office.kind == OfficeKind.GROUP_HEAD)
    headless = (
        select(Group.association_id, func.count())
        .where(
            Group.municipality == municipality,
            Group.association_id.in_(association_ids),
            Group.id.not_in(heads),
        )
        .group_by(Group.association_id)
    )
    waiting = (
        select(JoinRequest.association_id, func.count())
        .where(
            JoinRequest.municipality == municipality,
            JoinRequest.association_id.in_(association_ids),
            WAITS,
        )
        .group_by(JoinRequest.association_id)
    )
    until = {row[0]: row[1] for row in session.execute(terms)}
    counts = [
        {row[0]: row[1] for row in session.execute(query)} for query in (offices, headless, waiting)
    ]
    return {
        id: Leading(until.get(id), *(found.get(id, 0) for found in counts))
        for id in association_ids
    }


def _chairs(municipality: str, now: datetime) -> Subquery:
    """Say of each association from when to when somebody is appointed chair, as things stand."""
    query = select(
        Office.association_id,
        func.min(Office.begin_date).label("since"),
        func.max(Office.end_date).label("until"),
    ).where(
        Office.municipality == municipality,
        Office.kind == OfficeKind.CHAIR,
        Office.end_date >= today(now),
        Office.end_time.is_(None) | (Office.end_time > now),
    )
    return query.group_by(Office.association_id).subquery()


def _until(chairs: Subquery, now: datetime) -> ColumnElement[date]:
    return case((chairs.c.since <= today(now), chairs.c.until), else_=literal(NOBODY, Date))
