"""What registering leaves behind, deleted with resident or contact, or when its term is over."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, delete, or_, select
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
    """Delete registrations refused before, or put forward before and never decided; return ids."""
    refused = and_(
        CounterRegistration.state == RegistrationState.REFUSED,
        CounterRegistration.decide_time < before,
    )
    left_lying = and_(
        CounterRegistration.state == RegistrationState.PROPOSED,
        CounterRegistration.create_time < before,
    )
    query = select(CounterRegistration).where(
        CounterRegistration.municipality == municipality, or_(refused, left_lying)
    )
    locked = query.limit(limit).with_for_update(skip_locked=True)
    return _delete(session, list(session.scalars(locked)))


def _delete(session: Session, found: list[CounterRegistration]) -> list[str]:
    for one in found:
        session.delete(one)
    session.flush()
    return [one.id for one in found]
