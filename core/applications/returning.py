"""Sends what was filed back to its resident: which answers are to be mended, and why."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import inviting, mending, rows, saying, speech
from core.applications import reached as reaching
from core.applications.history import record
from core.applications.moving import locked, move
from core.applications.rules import Verb
from core.applications.speakers import Speaking
from core.callers import Caller
from core.dispatches import actions as dispatches
from core.my_number import refuse_my_number
from core.procedures.catalogue import Catalogue


def return_(
    session: Session,
    by: Caller,
    *,
    id: str,
    etag: str,
    reason: str,
    steps: Sequence[str] = (),
    known: Catalogue,
    now: datetime,
) -> rows.Application:
    """Send the application back to the resident, with what staff wrote and the question again.

    Only the answers to these `steps` are to be mended then; all, where none is named.
    """
    refuse_my_number(reason, field="reason")
    row = locked(session, by, id, etag)
    procedure = saying.procedure_of(session, row, known)
    mending.require_filed(row, procedure, steps)
    move(session, by, row, Verb.RETURN, now, reason=reason)
    rows.drop_approvals(session, row)
    if not steps:
        row.answers_json = "{}"
    row.checked = []
    row.returned_with = reason
    row.returned_steps, row.mended_steps = list(steps), []
    row.reopened_step = ""
    saying.wait(session, row, procedure, now)
    reached = reaching.reached(session, row, now)
    if reached is None:
        record(session, by, row, "unreachable", now)
    else:
        dispatches.tell(
            session,
            by,
            occasion=f"{row.id}:{row.revision}",
            resident_id=row.resident_id,
            contact=inviting.recipient(reached.contact),
            content=speech.pushed(
                saying.said_to(
                    session, row, Speaking(reached.contact, reached.on_behalf_of), known, now
                )
            ),
            now=now,
        )
    return row
