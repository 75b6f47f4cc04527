"""Contacts, and every query of them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import crypto
from core.ahead import held, hold
from core.callers import Caller
from core.crypto import Sealed
from core.db import Instant, Row
from core.residents import rows
from core.residents.rules import ContactNotRegistered, ContactState, ContactUnknown

EXTERNAL_ID = "contacts.external_id"
"""Where a channel's own ids are sealed."""


class Contact(Row):
    """A place to reach somebody on a channel; `seen_time` is the newest sight of it.

    A language that the resident chose is not overruled by what the channel tells.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
        UniqueConstraint("municipality", "channel", "external_index"),
        Index(None, "municipality", "resident_id"),
        # Staff look for a contact whatever its channel.
        Index(None, "municipality", "external_index"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str] = mapped_column(Sealed(EXTERNAL_ID))
    external_index: Mapped[bytes]
    state: Mapped[ContactState]
    seen_time: Mapped[datetime] = mapped_column(Instant)
    language: Mapped[str] = mapped_column(default="")
    language_chosen: Mapped[bool] = mapped_column(default=False)
    resident_id: Mapped[str | None] = mapped_column(default=None)


def external_index(session: Session, external_id: str) -> bytes:
    return crypto.vault_of(session).index(external_id, EXTERNAL_ID)


# Every message of a resident asks for it: made once, a statement costs half.
_FIND_CONTACT = select(Contact).where(
    Contact.municipality == bindparam("municipality"),
    Contact.channel == bindparam("channel"),
    Contact.external_index == bindparam("index"),
)
_FIND_EACH = select(Contact).where(
    Contact.municipality == bindparam("municipality"),
    Contact.channel == bindparam("channel"),
    Contact.external_index.in_(bindparam("indexes", expanding=True)),
)
_LOCK_CONTACT = _FIND_CONTACT.with_for_update().execution_options(populate_existing=True)


def find_contact(
    session: Session, by: Caller, external_id: str, *, lock: bool = False
) -> Contact | None:
    """Return the calling channel's contact; locked to the transaction's end, if it will change."""
    if not lock:
        ahead = held(session, Contact, (by, external_id))
        if ahead is not None:
            return ahead
    key = {
        "municipality": by.municipality,
        "channel": by.name,
        "index": external_index(session, external_id),
    }
    return session.scalars(_LOCK_CONTACT if lock else _FIND_CONTACT, key).one_or_none()


def look_up(
    session: Session, asked: Collection[tuple[Caller, str]]
) -> dict[tuple[Caller, str], Contact]:
    """Read ahead the contacts of calling channels, by their external ids; a channel's at once."""
    found: dict[tuple[Caller, str], Contact] = {}
    for by in {by for by, _ in asked}:
        ids = {external_index(session, id): id for caller, id in asked if caller == by}
        key = {"municipality": by.municipality, "channel": by.name, "indexes": list(ids)}
        for contact in session.scalars(_FIND_EACH, key):
            found[by, ids[contact.external_index]] = contact
    hold(session, Contact, found)
    return found


def get_contact(
    session: Session, municipality: str, id: str, *, lock: bool = False
) -> Contact | None:
    """Return a contact by its id, whichever channel's; locked where it will change."""
    key = (municipality, id)
    return session.get(Contact, key, with_for_update=lock or None, populate_existing=lock)


def by_id(session: Session, municipality: str, ids: Collection[str]) -> dict[str, Contact]:
    """Return contacts by id, whichever channel's; ids of none are left out."""
    query = select(Contact).where(Contact.municipality == municipality, Contact.id.in_(ids))
    return {contact.id: contact for contact in session.scalars(query)}


def contact_of(session: Session, by: Caller, external_id: str) -> Contact:
    """Return the calling channel's contact; raise ContactUnknown."""
    contact = find_contact(session, by, external_id)
    if contact is None:
        raise ContactUnknown("the channel has no such contact: tell with SeeContact first")
    return contact


def resident_of(contact: Contact) -> str:
    """Return the id of the contact's resident; raise ContactNotRegistered."""
    if contact.resident_id is None:
        raise ContactNotRegistered("the contact belongs to nobody yet: verify who it is first")
    return contact.resident_id


def contacts_of(session: Session, municipality: str, resident_id: str) -> list[Contact]:
    """Return where the resident can be reached or once could, newest seen first."""
    query = select(Contact).where(
        Contact.municipality == municipality, Contact.resident_id == resident_id
    )
    return list(session.scalars(query.order_by(Contact.seen_time.desc(), Contact.id.desc())))


def reachable_contact(session: Session, municipality: str, resident_id: str) -> Contact | None:
    """Return the newest seen contact that can be reached.

    None where there is none, and where nothing may be pushed to the resident.
    """
    resident = session.get(rows.Resident, (municipality, resident_id))
    if resident is None or rows.is_silent(resident):
        return None
    contacts = contacts_of(session, municipality, resident_id)
    return next((one for one in contacts if one.state is ContactState.REACHABLE), None)
