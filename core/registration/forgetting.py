"""What registering leaves behind, deleted with resident or contact, or when its term is over."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.registration.rows import Authentication, Challenge, CounterRegistration
from core.registration.rules import RegistrationState


def forget_contacts(session: Session, municipality: str, contact_ids: Collection[str]) -> None:
    """Delete challenges and flows that were begun on these contacts."""
    for kind in (Challenge, Authentication):
        session.execute(
            delete(kind)
            .where(kind.municipality == municipality, kind.contact_id.in_(contact_ids))
            .execution_options(synchronize_session="fetch")
        )


def forget(session: Session, municipality: str, resident_id: str) -> list[str]:
    """Delete a resident's registrations at the counter, and return their ids."""
    query = select(CounterRegistration).where(
        CounterRegistration.municipality == municipality,
        CounterRegistration.resident_id == resident_id,
    )
    return _delete(session, list(session.scalars(query)))


def forget_refused(
    session: Session, municipality: str, before: datetime, *, limit: int
) -> list[str]:
    """Delete registrations that were refused before, and return their ids."""
    query = select(CounterRegistration).where(
        CounterRegistration.municipality == municipality,
        CounterRegistration.state == RegistrationState.REFUSED,
        CounterRegistration.decide_time < before,
    )
    return _delete(session, list(session.scalars(query.limit(limit))))


def _delete(session: Session, found: list[CounterRegistration]) -> list[str]:
    for one in found:
        session.delete(one)
    session.flush()
    return [one.id for one in found]
