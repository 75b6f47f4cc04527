"""How many registrations at the counter there are, for the overview."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.registration.rows import CounterRegistration
from core.registration.rules import RegistrationState


def to_decide(session: Session, municipality: str) -> int:
    """Return how many wait for a second person."""
    query = select(func.count()).where(
        CounterRegistration.municipality == municipality,
        CounterRegistration.state == RegistrationState.PROPOSED,
    )
    counted: int = session.scalars(query).one()
    return counted
