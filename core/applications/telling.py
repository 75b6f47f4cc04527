"""How a decision is told to whom it is for."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import inviting, payee, rows, saying, speech
from core.applications import reached as reaching
from core.applications.history import record
from core.applications.knowing import LANGUAGE
from core.callers import Caller
from core.dispatches import actions as dispatches
from core.eligibility import rows as eligibility
from core.procedures.catalogue import Catalogue


def tell_decision(
    session: Session,
    by: Caller,
    row: rows.Application,
    *,
    kind: str,
    known: Catalogue,
    now: datetime,
    reason: str = "",
) -> None:
    """Put the notice of a decision into the outbox, or write down that nobody is reached."""
    reached = reaching.reached(session, row, now)
    if reached is None:
        record(session, by, row, "unreachable", now)
        return
    language = reached.contact.language or LANGUAGE
    program = None
    if row.program_id:
        program = eligibility.get_program(session, by.municipality, row.program_id)
    dispatches.tell(
        session,
        by,
        occasion=f"{row.id}:{row.revision}",
        resident_id=row.resident_id,
        contact=inviting.recipient(reached.contact),
        content=speech.notice(
            kind,
            row,
            title=saying.title(session, row, language, known, now),
            reference=speech.number_of(row, program),
            masked_account=payee.masked(row, payee.entitlement_of(session, row)),
            language=language,
            reason=reason,
            on_behalf_of=reached.on_behalf_of,
        ),
        now=now,
    )
