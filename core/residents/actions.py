"""Meeting contacts, from a challenge to its answer, and looking at a resident."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.ids import new_id
from core.residents import consent, registration, rows, rules, sights
from core.residents.identity.jpki import Verified
from core.residents.rules import ContactState


def digest(challenge_id: str) -> bytes:
    return hashlib.sha256(challenge_id.encode()).digest()


def see_contact(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    state: ContactState,
    seen_time: datetime,
    language: str,
    now: datetime,
) -> rows.Contact:
    """Keep what the channel saw of a contact, unless something newer is known."""
    # A channel whose clock is ahead must not outdo what is seen later.
    seen_time = min(seen_time, now)
    known = sights.see_again(
        session, by, external_id, state=state, seen_time=seen_time, language=language
    )
    if known is not None:
        return known
    contact = rows.find_contact(session, by, external_id, lock=True)
    if contact is None:
        contact = rows.Contact(
            municipality=by.municipality,
            id=new_id(),
            channel=by.name,
            external_id=external_id,
            external_index=rows.external_index(session, external_id),
            state=state,
            seen_time=seen_time,
            language=language,
        )
        session.add(contact)
        _record_sight(session, by, contact, now)
    elif rules.overrules(seen_time, contact.seen_time):
        before = contact.state, contact.language
        contact.seen_time = seen_time
        contact.state = state
        contact.language = language or contact.language
        if (contact.state, contact.language) != before:
            _record_sight(session, by, contact, now)
    return contact


@dataclass(frozen=True, slots=True)
class Begun:
    """A new challenge with its id, which is told this once and kept only as a digest."""

    challenge_id: str
    challenge: rows.Challenge


def begin_verification(
    session: Session, by: Caller, *, external_id: str, checks_revocation: bool, now: datetime
) -> Begun:
    contact = rows.contact_of(session, by, external_id)
    town = session.get_one(events.Municipality, by.municipality)
    challenge_id = secrets.token_urlsafe(32)
    expire_time = now + rules.CHALLENGE_LENGTH
    challenge = rows.Challenge(
        municipality=by.municipality,
        digest=digest(challenge_id),
        contact_id=contact.id,
        consent_version=consent.VERSION,
        # The nonce is not the id: who sees the text may not answer for another.
        text=consent.text(
            municipality=town.name,
            nonce=secrets.token_hex(16),
            now=now,
            expire_time=expire_time,
            checks_revocation=checks_revocation,
        ),
        expire_time=expire_time,
    )
    session.add(challenge)
    events.record(
        session,
        by,
        "verification.begun",
        contact.id,
        now,
        details={"consent": consent.VERSION},
        on_behalf_of=contact.resident_id or "",
    )
    return Begun(challenge_id, challenge)


def open_challenge(
    session: Session, by: Caller, *, challenge_id: str, now: datetime, lock: bool = False
) -> tuple[rows.Challenge, rows.Contact]:
    """Return a challenge that may be answered now; raise the CHALLENGE_ reason why it may not."""
    challenge, contact = rows.challenge_of(session, by, digest(challenge_id), lock=lock)
    rules.check_open(challenge.used_time, challenge.expire_time, now)
    return challenge, contact


def fail_verification(
    session: Session, by: Caller, *, challenge_id: str, reason: str, now: datetime
) -> None:
    """Count a proof that was refused for `reason`; the last one uses the challenge up."""
    challenge, contact = open_challenge(session, by, challenge_id=challenge_id, now=now, lock=True)
    challenge.failures += 1
    if challenge.failures >= rules.FAILURES:
        challenge.used_time = now
    events.record(
        session,
        by,
        "verification.failed",
        contact.id,
        now,
        details={"reason": reason, "failures": str(challenge.failures)},
        on_behalf_of=contact.resident_id or "",
    )


def complete_verification(
    session: Session, by: Caller, *, challenge_id: str, proof: Verified, now: datetime
) -> bool:
    """Register the holder of a proof over the challenge's text, or renew; return whether renewed.

    Raises the CHALLENGE_ reasons and ContactTaken.
    """
    challenge, contact = open_challenge(session, by, challenge_id=challenge_id, now=now, lock=True)
    renewed = registration.register(
        session, by, contact, proof, consent_version=challenge.consent_version, now=now
    )
    challenge.used_time = now
    return renewed


def view_resident(
    session: Session, by: Caller, *, resident_id: str, now: datetime
) -> tuple[rows.Resident, rows.Facts, list[rows.Contact]]:
    """Return all of a resident that staff may see, and write down that they looked."""
    resident = rows.get(session, by.municipality, resident_id)
    facts = rows.facts_of(session, by.municipality, resident_id)
    contacts = rows.contacts_of(session, by.municipality, resident_id)
    events.record(session, by, "resident.viewed", resident_id, now)
    return resident, facts, contacts


def _record_sight(session: Session, by: Caller, contact: rows.Contact, now: datetime) -> None:
    events.record(
        session,
        by,
        "contact.seen",
        contact.id,
        now,
        details={"state": contact.state, "language": contact.language},
        on_behalf_of=contact.resident_id or "",
    )
