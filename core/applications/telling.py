"""What follows from a decision at once: its notice is numbered, and the resident is told."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import inviting, payee, rows, saying, speech
from core.applications import reached as reaching
from core.applications.history import record
from core.applications.knowing import LANGUAGE
from core.applications.notices import issuing
from core.applications.notices.letterhead import Letterhead
from core.applications.rules import State
from core.callers import Caller
from core.dispatches import actions as dispatches
from core.procedures.catalogue import Catalogue


def decided(
    session: Session,
    by: Caller,
    row: rows.Application,
    *,
    letterhead: Letterhead,
    known: Catalogue,
    now: datetime,
    reason: str = "",
) -> None:
    """Make the notice of a decision that was just made, and tell the resident of it."""
    notice = issuing.issue(
        session, by, row, letterhead=letterhead, known=known, reason=reason, now=now
    )
    reached = reaching.reached(session, row, now)
    if reached is None:
        record(session, by, row, "unreachable", now)
        return
    language = reached.contact.language or LANGUAGE
    dispatches.tell(
        session,
        by,
        occasion=f"{row.id}:{row.revision}",
        resident_id=row.resident_id,
        contact=inviting.recipient(reached.contact),
        content=speech.notice(
            "APPROVED" if row.state is State.APPROVED else "REJECTED",
            row,
            title=saying.title(session, row, language, known, now),
            reference=notice.facts["number"],
            masked_account=payee.masked(row, payee.entitlement_of(session, row)),
            language=language,
            reason=reason,
            on_behalf_of=reached.on_behalf_of,
        ),
        now=now,
    )
