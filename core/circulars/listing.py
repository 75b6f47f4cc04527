"""The circulars of an association as its officers see them, and those of its screen."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from core.associations import standings, structure_rows
from core.associations.rules import AssociationUnknown, Standing
from core.callers import Caller, Role
from core.circulars import queries, searching
from core.circulars.queries import Counts
from core.circulars.rows import Circular, CircularVersion
from core.circulars.rules import OUT, State
from core.japan import today

THROWN_AWAY = (Circular.state == State.WITHDRAWN) & Circular.publish_time.is_(None)
"""Whether it was taken back before it went out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which circulars are listed; `closed` ones are past their due date."""

    state: State | None = None
    closed: bool | None = None
    words: str = ""
    """Only what holds all of these."""


@dataclass(frozen=True, slots=True)
class Line:
    """A circular with what it says and how many households have read."""

    circular: Circular
    version: CircularVersion
    counts: Counts


def list_(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    association_id: str,
    wanted: Wanted,
    before: str,
    limit: int,
    now: datetime,
) -> list[Line]:
    """Return circulars newest first; raise AssociationUnknown, NotInOffice."""
    if by.is_channel:
        association, standing = standings.of_association(
            session, by, external_id=external_id, association_id=association_id, now=now
        )
        standing.check_sees()
        id = association.id
    elif association_id or Role.ASSOCIATIONS not in by.roles:
        # What goes round in an association, the city's section does not see.
        raise AssociationUnknown("no such association")
    else:
        id, standing = "", Standing("", is_staff=True)
    matching = [~THROWN_AWAY, *_seen(standing), *_in_state(wanted, now)]
    most = None if wanted.words.strip() else limit
    found = queries.page(session, by.municipality, id, *matching, before=before, limit=most)
    if wanted.words.strip():
        found = _holding(session, by.municipality, found, wanted.words)[:limit]
    return lines(session, by.municipality, found, standing)


def _holding(
    session: Session, municipality: str, found: Sequence[Circular], words: str
) -> list[Circular]:
    versions = queries.contents(session, found)
    said = [(one, json.loads(versions[one.id].content_json)) for one in found]
    holding = searching.holding(session, municipality, said, words)
    return [one for one in found if one.id in holding]


def _seen(standing: Standing) -> list[ColumnElement[bool]]:
    """Match what an office lets see: drafts by who may write them, the others by their readers."""
    if standing.is_staff or standing.leads_all:
        return []
    is_out = Circular.state.in_(OUT)
    if standing.sees(""):
        if not standing.groups:
            return [is_out]
        return [or_(is_out, Circular.author_id == standing.member_id)]
    own = Circular.author_id == standing.member_id
    return [or_(own, and_(is_out, queries.reaches_groups(standing.groups)))]


def _in_state(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    matching: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        matching.append(Circular.state == wanted.state)
    if wanted.closed is not None:
        over = Circular.due_date.is_not(None) & (Circular.due_date < today(now))
        matching.append(over if wanted.closed else ~over)
    return matching


def lines(
    session: Session, municipality: str, found: Sequence[Circular], standing: Standing
) -> list[Line]:
    versions = queries.contents(session, found)
    ids = [one.id for one in found]
    counts = queries.counts(session, municipality, ids, standing.seen_groups)
    return [Line(one, versions[one.id], counts.get(one.id, Counts())) for one in found]


def on_board(
    session: Session,
    by: Caller,
    *,
    association_id: str,
    before: str,
    limit: int,
    now: datetime,
) -> list[Line]:
    """Return what the screen shows, newest first; raise AssociationUnknown."""
    if association_id:
        structure_rows.get(session, by.municipality, association_id)
    shown = [Circular.on_board.is_(True), *_in_state(Wanted(State.PUBLISHED, closed=False), now)]
    found = queries.page(
        session, by.municipality, association_id, *shown, before=before, limit=limit
    )
    versions = queries.contents(session, found)
    return [Line(one, versions[one.id], Counts()) for one in found]
