"""Single-use codes: made for a resident, presented once by whoever was handed them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from core import attempts, events
from core.access import rows, rules
from core.access.rules import CodeKind, LinkCodeRefused
from core.attempts import Bound
from core.callers import Caller
from core.residents import rows as residents
from core.residents.rules import ResidentClosed

OF_A_CONTACT = Bound("codes.contact", 5, timedelta(minutes=15))
OF_A_CHANNEL = Bound("codes.channel", 200, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Made:
    """A new code, which is told this once and kept only as a digest."""

    code: str
    expire_time: datetime


def make(
    session: Session,
    by: Caller,
    *,
    kind: CodeKind,
    resident: residents.Resident,
    now: datetime,
    scopes: list[str] | None = None,
    last_day: date | None = None,
    at_latest: datetime | None = None,
) -> Made:
    """Make a code, and end those of its kind that the same maker had made; or ResidentClosed.

    It is good no longer than `at_latest`.
    """
    check_going_on(resident)
    rows.end_codes(session, by, resident.id, kind, now)
    length = rules.CODE_LENGTH if by.is_channel else rules.HANDED_CODE_LENGTH
    expire_time = min(now + length, at_latest) if at_latest else now + length
    made = Made(rules.new_code(), expire_time)
    session.add(
        rows.Code(
            municipality=by.municipality,
            digest=rows.code_digest(session, made.code),
            kind=kind,
            resident_id=resident.id,
            maker=by.actor,
            create_time=now,
            expire_time=made.expire_time,
            scopes=scopes,
            proxy_expire_date=last_day,
        )
    )
    events.record(
        session,
        by,
        "code.made",
        resident.id,
        now,
        details={"kind": kind},
        on_behalf_of=resident.id if by.is_channel else "",
    )
    return made


def check_going_on(resident: residents.Resident) -> None:
    """Raise ResidentClosed where the registration has ended."""
    if resident.closing_cause is not None:
        raise ResidentClosed("the registration has ended", cause=resident.closing_cause)


def take(
    session: Session, by: Caller, *, kind: CodeKind, typed: str, contact_id: str, now: datetime
) -> tuple[rows.Code, residents.Resident]:
    """Use a code up and return it with its resident, locked.

    Raises LinkCodeRefused before anything is changed, and after the same work whatever is wrong;
    and TooManyAttempts where this contact, or its channel, guessed too often.
    """
    attempts.check(session, OF_A_CONTACT, by.municipality, contact_id, now)
    attempts.check(session, OF_A_CHANNEL, by.municipality, by.name, now)
    code = rows.find_code(session, by.municipality, rules.folded(typed))
    if code is None or code.kind != kind or code.used_time is not None or now >= code.expire_time:
        raise _refused()
    resident = residents.get(session, by.municipality, code.resident_id, lock=True)
    if resident.closing_cause is not None or resident.delete_time is not None:
        raise _refused()
    # Nobody learns by a code that somebody is registered who is hidden from them.
    if (kind is CodeKind.PROXY or not by.is_channel) and residents.is_silent(resident):
        raise _refused()
    code.used_time = now
    return code, resident


def count_failure(session: Session, by: Caller, *, contact_id: str, now: datetime) -> None:
    """Count a code that was refused; in a transaction that commits."""
    attempts.count(session, OF_A_CONTACT, by.municipality, contact_id, now)
    attempts.count(session, OF_A_CHANNEL, by.municipality, by.name, now)
    events.record(session, by, "code.refused", contact_id, now)


def _refused() -> LinkCodeRefused:
    return LinkCodeRefused("no such code that could be used now: have a new one made")
