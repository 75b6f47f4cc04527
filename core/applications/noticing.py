"""Decision notices to whom they concern, and whether a notice is the city's to whoever asks."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import attempts, events
from core.applications import desk_rows, rows, speakers
from core.applications.desk_rows import DecisionNotice
from core.applications.notices import issuing
from core.applications.notices.typesetting import Issued
from core.applications.rules import NoticeMissing
from core.attempts import Bound
from core.callers import Caller
from core.proxies.rules import Scope

BOUND = Bound("notice_codes", 10, timedelta(hours=1))
"""Codes that stand on nothing, of one contact or one of the staff."""


def to_staff(session: Session, by: Caller, id: str, now: datetime) -> Issued:
    """Return an application's notice, and write down that it was looked at."""
    return _issued(session, by, rows.get(session, by.municipality, id), now)


def to_speaker(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    for_resident_id: str,
    id: str,
    now: datetime,
) -> Issued:
    """Return the notice to whom its application is."""
    _, row = speakers.of_contact(
        session,
        by,
        external_id,
        id,
        scope=Scope.READ,
        now=now,
        lock=False,
        for_resident_id=for_resident_id,
    )
    return _issued(session, by, row, now)


def _issued(session: Session, by: Caller, row: rows.Application, now: datetime) -> Issued:
    found = desk_rows.notices_of(session, by.municipality, [row.id])
    if not found or "kind" not in found[0].facts:
        raise NoticeMissing(f"an application that is {row.state} has no notice", state=row.state)
    events.record(session, by, "notice.viewed", row.id, now, on_behalf_of=row.resident_id)
    return Issued(found[0].facts, found[0].code, found[0].notice_date)


def check(
    session: Session, by: Caller, *, subject: str, code: str, now: datetime
) -> DecisionNotice | None:
    """Return the notice that a code stands on; None, counted, where it stands on nothing."""
    attempts.check(session, BOUND, by.municipality, subject, now)
    found = find(session, by, code)
    if found is None:
        attempts.count(session, BOUND, by.municipality, subject, now)
    return found


def find(session: Session, by: Caller, code: str) -> DecisionNotice | None:
    """Return the notice that a code stands on; nothing is counted."""
    index = issuing.index_of(session, issuing.read(code))
    return desk_rows.notice_by(session, by.municipality, index)
