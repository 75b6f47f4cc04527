"""Whether what somebody was sent is the city's, by the code that stands on it."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from core import attempts
from core.applications import noticing
from core.attempts import Bound
from core.callers import Caller
from core.errors import NotFound
from core.japan import today
from core.messaging import drafts, inbox_rows, rules

BOUND = Bound("official_codes", 10, timedelta(hours=1))
"""Codes that stand on nothing, of one contact."""


class OfficialCodeUnknown(NotFound):
    reason = "OFFICIAL_CODE_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Official:
    """What a code stands on: nothing of whom it went to."""

    kind: str
    title: Mapping[str, str]
    day: date


def check(
    session: Session, by: Caller, *, external_id: str, code: str, now: datetime
) -> Official | None:
    """Return what a code stands on; None, counted, where it stands on nothing.

    Whoever asks need not be known: the contact's digest is all that is counted by.
    """
    subject = f"{by.name}:{hashlib.sha256(external_id.encode()).hexdigest()[:32]}"
    attempts.check(session, BOUND, by.municipality, subject, now)
    found = _found(session, by, read(code))
    if found is None:
        attempts.count(session, BOUND, by.municipality, subject, now)
    return found


def read(code: str) -> str:
    """Return a code as it is kept, of one in any width and case, with spaces or dashes within."""
    wide = unicodedata.normalize("NFKC", code).upper()
    return "".join(character for character in wide if character.isalnum())


def _found(session: Session, by: Caller, code: str) -> Official | None:
    campaign = inbox_rows.by_code(session, by.municipality, code)
    if campaign is not None:
        title = drafts.of(campaign).title
        said = {language: rules.filled(words, {}) for language, words in title.items()}
        return Official("message", said, today(campaign.start_time or campaign.create_time))
    notice = noticing.find(session, by, code)
    if notice is not None:
        return Official("notice", {"ja": notice.facts["title"]}, notice.notice_date)
    return None
