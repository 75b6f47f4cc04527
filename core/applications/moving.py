"""What every change of an application by staff begins and ends with: the row, and its state."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import rows, rules
from core.applications.history import record
from core.applications.rules import Verb
from core.callers import Caller
from core.etags import check_etag


def locked(session: Session, by: Caller, id: str, etag: str) -> rows.Application:
    """Return the row, locked; raise ChangedMeanwhile where it is not the one that was read."""
    row = rows.get(session, by.municipality, id, lock=True)
    check_etag(row.revision, etag)
    return row


def move(
    session: Session,
    by: Caller,
    row: rows.Application,
    verb: Verb,
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    """Bring an application where the verb leads, as an event."""
    before = row.state
    row.state = rules.move(row.state, verb)
    row.revision += 1
    record(session, by, row, row.state, now, before=before, reason=reason)
