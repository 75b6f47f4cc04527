"""Who a test is sent to: who has a code of their own, and whom the sender sent tests to before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from core.access import codes
from core.access.rules import CodeKind
from core.callers import Caller
from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind
from core.residents import contact_rows as contacts
from core.residents import fact_rows
from core.residents import rows as residents
from core.residents.contact_rows import Contact
from core.residents.rules import ContactState, ContactUnknown

MOST = 20
"""As many as one test goes to."""


@dataclass(frozen=True, slots=True)
class Tester:
    """A resident by name, and where a test reaches them."""

    name: str
    contact: Contact


def find(session: Session, by: Caller, *, code: str, now: datetime) -> Tester:
    """Return whoever had a code made that links a contact, and use it up; it links nothing.

    Raises LinkCodeRefused, TooManyAttempts, and ContactUnknown where nothing reaches them.
    """
    _, resident = codes.take(
        session, by, kind=CodeKind.CONTACT, typed=code, contact_id=by.id, now=now
    )
    theirs = contacts.contacts_of(session, by.municipality, resident.id)
    reached = [one for one in theirs if one.state is not ContactState.LOST]
    if not reached:
        raise ContactUnknown("whoever had the code made can be reached nowhere")
    best = max(reached, key=lambda one: (one.state is ContactState.REACHABLE, one.seen_time))
    return _shown(session, by, [best], now)[0]


def told_before(session: Session, by: Caller, now: datetime) -> list[Tester]:
    """Return those to whom the caller sent tests, the latest first, who can still be reached."""
    query = (
        select(Contact)
        .join(
            Recipient,
            (Recipient.municipality == Contact.municipality)
            & (Recipient.contact_id == Contact.id)
            & (Recipient.resident_id == Contact.resident_id),
        )
        .join(
            Campaign,
            (Campaign.municipality == Recipient.municipality)
            & (Campaign.id == Recipient.campaign_id),
        )
        .where(
            Contact.municipality == by.municipality,
            Contact.state != ContactState.LOST,
            Campaign.kind == Kind.TEST,
            Campaign.author_id == by.id,
        )
        .order_by(Campaign.id.desc(), Contact.id)
        .limit(MOST * MOST)
    )
    found = {contact.id: contact for contact in session.scalars(query)}  # Each where it is first.
    return _shown(session, by, list(found.values())[:MOST], now)


def _shown(session: Session, by: Caller, found: list[Contact], now: datetime) -> list[Tester]:
    """Name them, but for whom nothing may be told; that staff saw them is in the log."""
    ids = {str(contact.resident_id) for contact in found}
    ids &= fact_rows.served(session, by.municipality, ids).keys()
    ids -= residents.suppressed(session, by.municipality, ids)
    names = fact_rows.names_of(session, by.municipality, ids)
    for id in sorted(names):
        events.record(session, by, "resident.viewed", id, now, details={"in": "testers"})
    return [
        Tester(names[str(contact.resident_id)], contact)
        for contact in found
        if contact.resident_id in names
    ]
