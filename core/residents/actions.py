"""Meeting contacts, and looking at a resident."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.ids import new_id
from core.residents import contact_rows, fact_rows, rows, rules, sights, stale_rows
from core.residents.rules import ContactState, StaleCause


def see_contact(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    state: ContactState,
    seen_time: datetime,
    language: str,
    now: datetime,
) -> contact_rows.Contact:
    """Keep what the channel saw of a contact, unless something newer is known."""
    # A channel whose clock is ahead must not outdo what is seen later.
    seen_time = min(seen_time, now)
    known = sights.see_again(
        session, by, external_id, state=state, seen_time=seen_time, language=language
    )
    if known is not None:
        return known
    contact = contact_rows.find_contact(session, by, external_id, lock=True)
    if contact is None:
        contact = contact_rows.Contact(
            municipality=by.municipality,
            id=new_id(),
            channel=by.name,
            external_id=external_id,
            external_index=contact_rows.external_index(session, external_id),
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
        if not contact.language_chosen:
            contact.language = language or contact.language
        if (contact.state, contact.language) != before:
            _record_sight(session, by, contact, now)
    return contact


def whole(
    session: Session, resident: rows.Resident
) -> tuple[rows.Resident, rows.Facts, list[contact_rows.Contact], list[StaleCause]]:
    """Return a resident with the facts in force, contacts, and why the facts are stale."""
    key = resident.municipality, resident.id
    facts = fact_rows.facts_of(session, *key)
    return (
        resident,
        facts,
        contact_rows.contacts_of(session, *key),
        stale_rows.causes_of(session, *key),
    )


def view_resident(
    session: Session, by: Caller, *, resident_id: str, now: datetime
) -> tuple[rows.Resident, rows.Facts, list[contact_rows.Contact], list[StaleCause]]:
    """Return all of a resident that staff may see, and write down that they looked."""
    found = whole(session, rows.get(session, by.municipality, resident_id))
    events.record(session, by, "resident.viewed", resident_id, now)
    return found


def view_history(
    session: Session, by: Caller, *, resident_id: str, before: str, limit: int, now: datetime
) -> list[rows.Facts]:
    """Return what a resident's facts were, and write down that somebody looked."""
    fact_rows.facts_of(session, by.municipality, resident_id)
    events.record(session, by, "resident.history_viewed", resident_id, now)
    return fact_rows.history_page(session, by.municipality, resident_id, before=before, limit=limit)


def view_stale(
    session: Session,
    by: Caller,
    *,
    cause: StaleCause | None,
    after: tuple[datetime, str] | None,
    limit: int,
    now: datetime,
) -> list[tuple[rows.Resident, rows.Facts, list[stale_rows.Stale]]]:
    """Return who should verify their facts anew, and write down how many were shown."""
    found = stale_rows.page(session, by.municipality, cause=cause, after=after, limit=limit + 1)
    shown = found[:limit]
    details = {"count": str(len(shown))}
    events.record(session, by, "residents.stale_listed", by.id, now, details=details)
    for resident, _, _ in shown:
        events.record(session, by, "resident.found", resident.id, now, details={"by": "stale"})
    return found


def _record_sight(
    session: Session, by: Caller, contact: contact_rows.Contact, now: datetime
) -> None:
    events.record(
        session,
        by,
        "contact.seen",
        contact.id,
        now,
        details={"state": contact.state, "language": contact.language},
        on_behalf_of=contact.resident_id or "",
    )
