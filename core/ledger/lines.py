"""Lines of the ledger as people see them: how far, the best way now, and the last contact."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from core.dispatches.rows import Delivery
from core.dispatches.rules import State as Told
from core.eligibility import contacted_rows, entitlement_rows
from core.eligibility.contacted_rows import ContactRecord
from core.eligibility.rows import Entitlement, Roster
from core.eligibility.rules import EntitlementUnknown, Way
from core.japan import today
from core.ledger import reaching, standing
from core.ledger.rules import Progress, best_way


@dataclass(frozen=True, slots=True)
class Line:
    """One entitlement's line; `channel` is named where the best way is one."""

    entitlement: Entitlement
    state: Progress
    since_time: datetime
    resident_id: str = ""
    best_way: Way | None = None
    channel: str = ""
    last_way: Way | None = None
    last_time: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.since_time.isoformat(), self.entitlement.id


def page(
    session: Session,
    roster: Roster,
    *,
    states: Collection[Progress],
    after: tuple[datetime, str] | None,
    limit: int,
    now: datetime,
) -> tuple[list[Line], int]:
    """Return lines, those waiting longest first, and how many there are in all of these states."""
    if states:
        entries = standing.entries(roster, today(now))
        in_states = entries.c.state.in_([state.value for state in states])
        total = func.count().over().label("total")
        ordered = select(entries.c.id, entries.c.since_time, total).where(in_states)
    else:
        every = standing.waiting(roster)
        total = literal(roster.row_count).label("total")
        ordered = select(every.c.id, every.c.since_time, total)
    whole = ordered.subquery("whole")
    query = select(whole).order_by(whole.c.since_time, whole.c.id).limit(limit)
    if after is not None:
        query = query.where(_later(whole.c.since_time, whole.c.id, after))
    found = session.execute(query).all()
    size = found[0].total if found else count(session, roster, states=states, now=now)
    return of_ids(session, roster, [one.id for one in found], now), size


def count(session: Session, roster: Roster, *, states: Collection[Progress], now: datetime) -> int:
    entries = standing.entries(roster, today(now))
    query = select(func.count()).select_from(entries)
    if states:
        query = query.where(entries.c.state.in_([state.value for state in states]))
    return session.scalars(query).one()


def states_of(session: Session, roster: Roster, now: datetime) -> dict[str, Progress]:
    """Return the state of every entitlement on a roster, by id."""
    entries = standing.entries(roster, today(now))
    found = session.execute(select(entries.c.id, entries.c.state))
    return {id: Progress(state) for id, state in found}


def line(session: Session, roster: Roster, entitlement_id: str, now: datetime) -> Line:
    """Return one line; raise EntitlementUnknown where the roster has no such row."""
    found = of_ids(session, roster, [entitlement_id], now)
    if not found:
        raise EntitlementUnknown(
            f"the roster in force has no entitlement {entitlement_id}: list the ledger again"
        )
    return found[0]


def of_ids(session: Session, roster: Roster, ids: Sequence[str], now: datetime) -> list[Line]:
    """Open the names of what is shown, and find each best way and last contact."""
    if not ids:
        return []
    entries = standing.entries(roster, today(now), ids)
    found = session.execute(select(entries)).all()
    opened = entitlement_rows.by_id(session, roster.municipality, [one.id for one in found])
    reached = {one.resident_id for one in found if one.reachable}
    contacts = reaching.contacts(
        session, roster.municipality, reached, today(now), states=reaching.PUSHED_OR_READ
    )
    last = _last_contacts(session, roster, found)
    lines = [
        _line(one, opened[one.id], contacts.get(one.resident_id), last.get(one.id, (None, None)))
        for one in found
    ]
    return sorted(lines, key=lambda line: (line.since_time, line.entitlement.id))


def _line(
    one: Row[Any],
    entitlement: Entitlement,
    contact: reaching.Reached | None,
    last: tuple[datetime | None, Way | None],
) -> Line:
    state = Progress(one.state)
    channel = contact.channel if contact and one.reachable else ""
    way = best_way(
        state,
        channel=channel,
        phoned=one.phoned,
        has_address=one.has_address and bool(entitlement.address),
    )
    last_time, last_way = last
    return Line(
        entitlement=entitlement,
        state=state,
        since_time=one.since_time,
        resident_id=one.resident_id or "",
        best_way=way,
        channel=channel if way is Way.CHANNEL else "",
        last_way=last_way,
        last_time=last_time,
    )


def _last_contacts(
    session: Session, roster: Roster, found: Sequence[Row[Any]]
) -> dict[str, tuple[datetime, Way]]:
    """Return when and how each was reached or tried last, by entitlement."""
    contacts = _recorded(session, roster, [one.id for one in found])
    contacts += _sent(session, roster.municipality, found)
    newest: dict[str, tuple[datetime, Way]] = {}
    for id, time, way in contacts:
        if id not in newest or newest[id][0] < time:
            newest[id] = time, way
    return newest


def _recorded(
    session: Session, roster: Roster, ids: Collection[str]
) -> list[tuple[str, datetime, Way]]:
    """Return every contact that people wrote down, also for a roster that was replaced."""
    if not ids:
        return []
    query = contacted_rows.of_roster(roster, ids, ContactRecord.contact_time, ContactRecord.way)
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _sent(
    session: Session, municipality: str, found: Sequence[Row[Any]]
) -> list[tuple[str, datetime, Way]]:
    """Return every message that reached a channel about the applications of these."""
    by_application = {one.application_id: one.id for one in found if one.application_id}
    residents = {one.resident_id for one in found if one.resident_id and one.application_id}
    query = select(Delivery.occasion, Delivery.finish_time).where(
        Delivery.municipality == municipality,
        Delivery.resident_id.in_(residents),
        Delivery.state == Told.SENT,
        Delivery.finish_time.is_not(None),
    )
    sent = [(by_application.get(row[0].split(":")[0]), row[1]) for row in session.execute(query)]
    return [(id, time, Way.CHANNEL) for id, time in sent if id and time]


def _later(
    time: ColumnElement[datetime], id: ColumnElement[str], after: tuple[datetime, str]
) -> ColumnElement[bool]:
    return or_(time > after[0], and_(time == after[0], id > after[1]))
