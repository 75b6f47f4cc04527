"""Every query of offices."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from core.associations.member_rows import Member, Office
from core.associations.rows import Association
from core.associations.rules import OfficeKind
from core.japan import today


def holds(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of an office that is held at this moment, by the day in Japan."""
    day = today(now)
    return (
        Office.begin_date <= day,
        Office.end_date >= day,
        Office.end_time.is_(None) | (Office.end_time > now),
    )


def find(session: Session, municipality: str, id: str) -> Office | None:
    return session.get(Office, (municipality, id))


def held_in(session: Session, of: Association, now: datetime) -> list[tuple[Office, Member]]:
    """Return the offices of an association that are held at this moment, with who holds them."""
    query = _with_holders(of).where(*holds(now))
    found = session.execute(query.order_by(Office.kind, Office.begin_date, Office.id))
    return [(office, member) for office, member in found]


def page(
    session: Session, of: Association, *, after: tuple[date, str] | None, limit: int
) -> list[tuple[Office, Member]]:
    """Return offices of all times with who holds them, newest first, after a (first day, id)."""
    query = _with_holders(of)
    if after is not None:
        query = query.where(
            (Office.begin_date < after[0])
            | ((Office.begin_date == after[0]) & (Office.id < after[1]))
        )
    found = session.execute(query.order_by(Office.begin_date.desc(), Office.id.desc()).limit(limit))
    return [(office, member) for office, member in found]


def going_on(session: Session, of: Association, day: date) -> list[Office]:
    """Return the offices that are held on a day or after it, as things stand."""
    query = select(Office).where(
        Office.municipality == of.municipality,
        Office.association_id == of.id,
        Office.end_date >= day,
        Office.end_time.is_(None),
    )
    return list(session.scalars(query.order_by(Office.begin_date, Office.id)))


def going_on_of(
    session: Session, municipality: str, member_ids: Collection[str], day: date
) -> list[Office]:
    """Return the offices that these members hold on a day or after it, as things stand."""
    query = select(Office).where(
        Office.municipality == municipality,
        Office.member_id.in_(member_ids),
        Office.end_date >= day,
        Office.end_time.is_(None),
    )
    return list(session.scalars(query.order_by(Office.begin_date, Office.id)))


def overlapping(
    session: Session,
    of: Association,
    kind: OfficeKind,
    group_id: str,
    *,
    begin: date,
    end: date,
    member_id: str = "",
) -> bool:
    """Whether somebody, or this member, holds the office on one of the days, as things stand."""
    query = select(Office.id).where(
        Office.municipality == of.municipality,
        Office.association_id == of.id,
        Office.kind == kind,
        Office.group_id == group_id,
        Office.begin_date <= end,
        Office.end_date >= begin,
        Office.end_time.is_(None),
    )
    if member_id:
        query = query.where(Office.member_id == member_id)
    return session.scalars(query.limit(1)).first() is not None


def with_chair(session: Session, municipality: str, now: datetime) -> set[str]:
    """Return the associations of which somebody is chair at this moment."""
    query = select(Office.association_id).where(
        Office.municipality == municipality, Office.kind == OfficeKind.CHAIR, *holds(now)
    )
    return set(session.scalars(query))


def _with_holders(of: Association) -> Select[Office, Member]:
    return (
        select(Office, Member)
        .join(
            Member,
            (Member.municipality == Office.municipality) & (Member.id == Office.member_id),
        )
        .where(Office.municipality == of.municipality, Office.association_id == of.id)
    )
