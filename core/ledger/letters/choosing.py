"""Whom letters go to: chosen once a request, and written into the ledger before they are made."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Subquery, func, insert, or_, select
from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.eligibility import entitlement_rows, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.contacted_rows import ContactRecord
from core.eligibility.rows import Roster
from core.eligibility.rules import Way, require_open
from core.events import Municipality
from core.ids import new_id
from core.japan import today
from core.ledger import standing
from core.ledger.letters.typesetting import Letter
from core.ledger.rules import Progress
from core.letters.rules import NothingToPrint, Window, number_of
from core.messaging.rows import letter_window

PAGE = 500
"""Rows of one statement."""

AGAIN = timedelta(days=14)
"""How long nobody is written to again, so that the next file goes to the others."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The entitlements to write to, how many wait beside them, and how many were left out."""

    ids: list[str]
    remaining: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Printing:
    """Letters as they were written into the ledger, and what they say."""

    city: str
    code: str
    title: str
    time: datetime
    window: Window
    letters: list[Letter]


def choose(
    session: Session, roster: Roster, *, states: Collection[Progress], most: int, now: datetime
) -> Chosen:
    """Return whom to write to, those waiting longest first; raise NothingToPrint."""
    entries = standing.entries(roster, today(now))
    query = (
        select(entries.c.id, func.count().over().label("total"))
        .where(*_waits(entries, states, now))
        .order_by(entries.c.since_time, entries.c.id)
    )
    found = session.execute(query.limit(most)).all()
    if not found:
        raise _nobody()
    protected = select(func.count()).where(entries.c.state == Progress.PROTECTED.value)
    return Chosen(
        [row.id for row in found], found[0].total - len(found), session.scalars(protected).one()
    )


def still(
    session: Session,
    roster: Roster,
    chosen: Chosen,
    *,
    states: Collection[Progress],
    now: datetime,
) -> Chosen:
    """Return those of the chosen who wait still, in their order; raise NothingToPrint.

    Another may have written to them since they were chosen, or they have filed.
    """
    waiting: set[str] = set()
    for start in range(0, len(chosen.ids), PAGE):
        entries = standing.entries(roster, today(now), chosen.ids[start : start + PAGE])
        query = select(entries.c.id).where(*_waits(entries, states, now))
        waiting.update(session.scalars(query))
    if not waiting:
        raise _nobody()
    return replace(chosen, ids=[id for id in chosen.ids if id in waiting])


def _waits(
    entries: Subquery, states: Collection[Progress], now: datetime
) -> tuple[ColumnElement[bool], ...]:
    """Whether an entitlement in these states waits for a letter."""
    wanted = [state.value for state in states if state is not Progress.PROTECTED]
    return (
        entries.c.state.in_(wanted),
        entries.c.has_address,
        or_(entries.c.letter_time.is_(None), entries.c.letter_time < now - AGAIN),
    )


def _nobody() -> NothingToPrint:
    return NothingToPrint(
        f"nobody in these states waits for a letter, or got one within {AGAIN.days} days"
    )


def write_down(
    session: Session, by: Caller, roster: Roster, chosen: Chosen, *, print_id: str, now: datetime
) -> None:
    """Write each letter into the ledger."""
    values = [
        {
            "municipality": by.municipality,
            "id": new_id(),
            "program_id": roster.program_id,
            "entitlement_id": id,
            "way": Way.LETTER,
            "reached": False,
            "note": None,
            "actor": by.actor,
            "contact_time": now,
            "create_time": now,
            "print_id": print_id,
            "position": position,
        }
        for position, id in enumerate(chosen.ids, 1)
    ]
    for start in range(0, len(values), PAGE):
        session.execute(insert(ContactRecord), values[start : start + PAGE])
    details = {
        "print": print_id,
        "letters": str(len(chosen.ids)),
        "left_out": str(chosen.left_out),
        "remaining": str(chosen.remaining),
    }
    events.record(session, by, "ledger.printed", roster.program_id, now, details=details)


def written(session: Session, by: Caller, program_id: str, print_id: str) -> Printing:
    """Return a printing's letters in their order, without whoever is protected by now."""
    program = eligibility.get_program(session, by.municipality, program_id)
    record = ContactRecord
    query = select(record.entitlement_id, record.position, record.contact_time).where(
        record.municipality == by.municipality, record.print_id == print_id
    )
    found = session.execute(query.order_by(record.position)).all()
    opened = entitlement_rows.by_id(session, by.municipality, [row[0] for row in found])
    protected = _protected(session, opened.values())
    time = found[0][2]
    return Printing(
        city=session.get_one(Municipality, by.municipality).name,
        code=program.code,
        title=version_rows.terms_now(session, program, time).main_title,
        time=time,
        window=letter_window(session, by.municipality),
        letters=[
            Letter(
                number=number_of(print_id, position or 0, code=program.code),
                postal_code=opened[id].postal_code,
                address=opened[id].address,
                name=opened[id].name,
            )
            for id, position, _ in found
            if id not in protected
        ],
    )


def program_open(session: Session, by: Caller, program_id: str) -> eligibility.Program:
    """Return a program that letters may be written for; raise ProgramUnknown, ProgramClosed."""
    program = eligibility.get_program(session, by.municipality, program_id)
    require_open(program.state)
    return program


def _protected(session: Session, found: Collection[eligibility.Entitlement]) -> set[str]:
    """Return those under protection, who may be so since they were written to."""
    protected: set[str] = set()
    # As a rule of one roster, and never of more than one printing's.
    for key in {(row.municipality, row.roster_id) for row in found}:
        entries = standing.entries(session.get_one(Roster, key), date.max)
        query = select(entries.c.id).where(entries.c.state == Progress.PROTECTED.value)
        protected.update(session.scalars(query))
    return protected
