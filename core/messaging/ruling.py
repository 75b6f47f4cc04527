"""The rules of sending are set."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.etags import ChangedMeanwhile, check_etag
from core.messaging.rows import SendingRules
from core.messaging.rules import Sending


def set_rules(
    session: Session, by: Caller, *, sending: Sending, etag: str, reason: str, now: datetime
) -> SendingRules:
    """Set the rules of sending, in the place of those before. Raises ChangedMeanwhile."""
    kept = session.get(SendingRules, by.municipality, with_for_update=True)
    if kept is None:
        if etag:
            raise ChangedMeanwhile("no rules were set yet: read them again, then decide", etag="")
        kept = SendingRules(municipality=by.municipality, **asdict(sending), revision=1)
        session.add(kept)
    else:
        check_etag(kept.revision, etag)
        for name, value in asdict(sending).items():
            setattr(kept, name, value)
        kept.revision += 1
    events.record(
        session, by, "sending.rules_set", by.municipality, now,
        details={name: str(value) for name, value in asdict(sending).items()}, reason=reason,
    )  # fmt: skip
    return kept
