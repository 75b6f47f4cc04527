"""What a round sheet says: the circular, its files' pages, and the households in walking order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from core.associations import structure_rows
from core.associations.rows import Association, Household
from core.callers import Caller
from core.circulars import drafting, queries, reaching, receipts, whole_round
from core.circulars.rows import Circular, CircularFile, CircularPage, NamedFile
from core.circulars.rules import Kind, RoundTooLarge, State, Way
from core.japan import today
from core.letters.rules import NothingToPrint

MOST_LINES = 3_000
"""The typesetter takes 45 KB for each."""

READ_THERE = {Way.OPENED, Way.TAPPED}


@dataclass(frozen=True, slots=True)
class Line:
    """A household of the round."""

    group: str
    name: str
    address: str
    paper: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A circular to be printed; `missing` are pages of files that have no picture."""

    association: str
    kind: Kind
    content: dict[str, Any]
    correction: str
    author: str
    day: date
    due_date: date | None
    lines: Sequence[Line]
    pictures: Sequence[tuple[str, bytes]]
    missing: int
    time: datetime


def sheet(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    circular_id: str,
    group_id: str,
    unread: bool,
    now: datetime,
) -> Sheet:
    """Return what is printed for whoever reads on paper, and the unread where asked for.

    Raises CircularUnknown, NotInOffice, NothingToPrint, RoundTooLarge.
    """
    led = receipts.out(session, by, external_id=external_id, circular_id=circular_id, now=now)
    circular, association = led.circular, led.association
    if association is None:
        raise queries.unknown()
    groups = led.groups_of(group_id)
    if circular.state is State.WITHDRAWN:
        raise NothingToPrint("it was taken back: nobody is to read it any more")
    households = _households(session, circular, groups, unread=unread)
    if not households:
        raise NothingToPrint("no household reads on paper, and none is unread")
    _check_fits(len(households))
    drafting.record(session, by, circular, "printed", now, on_behalf_of=led.standing.member_id)
    pictures, pages = _pictures(session, circular)
    return Sheet(
        association.name,
        circular.kind,
        queries.content_of(session, circular),
        queries.version_of(session, circular).correction,
        circular.author_name,
        today(circular.publish_time or now),
        circular.due_date,
        _lines(session, association, households),
        pictures,
        pages - len(pictures),
        now,
    )


def _households(
    session: Session, circular: Circular, groups: frozenset[str] | None, *, unread: bool
) -> list[Household]:
    printed, unsure = [], []
    for id, way, paper in whole_round.living(session, circular, group_ids=groups):
        if paper or (unread and way is None):
            printed.append(id)
        # Who reads in a browser is never pushed to, and needs no paper once they have read.
        elif way not in READ_THERE:
            unsure.append(id)
    reached = reaching.reach_households(session, circular.municipality, unsure)
    printed += [id for id in unsure if id not in reached]
    return whole_round.in_order(session, circular.municipality, printed)


def _check_fits(households: int) -> None:
    if households > MOST_LINES:
        raise RoundTooLarge(
            f"a sheet has {MOST_LINES} households at most: print it group by group",
            households=str(households), most=str(MOST_LINES),
        )  # fmt: skip


def _lines(
    session: Session, association: Association, households: Sequence[Household]
) -> list[Line]:
    groups = {group.id: group.name for group in structure_rows.groups_of(session, association)}
    return [
        Line(groups.get(one.group_id, ""), one.name, one.address, one.paper) for one in households
    ]


def _pictures(session: Session, circular: Circular) -> tuple[list[tuple[str, bytes]], int]:
    """Return the pages of a circular's files as pictures in order, and how many there are."""
    of = (NamedFile.municipality == circular.municipality, NamedFile.circular_id == circular.id)
    pages = (
        select(CircularPage)
        .join(
            NamedFile,
            (NamedFile.municipality == CircularPage.municipality)
            & (NamedFile.file_id == CircularPage.file_id),
        )
        .where(*of)
        .options(undefer(CircularPage.content))
    )
    count = (
        select(CircularFile.pages)
        .join(
            NamedFile,
            (NamedFile.municipality == CircularFile.municipality)
            & (NamedFile.file_id == CircularFile.id),
        )
        .where(*of)
    )
    drawn = session.scalars(pages.order_by(CircularPage.file_id, CircularPage.page))
    pictures = [(page.media_type, page.content) for page in drawn]
    return pictures, sum(session.scalars(count))
