"""A way through the authentication app: begun, taken once, and ended well or not."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.registration import registering, rows, rules
from core.registration.identity.auth_app import Flow
from core.registration.identity.oidc import Secrets
from core.registration.identity.proof import Proof
from core.residents import consent, contact_rows
from core.residents.rules import check_newest


def digest(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()


def begin(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    redirect_uri: str,
    consent_version: int,
    hidden: Secrets,
    now: datetime,
) -> rows.Authentication:
    """Keep a new way through the app. Raises ContactUnknown and ConsentOutdated."""
    contact = contact_rows.contact_of(session, by, external_id)
    check_newest(consent_version, consent.VERSION)
    flow = rows.Authentication(
        municipality=by.municipality,
        digest=digest(hidden.state),
        contact_id=contact.id,
        redirect_uri=redirect_uri,
        consent_version=consent.label(consent_version),
        nonce=hidden.nonce,
        code_verifier=hidden.code_verifier,
        expire_time=now + rules.CHALLENGE_LENGTH,
    )
    session.add(flow)
    events.record(
        session,
        by,
        "authentication.begun",
        contact.id,
        now,
        details={"consent": flow.consent_version},
        on_behalf_of=contact.resident_id or "",
    )
    return flow


def check(session: Session, by: Caller, *, state: str, now: datetime) -> None:
    """Raise the CHALLENGE_ reason why a way may not be ended, where there is one."""
    flow, _ = rows.authentication_of(session, by, digest(state))
    rules.check_open(flow.used_time, flow.expire_time, now)


def take(session: Session, by: Caller, *, state: str, now: datetime) -> Flow:
    """Use a way up, before the provider is asked: whatever becomes of it, nobody ends it twice."""
    flow, _ = rows.authentication_of(session, by, digest(state), lock=True)
    rules.check_open(flow.used_time, flow.expire_time, now)
    flow.used_time = now
    return Flow(flow.redirect_uri, flow.nonce, flow.code_verifier)


def fail(
    session: Session, by: Caller, *, state: str, reason: str, error: str, now: datetime
) -> None:
    """Write down that a way which was taken led nowhere, and why."""
    _, contact = rows.authentication_of(session, by, digest(state))
    events.record(
        session,
        by,
        "authentication.failed",
        contact.id,
        now,
        details={"reason": reason} | ({"error": error} if error else {}),
        on_behalf_of=contact.resident_id or "",
    )


def complete(
    session: Session, by: Caller, *, state: str, proof: Proof, now: datetime
) -> tuple[registering.Registered, contact_rows.Contact]:
    """Register whom the app proved, or renew, by a way that was taken.

    Raises ContactTaken, ContactsTooMany and ResidentClosed.
    """
    flow, contact = rows.authentication_of(session, by, digest(state), lock=True)
    registered = registering.register(
        session,
        by,
        contact,
        proof,
        consent_version=consent.number(flow.consent_version),
        now=now,
    )
    return registered, contact
