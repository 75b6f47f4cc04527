"""Whoever a circular concerns is told part by part, each in a short transaction of its own.

The first part is told at once, with what there is to tell; a job goes on with the others. Whom a
circular is for stands fast before: it has its receipts.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from core.associations.rows import Household
from core.circulars import queries, telling
from core.circulars.rows import Announcement, Circular, CircularVersion, Receipt
from core.circulars.rules import Occasion, is_over
from core.ids import new_id
from core.japan import begin_of, today
from core.jobs import At, Step

PART = 1_000
"""Households in one transaction: other writers wait for some tenth of a second."""


@dataclass(frozen=True, slots=True)
class Told:
    """Households of the first part: those reached, and those that nothing reaches.

    `waiting` are those of the other parts.
    """

    reached: int
    unreached: int
    waiting: int = 0


def begin(
    session: Session,
    circular: Circular,
    occasion: Occasion,
    *,
    mark: str,
    but: str = "",
    group_ids: Collection[str] | None = None,
    now: datetime,
) -> Told:
    """Tell the first part of those whom an occasion concerns, and leave the others to the job."""
    announcement = Announcement(
        municipality=circular.municipality,
        id=new_id(),
        circular_id=circular.id,
        occasion=occasion,
        mark=mark,
        begin_time=now,
        but=but,
        groups_json=json.dumps(None if group_ids is None else sorted(group_ids)),
    )
    session.flush()
    part, is_last = _go_on(session, circular, announcement, now)
    if is_last:
        return part
    session.add(announcement)
    waiting = select(func.count()).select_from(_concerned(announcement, now).subquery())
    return Told(part.reached, part.unreached, session.scalars(waiting).one())


def _go_on(
    session: Session, circular: Circular, announcement: Announcement, now: datetime
) -> tuple[Told, bool]:
    """Tell the next part; return whom, and whether it is the last."""
    query = _concerned(announcement, now).order_by(Receipt.household_id)
    found = list(session.scalars(query.limit(PART + 1)))
    ids = found[:PART]
    occasion = announcement.occasion
    reached = telling.tell(
        session,
        circular,
        occasion,
        ids,
        mark=announcement.mark,
        remark=_remark(session, circular, announcement),
        but=announcement.but,
        now=now,
    )
    if occasion is Occasion.REMINDER:
        _set_reminded(session, circular, reached, now)
    if ids:
        announcement.cursor = ids[-1]
    return Told(len(reached), len(ids) - len(reached)), len(found) <= PART


def _concerned(announcement: Announcement, now: datetime) -> Select[Any]:
    """Match the households behind the cursor whom an occasion concerns."""
    query = select(Receipt.household_id).where(
        Receipt.municipality == announcement.municipality,
        Receipt.circular_id == announcement.circular_id,
        Receipt.household_id > announcement.cursor,
    )
    if announcement.occasion is Occasion.REMINDER:
        return _to_be_reminded(query, json.loads(announcement.groups_json), now)
    if announcement.occasion is Occasion.PUBLISHED:
        return query
    # Who reads only now reads that it changed, or was taken back.
    return query.where(Receipt.read_time <= announcement.begin_time)


def _to_be_reminded(
    query: Select[Any], group_ids: Sequence[str] | None, now: datetime
) -> Select[Any]:
    """Match the unread that live there still and were not reminded today."""
    if group_ids is not None:
        query = query.where(Household.group_id.in_(group_ids))
    return query.join(Household, queries.OF_RECEIPT).where(
        Receipt.way.is_(None),
        Receipt.remind_time.is_(None) | (Receipt.remind_time < begin_of(today(now))),
        Household.end_time.is_(None),
    )


def _remark(session: Session, circular: Circular, announcement: Announcement) -> str:
    """Return what changed, or why it was taken back."""
    if announcement.occasion is Occasion.WITHDRAWN:
        return circular.withdrawn_with
    if announcement.occasion is not Occasion.CORRECTED:
        return ""
    key = (circular.municipality, circular.id, int(announcement.mark))
    return session.get_one(CircularVersion, key).correction


def _set_reminded(
    session: Session, circular: Circular, household_ids: Collection[str], now: datetime
) -> None:
    session.execute(
        update(Receipt)
        .where(
            Receipt.municipality == circular.municipality,
            Receipt.circular_id == circular.id,
            Receipt.household_id.in_(household_ids),
        )
        .values(remind_time=now)
        .execution_options(synchronize_session=False)
    )


def end(session: Session, circular: Circular) -> None:
    """Tell nobody any more of what was to be told of a circular."""
    query = delete(Announcement).where(
        Announcement.municipality == circular.municipality,
        Announcement.circular_id == circular.id,
    )
    session.execute(query.execution_options(synchronize_session=False))


def step(session: Session, at: At) -> Step:
    """Tell the next part of what was to be told first."""
    query = select(Announcement).where(Announcement.municipality == at.municipality)
    first = session.scalars(query.order_by(Announcement.id).limit(1)).one_or_none()
    if first is None:
        return Step()
    # Who corrects or takes back has the circular locked: what ended meanwhile is gone now.
    circular = queries.find(session, at.municipality, first.circular_id, lock=True)
    key = (at.municipality, first.id)
    announcement = session.get(Announcement, key, populate_existing=True)
    if circular is None or announcement is None:
        return Step("again")
    reminds = announcement.occasion is Occasion.REMINDER
    if reminds and is_over(circular.due_date, today(at.now)):
        session.delete(announcement)
        return Step("again")
    part, is_last = _go_on(session, circular, announcement, at.now)
    if is_last:
        session.delete(announcement)
    return Step("again", {"told": part.reached})


def waiting(session: Session) -> list[str]:
    """Return the municipalities in which somebody is still to be told of a circular."""
    return list(session.scalars(select(Announcement.municipality).distinct()))
