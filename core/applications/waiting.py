"""What waits for its resident too long: they are reminded once by day, and it ends by itself."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import inviting, rows, saying, speech
from core.applications import reached as reaching
from core.applications.history import record
from core.applications.moving import move
from core.applications.rules import State, Verb
from core.applications.speakers import Speaking
from core.callers import the_core
from core.dispatches import actions as dispatches
from core.eligibility import contacted_rows
from core.eligibility.rules import ProgramClosed
from core.japan import JST
from core.jobs import At, Step
from core.procedures.catalogue import Catalogue
from core.proxies.reaching import Reached

PART = 200
"""Applications in one transaction, so that other writers are not held up."""

MORNING, EVENING = 8, 21
"""Between these hours in Japan people may be reminded."""


def remind(session: Session, at: At, *, known: Catalogue) -> Step:
    """Tell a part of those whose answers are awaited what stands, once; nobody by night.

    Who told staff that they do not want what they were invited to is left alone.
    """
    if not MORNING <= at.now.astimezone(JST).hour < EVENING:
        return Step()
    due = rows.awaited(session, at.municipality, rows.Application.remind_time <= at.now, PART)
    reminded = 0
    said_no = _who_said_no(session, due)
    for row in due:
        row.remind_time = None
        if row.entitlement_id in said_no or not _may_file(session, row, at.now):
            continue
        reached = reaching.reached(session, row, at.now)
        if reached is not None:
            _remind(session, row, reached, known, at.now)
            reminded += 1
    return Step("again" if len(due) == PART else "", {"reminded": reminded})


def expire(session: Session, at: At) -> Step:
    """End a part of what was not filed in time."""
    by = the_core(at.municipality)
    due = rows.awaited(session, at.municipality, rows.Application.expire_time <= at.now, PART)
    expired = 0
    for row in due:
        last = saying.last_of(session, row, at.now) if row.state is State.INVITED else None
        if last is not None and last > at.now:
            # The days for filing were made longer since.
            row.expire_time = last
            continue
        row.expire_time = row.remind_time = None
        move(session, by, row, Verb.EXPIRE, at.now)
        expired += 1
    return Step("again" if len(due) == PART else "", {"expired": expired})


def _who_said_no(session: Session, due: Iterable[rows.Application]) -> set[str]:
    """Return the entitlements of those who told staff that they do not want theirs."""
    listed: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in due:
        if row.entitlement_id and row.state is State.INVITED:
            listed[row.municipality, row.program_id].append(row.entitlement_id)
    found = [contacted_rows.said_no(session, *program, ids) for program, ids in listed.items()]
    return set[str]().union(*found)


def _may_file(session: Session, row: rows.Application, now: datetime) -> bool:
    try:
        saying.require_filing(session, row, now)
    except ProgramClosed:
        return False
    return True


def _remind(
    session: Session, row: rows.Application, reached: Reached, known: Catalogue, now: datetime
) -> None:
    by = the_core(row.municipality)
    who = Speaking(reached.contact, reached.on_behalf_of)
    dispatches.tell(
        session,
        by,
        occasion=f"{row.id}:reminded:{row.revision}",
        resident_id=row.resident_id,
        contact=inviting.recipient(reached.contact),
        content=speech.pushed(saying.said_to(session, row, who, known, now)),
        now=now,
    )
    record(session, by, row, "reminded", now)
