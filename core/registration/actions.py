"""From a challenge to its answer."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.registration import registering, rows, rules, shared_phone
from core.registration.identity.proof import Proof
from core.residents import consent, contact_rows


def digest(challenge_id: str) -> bytes:
    return hashlib.sha256(challenge_id.encode()).digest()


@dataclass(frozen=True, slots=True)
class Begun:
    """A new challenge with its id, which is told this once and kept only as a digest."""

    challenge_id: str
    challenge: rows.Challenge


def begin_verification(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    checks_revocation: bool,
    now: datetime,
    terms: shared_phone.Terms | None = None,
) -> Begun:
    """Make the text to sign; with `terms` it makes the contact's resident a proxy of the signer."""
    contact = contact_rows.contact_of(session, by, external_id)
    town = session.get_one(events.Municipality, by.municipality)
    challenge_id = secrets.token_urlsafe(32)
    expire_time = now + rules.CHALLENGE_LENGTH
    challenge = rows.Challenge(
        municipality=by.municipality,
        digest=digest(challenge_id),
        contact_id=contact.id,
        consent_version=consent.label(consent.VERSION),
        # The nonce is not the id: who sees the text may not answer for another.
        text=consent.text(
            municipality=town.name,
            nonce=secrets.token_hex(16),
            now=now,
            expire_time=expire_time,
            checks_revocation=checks_revocation,
            proxy=shared_phone.clause(session, by, contact, terms) if terms else None,
        ),
        expire_time=expire_time,
        proxy_scopes=[str(scope) for scope in terms.scopes] if terms else None,
        proxy_expire_date=terms.last_day if terms else None,
    )
    session.add(challenge)
    events.record(
        session,
        by,
        "verification.begun",
        contact.id,
        now,
        details={"consent": challenge.consent_version},
        on_behalf_of=contact.resident_id or "",
    )
    return Begun(challenge_id, challenge)


def open_challenge(
    session: Session, by: Caller, *, challenge_id: str, now: datetime, lock: bool = False
) -> tuple[rows.Challenge, contact_rows.Contact]:
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
    session: Session, by: Caller, *, challenge_id: str, proof: Proof, now: datetime
) -> registering.Registered:
    """Register the holder of a proof over the challenge's text, or renew.

    Raises the CHALLENGE_ reasons, ContactTaken, ContactsTooMany and ResidentClosed; SamePerson on a
    phone that is shared.
    """
    challenge, contact = open_challenge(session, by, challenge_id=challenge_id, now=now, lock=True)
    if challenge.proxy_scopes is None:
        registered = registering.register(
            session,
            by,
            contact,
            proof,
            consent_version=consent.number(challenge.consent_version),
            now=now,
        )
    else:
        registered = shared_phone.register(session, by, challenge, contact, proof, now=now)
    challenge.used_time = now
    return registered
