"""Members are told of their place in the association, each on one contact, once an occasion."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from core.associations import joined_rows
from core.associations.rows import Association
from core.callers import Caller
from core.dispatches import actions as dispatches
from core.dispatches import rows as dispatch_rows
from core.dispatches.actions import Message
from core.dispatches.rules import Recipient
from core.residents import rows as residents
from core.residents.contact_rows import Contact
from core.residents.rules import ContactState


def tell_members(
    session: Session,
    by: Caller,
    member_ids: Collection[str],
    *,
    occasion: str,
    event: str,
    now: datetime,
    **places: str,
) -> int:
    """Tell each member on the newest contact that can be reached; return how many are told.

    `event` is an AssociationEvent without prefix, `places` further fields of AssociationTold.
    """
    contacts = joined_rows.reachable_by_member(session, by.municipality, member_ids)
    return _tell(
        session, by, contacts.values(), occasion=occasion, event=event, now=now, places=places
    )


def tell_contact(
    session: Session,
    by: Caller,
    contact: Contact,
    *,
    occasion: str,
    event: str,
    now: datetime,
    **places: str,
) -> int:
    """Tell a contact, such as of somebody who is no member; return how many are told."""
    reachable = [contact] if contact.state is ContactState.REACHABLE else []
    return _tell(session, by, reachable, occasion=occasion, event=event, now=now, places=places)


def take_back(session: Session, of: Association, *, occasion: str, now: datetime) -> None:
    """Tell officers no more what is over, and erase what was said of whom."""
    there = dispatch_rows.on_occasion(occasion)
    for resident_id in joined_rows.residents_of_officers(session, of):
        dispatches.forget(session, of.municipality, resident_id, now, there)


def _tell(
    session: Session,
    by: Caller,
    contacts: Collection[Contact],
    *,
    occasion: str,
    event: str,
    now: datetime,
    places: dict[str, str],
) -> int:
    told = {"event": f"ASSOCIATION_EVENT_{event}", **places}
    registered = {contact.resident_id for contact in contacts if contact.resident_id}
    # Protection that comes at the same moment finds what is queued here.
    steady = residents.all_steady(session, by.municipality, registered)
    messages = [
        Message(
            f"{occasion}:{contact.id}",
            contact.resident_id or "",
            Recipient(contact.id, contact.channel, contact.external_id),
            {"association": told | {"language": contact.language}},
        )
        for contact in contacts
        if contact.resident_id is None or not residents.is_silent(steady[contact.resident_id])
    ]
    return dispatches.tell_all(session, by, messages, now=now)
