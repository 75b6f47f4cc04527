"""What the city wrote to leaders is passed on: a circular of the association, drawn from it."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.associations import standings, structure_rows
from core.callers import Caller
from core.circulars import drafting, publishing, queries, reading, targeting
from core.circulars.rows import Circular
from core.circulars.rules import (
    CircularClosed,
    CircularForLeaders,
    ContentRefused,
    State,
    is_over,
)
from core.circulars.targets import Targets, are_leaders_only
from core.ids import new_id
from core.japan import today
from core.my_number import refuse_my_number


def forward(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    circular_id: str,
    association_id: str,
    targets: Targets,
    remark: str,
    now: datetime,
) -> Circular:
    """Pass the city's circular on to the association; what was passed on already is found.

    Raises AssociationUnknown, CircularUnknown, CircularClosed, CircularForLeaders, NotInOffice,
    TargetsEmpty, MyNumberRefused, GroupUnknown, HouseholdUnknown.
    """
    association, standing = standings.of_association(
        session, by, external_id=external_id, association_id=association_id, now=now
    )
    # Of two leaders who tap at once, the second waits here, and then finds the first one's.
    structure_rows.get(session, by.municipality, association.id, lock=True)
    source = _of_city(session, by.municipality, circular_id, association.id)
    standing.check_leads_all()
    key = (source.id, association.id)
    found = queries.forwarded(session, by.municipality, [source.id], [association.id]).get(key)
    if found is not None:
        return found
    _check_goes_on(source, now)
    refuse_my_number(remark, field="remark")
    if targets.is_of_city:
        raise ContentRefused("an association writes to its households", field="targets")
    targeting.check(session, standing, by.municipality, targets)
    households = publishing.resolved(session, standing, by.municipality, targets, now)
    author = drafting.author_of(session, by, standing)
    circular = _drawn_from(source, association.id, author, targets, now)
    _keep_drawn(session, circular, queries.content_of(session, source), remark, now)
    publishing.go_out(session, circular, standing, households, now)
    reading.read_by_writer(session, source, standing, now)
    drafting.record(session, by, circular, "forwarded", now, on_behalf_of=standing.member_id)
    return circular


def _of_city(
    session: Session, municipality: str, circular_id: str, association_id: str
) -> Circular:
    source = queries.find(session, municipality, circular_id)
    if source is None or not queries.is_for(session, source, association_id):
        raise queries.unknown()
    return source


def _check_goes_on(source: Circular, now: datetime) -> None:
    """Refuse what the city wrote to leaders only, took back, or what is over."""
    if are_leaders_only(source.targets_json):
        raise CircularForLeaders("the city wrote to leaders only")
    if source.state is State.WITHDRAWN or is_over(source.due_date, today(now)):
        raise CircularClosed("the city's circular is no longer to be passed on", state=source.state)


def _drawn_from(
    source: Circular, association_id: str, author: tuple[str, str], targets: Targets, now: datetime
) -> Circular:
    author_id, author_name = author
    return Circular(
        municipality=source.municipality,
        id=new_id(),
        association_id=association_id,
        kind=source.kind,
        state=State.DRAFT,
        author_id=author_id,
        author_name=author_name,
        targets_json=json.dumps(targets.names, ensure_ascii=False),
        create_time=now,
        due_date=source.due_date,
        forwarded_from=source.id,
    )


def _keep_drawn(
    session: Session, circular: Circular, content: dict[str, Any], remark: str, now: datetime
) -> None:
    """Keep it with what the city's says, below the leader's remark."""
    session.add(circular)
    session.flush()
    # Whether the screen shows it, the association says itself.
    content.pop("on_board", None)
    content["body"] = "\n\n".join(part for part in (remark, content.get("body", "")) if part)
    drafting.keep_content(session, circular, content, now)
