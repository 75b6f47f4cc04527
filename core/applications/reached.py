"""Where whoever an application is for is reached: registered or not."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from core.applications.rows import Application
from core.proxies.reaching import Reached, reach_all
from core.residents import contact_rows as contacts
from core.residents.rules import ContactState


def reached(session: Session, row: Application, now: datetime) -> Reached | None:
    """Return where to push what concerns an application; None where nothing reaches anybody."""
    return all_reached(session, row.municipality, [row], now).get(row.id)


def all_reached(
    session: Session, municipality: str, applications: Collection[Application], now: datetime
) -> dict[str, Reached]:
    """Return where to push what concerns each application, by its id; who is not reached is not."""
    residents = {row.resident_id for row in applications} - {""}
    by_resident = reach_all(session, municipality, residents, now) if residents else {}
    others = {row.contact_id for row in applications if not row.resident_id} - {""}
    by_contact = contacts.by_id(session, municipality, others) if others else {}
    found: dict[str, Reached] = {}
    for row in applications:
        contact = None if row.resident_id else by_contact.get(row.contact_id)
        if row.resident_id in by_resident:
            found[row.id] = by_resident[row.resident_id]
        elif contact is not None and contact.state is ContactState.REACHABLE:
            found[row.id] = Reached(contact)
    return found
