"""What the log says of an application: every move, in one form."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from core.applications import rows, rules
from core.callers import Caller

OPENED = "opened"


def was_opened(session: Session, row: rows.Application) -> bool:
    """Whether the resident, or who acts for them, has looked at the invitation."""
    query = select(events.Event.seq).where(
        events.Event.municipality == row.municipality,
        events.Event.subject == row.id,
        events.Event.kind == f"application.{OPENED}",
    )
    return session.scalars(query.limit(1)).first() is not None


def record(
    session: Session,
    by: Caller,
    row: rows.Application,
    what: str,
    now: datetime,
    *,
    before: rules.State | None = None,
    reason: str | None = None,
    proxy: str = "",
    more: Mapping[str, str] | None = None,
) -> None:
    """Record what was done; by a `proxy`, where somebody else acted for the resident."""
    details = {"program": row.program_id, "state": str(row.state), **(more or {})}
    if before is not None:
        details["before"] = str(before)
    if proxy:
        details["proxy"] = proxy
    events.record(
        session,
        by,
        f"application.{what}",
        row.id,
        now,
        details=details,
        reason=reason,
        on_behalf_of=row.resident_id,
    )
