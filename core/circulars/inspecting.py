"""Staff look into an association's circular: with a reason, in the log, and its chair is told."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.circulars import queries, telling
from core.circulars.rows import Circular
from core.circulars.rules import OUT
from core.ids import new_id


def inspect(
    session: Session, by: Caller, *, circular_id: str, reason: str, now: datetime
) -> Circular:
    """Return an association's circular that is out; raise CircularUnknown."""
    circular = queries.find(session, by.municipality, circular_id)
    if circular is None or not circular.association_id or circular.state not in OUT:
        raise queries.unknown()
    events.record(
        session,
        by,
        "circular.inspected",
        circular.id,
        now,
        details={"association": circular.association_id},
        reason=reason,
    )
    telling.tell_chair(session, circular, "INSPECTED", reason=reason, mark=new_id(), now=now)
    return circular
