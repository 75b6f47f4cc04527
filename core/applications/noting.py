"""Notes of staff for staff."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import desk_rows, rows
from core.applications.desk_rows import Note
from core.applications.history import record
from core.callers import Caller
from core.ids import new_id
from core.my_number import refuse_my_number


def add(session: Session, by: Caller, *, id: str, text: str, now: datetime) -> Note:
    """Write a note; an application may get one in any state."""
    refuse_my_number(text, field="text")
    row = rows.get(session, by.municipality, id)
    note = Note(
        municipality=by.municipality,
        id=new_id(),
        application_id=row.id,
        author=by.name,
        text=text,
        create_time=now,
    )
    session.add(note)
    record(session, by, row, "noted", now)
    return note


def page(session: Session, by: Caller, *, id: str, before: str, limit: int) -> Sequence[Note]:
    """Return notes, newest first."""
    rows.get(session, by.municipality, id)
    return desk_rows.notes(session, by.municipality, id, before=before, limit=limit)
