"""Facts stay true: why they should be verified anew, and that residents are asked, politely."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import events
from core.callers import the_core
from core.japan import JST
from core.jobs import At, Step
from core.residents import consent, contact_rows, fact_rows, rows, telling
from core.residents.rules import ConsentPurpose, StaleCause
from core.residents.stale_rows import Stale
from core.residents.wish_rows import HOLDS, Consent

FIRST_HOUR, LAST_HOUR = 9, 18
"""Nobody is asked at night, though the job runs by the hour."""

SOON = timedelta(days=60)
"""So long before its end a certificate is told to end."""

PAUSE = timedelta(days=30)
MOST_ASKED = 3

PART = 200
"""Residents looked at in one transaction."""

CERTIFICATE = frozenset(
    {
        StaleCause.CERTIFICATE_REVOKED,
        StaleCause.CERTIFICATE_EXPIRED,
        StaleCause.CERTIFICATE_EXPIRING,
    }
)

Revoked = Callable[[str, str], bool]
"""Whether the lists name a certificate, by its serial and its issuer's fingerprint."""


def never(serial: str, issuer_fingerprint: str) -> bool:  # noqa: ARG001 - as Revoked.
    """Know of no list."""
    return False


def current() -> str:
    """Return the version of the consent text in force, as facts name it."""
    return consent.label(consent.VERSION)


def causes(
    facts: rows.Facts, now: datetime, revoked: Revoked = never, *, agreed: int | None = None
) -> set[StaleCause]:
    """Return why these facts should be verified anew, as far as they tell themselves.

    `agreed` is the version of a consent that was given since, without a new proof.
    """
    found = set()
    if facts.certificate_serial and revoked(facts.certificate_serial, facts.issuer_fingerprint):
        found.add(StaleCause.CERTIFICATE_REVOKED)
    elif facts.not_after is not None and facts.not_after <= now:
        found.add(StaleCause.CERTIFICATE_EXPIRED)
    elif facts.not_after is not None and facts.not_after <= now + SOON:
        found.add(StaleCause.CERTIFICATE_EXPIRING)
    if current() not in (facts.consent_version, f"v{agreed}"):
        found.add(StaleCause.CONSENT_OUTDATED)
    return found


def mark_moved(session: Session, municipality: str, resident_id: str, now: datetime) -> None:
    """Keep that a roster holds another address for a resident than their facts."""
    key = (municipality, resident_id, StaleCause.MOVED)
    if session.get(Stale, key) is None:
        _mark(session, municipality, resident_id, StaleCause.MOVED, now)


def renewed(session: Session, facts: rows.Facts, now: datetime) -> None:
    """Take away the causes that new facts answer; what is true of these as well stays as it was."""
    agreed = _agreed(session, facts.municipality, [facts.resident_id])
    left = causes(facts, now, agreed=agreed.get(facts.resident_id))
    session.execute(
        delete(Stale)
        .where(
            Stale.municipality == facts.municipality,
            Stale.resident_id == facts.resident_id,
            Stale.cause.not_in(left),
        )
        .execution_options(synchronize_session="fetch")
    )


def step(session: Session, at: At) -> Step:
    """Look at some residents, mark what is stale, and ask; the step of a job.

    `at.known` is a `Revoked` of the lists as they are now.
    """
    found = fact_rows.in_force(session, at.municipality, after=at.cursor, limit=PART, lock=True)
    ids = [resident.id for resident, _ in found]
    held = _held(session, at.municipality, ids)
    agreed = _agreed(session, at.municipality, ids)
    counts = {"marked": 0, "asked": 0}
    for resident, facts in found:
        before = held.get(resident.id, {})
        now_true = set()
        if resident.closing_cause is None:
            now_true = causes(facts, at.now, at.known, agreed=agreed.get(resident.id))
        stale = _settle(session, resident, before, now_true, at.now)
        counts["marked"] += len(stale.keys() - before.keys())
        if is_due(stale.values(), at.now) and _ask(session, resident, facts, stale, at.now):
            counts["asked"] += 1
    return Step(found[-1][0].id if len(found) == PART else "", counts)


def is_due(stale: Iterable[Stale], now: datetime) -> bool:
    """Whether a resident may be asked now: by day, after a pause, and not too often for a cause."""
    held = list(stale)
    last = max((one.ask_time for one in held if one.ask_time is not None), default=None)
    return (
        FIRST_HOUR <= now.astimezone(JST).hour < LAST_HOUR
        and any(one.asked < MOST_ASKED for one in held)
        and (last is None or now >= last + PAUSE)
    )


def _held(
    session: Session, municipality: str, resident_ids: list[str]
) -> dict[str, dict[StaleCause, Stale]]:
    query = select(Stale).where(
        Stale.municipality == municipality, Stale.resident_id.in_(resident_ids)
    )
    found: dict[str, dict[StaleCause, Stale]] = {}
    for one in session.scalars(query):
        found.setdefault(one.resident_id, {})[one.cause] = one
    return found


def _agreed(session: Session, municipality: str, resident_ids: list[str]) -> dict[str, int]:
    """Return the version of the consent to registering that each resident holds to."""
    query = select(Consent.resident_id, Consent.version).where(
        Consent.municipality == municipality,
        Consent.resident_id.in_(resident_ids),
        Consent.purpose == ConsentPurpose.REGISTRATION,
        HOLDS,
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _settle(
    session: Session,
    resident: rows.Resident,
    held: dict[StaleCause, Stale],
    now_true: set[StaleCause],
    now: datetime,
) -> dict[StaleCause, Stale]:
    """Mark what has become true, take away what is so no more, and return what stands."""
    if resident.closing_cause is None and StaleCause.MOVED in held:
        now_true = now_true | {StaleCause.MOVED}  # Only new facts answer it.
    stale = {cause: one for cause, one in held.items() if cause in now_true}
    gone = {cause: one for cause, one in held.items() if cause not in now_true}
    for cause in sorted(now_true - held.keys()):
        stale[cause] = _mark(session, resident.municipality, resident.id, cause, now)
        # An end that came nearer, or came, is the same matter: nobody is asked anew from the start.
        for before in (one for c, one in gone.items() if {c, cause} <= CERTIFICATE):
            stale[cause].since_time = before.since_time
            stale[cause].asked, stale[cause].ask_time = before.asked, before.ask_time
    for one in gone.values():
        session.delete(one)
    return stale


def _mark(
    session: Session, municipality: str, resident_id: str, cause: StaleCause, now: datetime
) -> Stale:
    stale = Stale(municipality=municipality, resident_id=resident_id, cause=cause, since_time=now)
    session.add(stale)
    events.record(
        session,
        the_core(municipality),
        "resident.stale",
        resident_id,
        now,
        details={"cause": cause},
        on_behalf_of=resident_id,
    )
    return stale


def _ask(
    session: Session,
    resident: rows.Resident,
    facts: rows.Facts,
    stale: dict[StaleCause, Stale],
    now: datetime,
) -> bool:
    """Ask for a renewal on every contact; False where nobody could be asked."""
    cause = next(cause for cause in StaleCause if cause in stale)
    number = max(one.asked for one in stale.values()) + 1
    first = min(one.since_time for one in stale.values())
    told = telling.tell(
        session,
        the_core(resident.municipality),
        resident=resident,
        contacts=contact_rows.contacts_of(session, resident.municipality, resident.id),
        occasion=f"renewal:{facts.id}:{first:%Y%m%d%H}:{number}",
        kind="PLEASE_RENEW",
        now=now,
        cause=f"STALE_CAUSE_{cause.name}",
        until_date=_until(facts, cause),
    )
    if not told:
        return False
    for one in stale.values():
        one.asked, one.ask_time = one.asked + 1, now
    events.record(
        session,
        the_core(resident.municipality),
        "resident.asked",
        resident.id,
        now,
        details={"cause": cause, "number": str(number)},
        on_behalf_of=resident.id,
    )
    return True


def _until(facts: rows.Facts, cause: StaleCause) -> str:
    """Return the certificate's last day, where it is about that."""
    if cause not in CERTIFICATE - {StaleCause.CERTIFICATE_REVOKED} or facts.not_after is None:
        return ""
    return facts.not_after.astimezone(JST).date().isoformat()
