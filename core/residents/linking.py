"""A contact joins a resident, or leaves: how many there may be, what ends, who is told."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.dispatches import actions as dispatches
from core.dispatches import rows as dispatch_rows
from core.ids import new_id
from core.residents import contact_rows, rows, telling
from core.residents.rules import CONTACTS, ContactsTooMany, ContactTaken, ContactUnknown

End = Callable[[Session, str, str, datetime], None]
"""Ends what hangs on a contact that leaves: (session, municipality, contact id, now).

The contact is the resident's until all has ended.
"""


def link(
    session: Session,
    by: Caller,
    contact: contact_rows.Contact,
    resident: rows.Resident,
    now: datetime,
) -> None:
    """Make a contact, which the caller has locked, one of the resident's; tell every other.

    Raises ContactTaken and ContactsTooMany, before anything is changed.
    """
    if contact.resident_id == resident.id:
        return
    if contact.resident_id is not None:
        raise ContactTaken("the contact belongs to another resident: use another, or unlink it")
    _lock(session, resident)
    others = contact_rows.contacts_of(session, by.municipality, resident.id)
    if sum(one.channel == contact.channel for one in others) >= CONTACTS:
        raise ContactsTooMany(
            "the resident has too many contacts on this channel: unlink one", limit=str(CONTACTS)
        )
    contact.resident_id = resident.id
    if resident.language:
        contact.language, contact.language_chosen = resident.language, True
    _record(session, by, "contact.linked", contact, now)
    telling.tell(
        session,
        by,
        resident=resident,
        contacts=others,
        occasion=f"linked:{new_id()}",
        kind="CONTACT_LINKED",
        now=now,
        linked_channel=contact.channel,
    )


def unlink_one(
    session: Session,
    by: Caller,
    *,
    resident: rows.Resident,
    contact_id: str,
    ends: Iterable[End],
    now: datetime,
) -> None:
    """Take any contact of the resident from them; raise ContactUnknown for another's."""
    contact = contact_rows.get_contact(session, by.municipality, contact_id, lock=True)
    if contact is None or contact.resident_id != resident.id:
        raise ContactUnknown("the resident has no such contact")
    unlink(session, by, contact, resident, now, ends=ends)


def unlink(
    session: Session,
    by: Caller,
    contact: contact_rows.Contact,
    resident: rows.Resident,
    now: datetime,
    *,
    ends: Iterable[End],
) -> None:
    """Take a contact, which the caller has locked, from its resident; it is the last to be told.

    What else waits to be said there is dropped: the phone may be another's.
    """
    theirs = dispatch_rows.by_contacts([contact.id])
    dispatches.drop(session, by.municipality, resident.id, now, theirs)
    telling.tell(
        session,
        by,
        resident=resident,
        contacts=[contact],
        occasion=f"unlinked:{new_id()}",
        kind="CONTACT_UNLINKED",
        now=now,
    )
    _record(session, by, "contact.unlinked", contact, now)
    # The resident's choice; what the channel tells counts again.
    contact.language_chosen = False
    session.flush()
    for end in ends:
        end(session, by.municipality, contact.id, now)
    contact.resident_id = None
    session.flush()


def _lock(session: Session, resident: rows.Resident) -> None:
    """Hold the resident to the transaction's end, so that two who join are counted in turn."""
    of = (rows.Resident.municipality == resident.municipality, rows.Resident.id == resident.id)
    session.execute(select(rows.Resident.id).where(*of).with_for_update())


def _record(
    session: Session, by: Caller, kind: str, contact: contact_rows.Contact, now: datetime
) -> None:
    resident_id = contact.resident_id or ""
    details = {"resident_id": resident_id}
    events.record(session, by, kind, contact.id, now, details=details, on_behalf_of=resident_id)
