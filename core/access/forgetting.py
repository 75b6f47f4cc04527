"""Ways in, deleted with the resident or contact whose they are, or when they are over."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.access.rows import Code, Passkey, PasskeyChallenge


def forget_contacts(session: Session, municipality: str, contact_ids: Collection[str]) -> None:
    """Delete the passkeys of contacts, and attempts to make one."""
    for kind in (Passkey, PasskeyChallenge):
        session.execute(
            delete(kind)
            .where(kind.municipality == municipality, kind.contact_id.in_(contact_ids))
            .execution_options(synchronize_session="fetch")
        )


def forget(session: Session, municipality: str, resident_id: str) -> None:
    """Delete a resident's codes and passkeys."""
    for kind in (Code, Passkey):
        session.execute(
            delete(kind)
            .where(kind.municipality == municipality, kind.resident_id == resident_id)
            .execution_options(synchronize_session="fetch")
        )
