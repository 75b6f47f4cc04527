"""What becomes of applications when their resident is deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.applications import rows, rules
from core.applications.history import record
from core.applications.rules import State, Verb
from core.callers import Caller

UNDECIDED = frozenset({State.INVITED, State.STARTED, State.RETURNED, State.SUBMITTED})


def of_resident(session: Session, municipality: str, resident_id: str) -> list[rows.Application]:
    """Return a resident's applications, newest first, locked."""
    query = select(rows.Application).where(
        rows.Application.municipality == municipality,
        rows.Application.resident_id == resident_id,
    )
    locked = query.order_by(rows.Application.id.desc()).with_for_update()
    return list(session.scalars(locked.execution_options(populate_existing=True)))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A resident's applications, by id, and when the latest was decided that is kept."""

    ids: list[str]
    kept: datetime | None


def forget(
    session: Session, by: Caller, *, resident_id: str, kept_since: datetime, now: datetime
) -> Forgotten:
    """Withdraw what is not decided, and erase what was answered.

    What was decided after `kept_since` is kept whole.
    """
    kept = None
    found = of_resident(session, by.municipality, resident_id)
    for row in found:
        if row.state in UNDECIDED:
            before, row.state = row.state, rules.move(row.state, Verb.WITHDRAW)
            row.revision += 1
            record(session, by, row, row.state, now, before=before)
        elif row.decide_time is not None and row.decide_time > kept_since:
            kept = max(kept or row.decide_time, row.decide_time)
            continue
        erase([row])
    session.flush()
    return Forgotten([row.id for row in found], kept)


def erase(applications: Sequence[rows.Application]) -> None:
    """Erase what was said in applications; who filed what for which program stays, by ids."""
    for row in applications:
        row.answers_json, row.returned_with = "{}", ""
