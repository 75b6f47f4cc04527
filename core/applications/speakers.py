"""Who speaks about an application: its resident, their proxy, an unregistered contact, a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import knowing, rows, talk_rows
from core.applications.knowing import LANGUAGE
from core.applications.rules import ApplicationUnknown
from core.applications.talk_rows import Handover
from core.callers import Caller
from core.proxies.rules import Scope
from core.proxies.speaking import granted, speaker
from core.residents import contact_rows as contacts
from core.residents import fact_rows
from core.residents.contact_rows import Contact


@dataclass(frozen=True, slots=True)
class Speaking:
    """A contact in a conversation. `page` is the link by which a page has it.

    `on_behalf_of` is whose matter it is where a proxy speaks, `proxy` the proxy's resident id.
    """

    contact: Contact
    on_behalf_of: str = ""
    proxy: str = ""
    page: Handover | None = None
    own_language: str = ""

    @property
    def language(self) -> str:
        return self.contact.language or self.own_language or LANGUAGE


def look_up(session: Session, asked: Sequence[tuple[Caller, str, str]]) -> None:
    """Read at once what each of these is about: contacts, what they were asked, applications.

    Each is a caller, a contact's external id, and the id of an application, which is locked; where
    it is empty, it is the one that the contact was asked about last.
    """
    known = contacts.look_up(session, [(by, external_id) for by, external_id, _ in asked])
    for municipality in sorted({by.municipality for by, _, _ in asked}):
        pairs = [
            (contact.id, id)
            for by, external_id, id in asked
            if by.municipality == municipality and (contact := known.get((by, external_id)))
        ]
        last = talk_rows.look_up(session, municipality, {contact for contact, _ in pairs})
        about = {id or last.get(contact, "") for contact, id in pairs}
        knowing.look_up(session, municipality, rows.look_up(session, municipality, about - {""}))


def of_contact(
    session: Session,
    by: Caller,
    external_id: str,
    id: str,
    *,
    scope: Scope,
    now: datetime,
    lock: bool,
    for_resident_id: str = "",
) -> tuple[Speaking, rows.Application]:
    """Return who speaks, and the application that they may speak about, locked or not.

    What is another's is unknown, and to whoever is not registered everything that they did not
    begin there themselves. Raises ContactUnknown, ContactNotRegistered, ApplicationUnknown,
    ProxyNotGranted.
    """
    contact = contacts.contact_of(session, by, external_id)
    if for_resident_id:
        speaker(
            session,
            by,
            external_id=external_id,
            for_resident_id=for_resident_id,
            scope=scope,
            now=now,
        )
    row = rows.find(session, by.municipality, id, lock=lock)
    speaking = _speaking(session, contact, row, scope, now) if row else None
    if row is None or speaking is None or for_resident_id not in {"", row.resident_id}:
        contacts.resident_of(contact)
        raise ApplicationUnknown(f"there is no application {id} of this contact")
    return speaking, row


def _speaking(
    session: Session, contact: Contact, row: rows.Application, scope: Scope, now: datetime
) -> Speaking | None:
    direct = holds(session, contact, row, scope=scope, now=now)
    if direct is not None:
        return direct
    page = talk_rows.page_of(session, row.municipality, contact.id, row.id, now)
    first = contacts.get_contact(session, row.municipality, page.from_contact_id) if page else None
    # A page may do what the contact still may that it came from.
    behind = holds(session, first, row, scope=scope, now=now) if first else None
    if behind is None:
        return None
    return Speaking(contact, behind.on_behalf_of, behind.proxy, page, behind.contact.language)


def holds(
    session: Session, contact: Contact, row: rows.Application, *, scope: Scope, now: datetime
) -> Speaking | None:
    """Return a contact as the one whose application it is, or as a proxy's; None for others."""
    if contact.id == row.contact_id or (row.resident_id and contact.resident_id == row.resident_id):
        return Speaking(contact)
    if not contact.resident_id or not row.resident_id:
        return None
    acting = granted(
        session,
        row.municipality,
        resident_id=row.resident_id,
        proxy_resident_id=contact.resident_id,
        scope=scope,
        now=now,
    )
    if not acting:
        return None
    names = fact_rows.names_of(session, row.municipality, [row.resident_id])
    return Speaking(contact, names.get(row.resident_id, ""), contact.resident_id)
