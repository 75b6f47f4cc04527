"""What follows from decisions at once: each has its notice, and its resident is told of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import inviting, payee, speech
from core.applications import reached as reaching
from core.applications.cases import Case
from core.applications.history import record
from core.applications.knowing import LANGUAGE
from core.applications.notices import issuing
from core.applications.notices.letterhead import Letterhead
from core.applications.rules import State
from core.callers import Caller
from core.dispatches import actions as dispatches
from core.dispatches.actions import Message
from core.proxies.reaching import Reached


def decided(
    session: Session,
    by: Caller,
    cases: Sequence[Case],
    *,
    letterhead: Letterhead,
    now: datetime,
    reason: str = "",
) -> None:
    """Make the notices of decisions that were just made, and tell the residents of them."""
    reached = reaching.all_reached(session, by.municipality, [case.row for case in cases], now)
    # Numbered after that: their next number is what everybody waits for.
    numbers = issuing.issue(session, by, cases, letterhead=letterhead, reason=reason, now=now)
    messages = []
    for case, number in zip(cases, numbers, strict=True):
        to = reached.get(case.row.id)
        if to is None:
            record(session, by, case.row, "unreachable", now)
        else:
            messages.append(_message(case, number, to, reason=reason, now=now))
    if messages:
        dispatches.tell_all(session, by, messages, now=now)


def _message(case: Case, number: str, to: Reached, *, reason: str, now: datetime) -> Message:
    row = case.row
    language = to.contact.language or LANGUAGE
    content = speech.notice(
        "APPROVED" if row.state is State.APPROVED else "REJECTED",
        row,
        title=case.title(language, now),
        reference=number,
        masked_account=payee.masked(row, case.entitlement),
        language=language,
        reason=reason,
        on_behalf_of=to.on_behalf_of,
    )
    occasion = f"{row.id}:{row.revision}"
    return Message(occasion, row.resident_id, inviting.recipient(to.contact), content)
