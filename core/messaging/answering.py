"""When the city answers, by the rules of sending."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.inquiries.rpc import Hours
from core.messaging import rules
from core.messaging.rows import sending_rules


def hours(session: Session, municipality: str, now: datetime) -> Hours:
    """Return when the city answers, and from when on next; now, where no hours are set."""
    held = sending_rules(session, municipality)
    begin, end = held.answer_from, held.answer_to
    if not begin or not end or begin == end:
        return Hours("", "", now)
    # The hours between are kept as those of quiet are.
    opens = now if rules.is_quiet(begin, end, now) else rules.next_time(begin, now)
    return Hours(begin, end, opens)
