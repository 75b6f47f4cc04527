"""Where whoever an application is for is reached: registered or not."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.applications.rows import Application
from core.proxies.reaching import Reached, reach
from core.residents import contact_rows as contacts
from core.residents.rules import ContactState


def reached(session: Session, row: Application, now: datetime) -> Reached | None:
    """Return where to push what concerns an application; None where nothing reaches anybody."""
    if row.resident_id:
        return reach(session, row.municipality, row.resident_id, now)
    contact = contacts.get_contact(session, row.municipality, row.contact_id)
    if contact is None or contact.state is not ContactState.REACHABLE:
        return None
    return Reached(contact)
