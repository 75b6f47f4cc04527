"""What happens to applications when the roster they are for is replaced."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.applications import moving, rows, rules
from core.applications.history import record
from core.applications.rules import State, Verb
from core.callers import Caller
from core.eligibility.replacing import Applied, Left
from core.eligibility.rows import Entitlement

UNDECIDED = rules.WITH_THE_RESIDENT | rules.FILED


def running(session: Session, municipality: str, program_id: str) -> Iterator[tuple[str, str]]:
    """Yield the entitlement and the state of each application that is not dead."""
    query = select(rows.Application.entitlement_id, rows.Application.state).where(
        rows.Application.municipality == municipality,
        rows.Application.program_id == program_id,
        rows.LIVE,
    )
    for entitlement_id, state in session.execute(query):
        yield entitlement_id, str(state)


def of(session: Session, municipality: str, entitlement_ids: Sequence[str]) -> dict[str, str]:
    """Return the application that is not dead, by entitlement."""
    query = select(rows.Application.entitlement_id, rows.Application.id).where(
        rows.Application.municipality == municipality,
        rows.Application.entitlement_id.in_(entitlement_ids),
        rows.LIVE,
    )
    return {row.entitlement_id: row.id for row in session.execute(query)}


def move(session: Session, by: Caller, old: Entitlement, new: Entitlement, now: datetime) -> int:
    """Let the applications of a row be of the one in its place, also those that were decided.

    Otherwise the same person could be invited, and paid, a second time.
    """
    moved = 0
    for row in rows.of_entitlement(session, by.municipality, old.id):
        row.entitlement_id = new.id
        if row.left_version is not None:
            row.left_version, row.kept_by = None, ""
            row.revision += 1
            record(session, by, row, "back_on_roster", now)
        moved += row.state not in rules.DEAD
        if row.state in UNDECIDED and row.amount != new.amount:
            row.amount = new.amount
            row.revision += 1
            record(session, by, row, "amount_changed", now)
    return moved


def leave(session: Session, by: Caller, old: Entitlement, left: Left, now: datetime) -> int:
    """Withdraw what is not answered; what is under way or decided, and unpaid, is held for staff.

    What left with a version before stays as it is, and as staff decided about it.
    """
    touched = 0
    for row in rows.of_entitlement(session, by.municipality, old.id):
        state = row.state
        if state in rules.DEAD or state is State.PAID or row.left_version is not None:
            continue
        if state is State.INVITED:
            moving.move(session, by, row, Verb.WITHDRAW, now, reason=left.reason)
        else:
            if state in rules.WITH_THE_RESIDENT:
                row.state = rules.move(state, Verb.HAND_OVER)
                row.expire_time = row.remind_time = None
            row.left_version = left.version
            row.revision += 1
            record(session, by, row, "left_roster", now, before=state, reason=left.reason)
        touched += 1
    return touched


APPLIED = Applied(running=running, of=of, move=move, leave=leave)
