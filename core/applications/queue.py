"""The list of applications as staff work through it: what is looked for, and in which order."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.applications.rows import HELD, Application
from core.applications.rules import Source, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; what is empty is not asked."""

    program_id: str = ""
    procedure: str = ""
    states: Collection[State] = ()
    assignee_id: str = ""
    is_unassigned: bool = False
    sources: Collection[Source] = ()
    submitted_before: datetime | None = None
    resident_id: str = ""
    is_held: bool = False
    """Whose row left the roster, while nobody decided about it."""
    ids: Collection[str] = field(default=())


def page(
    session: Session, municipality: str, wanted: Wanted, *, after: str, limit: int
) -> list[Application]:
    """Return applications, oldest first, after the id `after`."""
    query = select(Application).where(*conditions(municipality, wanted))
    if after:
        query = query.where(Application.id > after)
    return list(session.scalars(query.order_by(Application.id).limit(limit)))


def count(session: Session, municipality: str, wanted: Wanted) -> int:
    query = select(func.count()).select_from(Application).where(*conditions(municipality, wanted))
    counted: int = session.scalars(query).one()
    return counted


def conditions(municipality: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what must be so of an application that is wanted."""
    asked = [
        (wanted.program_id, Application.program_id == wanted.program_id),
        (wanted.procedure, Application.procedure_key == wanted.procedure),
        (wanted.states, Application.state.in_(wanted.states)),
        (wanted.assignee_id, Application.assignee_id == wanted.assignee_id),
        (wanted.is_unassigned, Application.assignee_id == ""),
        (wanted.sources, Application.source.in_(wanted.sources)),
        (wanted.resident_id, Application.resident_id == wanted.resident_id),
        (wanted.is_held, HELD),
        (wanted.ids, Application.id.in_(wanted.ids)),
    ]
    found = [condition for value, condition in asked if value]
    if wanted.submitted_before is not None:
        found.append(Application.submit_time < wanted.submitted_before)
    return [Application.municipality == municipality, *found]
