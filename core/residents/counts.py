"""How many residents and contacts there are, for the overview."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.residents.contact_rows import Contact
from core.residents.rows import Resident
from core.residents.rules import ContactState


def registered(session: Session, municipality: str) -> int:
    """Return how many residents are registered; those whose registration has ended are not."""
    query = select(func.count()).where(
        Resident.municipality == municipality,
        Resident.closing_cause.is_(None),
        Resident.delete_time.is_(None),
    )
    counted: int = session.scalars(query).one()
    return counted


def reachable(session: Session, municipality: str) -> int:
    """Return how many contacts can be reached, registered or not."""
    query = select(func.count()).where(
        Contact.municipality == municipality, Contact.state == ContactState.REACHABLE
    )
    counted: int = session.scalars(query).one()
    return counted
