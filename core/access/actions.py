"""How a contact joins a resident who is registered: by a code, by an identity token."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import attempts, crypto, events
from core.access import codes, rows
from core.access.id_tokens import Identified
from core.access.rules import CodeKind, IdTokenRefused, Problem
from core.attempts import Bound, TooManyAttempts
from core.callers import Caller
from core.residents import contact_rows, linking
from core.residents import rows as residents
from core.residents.rules import ContactNotRegistered, ContactUnknown

TOKENS_OF_A_CONTACT = Bound("id_tokens.contact", 5, timedelta(minutes=15))
USED_TOKENS = "id_tokens.used"


def link_by_code(
    session: Session, by: Caller, *, external_id: str, code: str, now: datetime
) -> contact_rows.Contact:
    """Link the contact that presents a code to the resident whom it was made for."""
    contact = _joining(session, by, external_id)
    _, resident = codes.take(
        session, by, kind=CodeKind.CONTACT, typed=code, contact_id=contact.id, now=now
    )
    linking.link(session, by, contact, resident, now)
    return contact


def link_by_token(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    identified: Identified | IdTokenRefused,
    now: datetime,
) -> contact_rows.Contact:
    """Link the contact to the resident whom an identity token names, once a token."""
    contact = _joining(session, by, external_id)
    attempts.check(session, TOKENS_OF_A_CONTACT, by.municipality, contact.id, now)
    if isinstance(identified, IdTokenRefused):
        raise identified
    _use_up(session, by, identified, now)
    known = rows.contact_of_subject(
        session, by.municipality, identified.channel, identified.subject
    )
    # One answer, whether the contact is unknown, nobody's, or of somebody who is gone.
    if known is None or known.resident_id is None:
        raise _nobody()
    resident = residents.get(session, by.municipality, known.resident_id, lock=True)
    if resident.closing_cause is not None:
        raise _nobody()
    linking.link(session, by, contact, resident, now)
    return contact


def count_token(
    session: Session, by: Caller, *, external_id: str, refusal: IdTokenRefused, now: datetime
) -> None:
    """Count a token that was refused; in a transaction that commits."""
    if refusal.metadata["problem"] == Problem.KEYS_AWAY:
        return
    contact = contact_rows.contact_of(session, by, external_id)
    attempts.count(session, TOKENS_OF_A_CONTACT, by.municipality, contact.id, now)
    events.record(session, by, "id_token.refused", contact.id, now, details=refusal.metadata)


def _joining(session: Session, by: Caller, external_id: str) -> contact_rows.Contact:
    contact = contact_rows.find_contact(session, by, external_id, lock=True)
    if contact is None:
        raise ContactUnknown("the channel has no such contact: tell with SeeContact first")
    return contact


def _nobody() -> ContactNotRegistered:
    return ContactNotRegistered("the token names nobody who is registered: register first")


def _use_up(session: Session, by: Caller, identified: Identified, now: datetime) -> None:
    """Remember the token until it ends by itself; raise IdTokenRefused where it was used."""
    # Not the token's own text, of which a signature may have more than one.
    content = f"{identified.issuer}\n{identified.subject}\n{identified.nonce}"
    subject = crypto.vault_of(session).digest(content.encode(), USED_TOKENS).hex()
    once = Bound(USED_TOKENS, 1, identified.good_until - now)
    try:
        attempts.check(session, once, by.municipality, subject, now)
    except TooManyAttempts:
        raise IdTokenRefused("the token was used before", problem=Problem.USED) from None
    attempts.count(session, once, by.municipality, subject, now)
