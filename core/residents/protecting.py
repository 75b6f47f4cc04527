"""Protection of residents, and the end of their registration: whom nothing may be pushed to."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.dispatches import actions as dispatches
from core.etags import check_etag
from core.my_number import refuse_my_number
from core.residents import rows
from core.residents.rules import (
    ClosingCause,
    NotSuppressed,
    ResidentClosed,
    ResidentUnknown,
    check_may_return,
)
from core.residents.stale_rows import Stale

Hide = Callable[[Session, str, str, datetime], None]
"""Hides what others would learn of somebody: (session, municipality, resident id, now)."""


def suppress(
    session: Session,
    by: Caller,
    *,
    resident_id: str,
    reason: str,
    etag: str,
    hides: Iterable[Hide] = (),
    now: datetime,
) -> rows.Resident:
    """Put a resident under protection; what is queued for them, or names them, is dropped at once.

    What an adapter holds at this moment cannot be called back; the log says how much that was.
    """
    resident = _to_change(session, by, resident_id, reason, etag)
    resident.suppressed = True
    for hide in hides:
        hide(session, by.municipality, resident.id, now)
    _silence(session, by, resident, "resident.suppressed", reason=reason, now=now)
    return resident


def clear(
    session: Session, by: Caller, *, resident_id: str, reason: str, etag: str, now: datetime
) -> rows.Resident:
    """End a resident's protection; raise NotSuppressed where there is none."""
    resident = _to_change(session, by, resident_id, reason, etag)
    if not resident.suppressed:
        raise NotSuppressed("the resident is not under protection: read them again")
    resident.suppressed = False
    events.record(
        session,
        by,
        "resident.suppression_cleared",
        resident.id,
        now,
        reason=reason,
        on_behalf_of=resident.id,
    )
    return resident


def close(
    session: Session,
    by: Caller,
    *,
    resident_id: str,
    cause: ClosingCause,
    day: date,
    reason: str,
    etag: str,
    now: datetime,
) -> rows.Resident:
    """End a registration; the facts stay, as those of the last day. Raises ResidentClosed."""
    resident = _to_change(session, by, resident_id, reason, etag)
    if resident.closing_cause is not None:
        raise ResidentClosed("the registration has ended already", cause=resident.closing_cause)
    resident.closing_cause, resident.closing_date = cause, day
    session.execute(
        delete(Stale)
        .where(Stale.municipality == by.municipality, Stale.resident_id == resident.id)
        .execution_options(synchronize_session="fetch")
    )
    details = {"cause": cause.value, "date": day.isoformat()}
    _silence(session, by, resident, "resident.closed", reason=reason, now=now, details=details)
    return resident


def reopen(session: Session, by: Caller, resident: rows.Resident, now: datetime) -> None:
    """Let a registration that has ended go on, as after a new proof.

    Raises ResidentClosed where the resident died: whoever proves to be them is not.
    """
    if resident.closing_cause is None:
        return
    check_may_return(resident.closing_cause)
    details = {"cause": resident.closing_cause.value}
    resident.closing_cause = resident.closing_date = None
    events.record(
        session,
        by,
        "resident.reopened",
        resident.id,
        now,
        details=details,
        on_behalf_of=resident.id,
    )


def _to_change(
    session: Session, by: Caller, resident_id: str, reason: str, etag: str
) -> rows.Resident:
    refuse_my_number(reason, field="reason")
    resident = rows.get(session, by.municipality, resident_id, lock=True)
    if resident.delete_time is not None:
        raise ResidentUnknown("no such resident")
    check_etag(resident.revision, etag)
    resident.revision += 1
    return resident


def _silence(
    session: Session,
    by: Caller,
    resident: rows.Resident,
    kind: str,
    *,
    reason: str,
    now: datetime,
    details: dict[str, str] | None = None,
) -> None:
    """Drop what is queued, and record all of it as one event."""
    done = dispatches.drop(session, by.municipality, resident.id, now)
    counted = {"dropped": str(done.dropped), "held": str(done.held)}
    events.record(
        session,
        by,
        kind,
        resident.id,
        now,
        details=(details or {}) | counted,
        reason=reason,
        on_behalf_of=resident.id,
    )
