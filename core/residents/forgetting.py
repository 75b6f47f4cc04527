"""What is held of residents and contacts here, deleted for good."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from core.residents import rows, wishes
from core.residents.changed_rows import ChangedResident
from core.residents.contact_rows import Contact
from core.residents.search_rows import SearchKey
from core.residents.stale_rows import Stale
from core.residents.trait_rows import Traits
from core.residents.wish_rows import Consent


def forget(session: Session, resident: rows.Resident, *, keep_id: bool, now: datetime) -> None:
    """Delete facts with their history and search keys, consents, choices; the id, unless kept.

    The contacts go before, with what hangs on them.
    """
    municipality, id = resident.municipality, resident.id
    wishes.forget(session, municipality, id)
    for kind in (Consent, Stale, SearchKey, ChangedResident, Traits, rows.Facts):
        session.execute(
            delete(kind)
            .where(kind.municipality == municipality, kind.resident_id == id)
            .execution_options(synchronize_session="fetch")
        )
    if keep_id:
        resident.suppressed, resident.consent_withdrawn, resident.language = False, False, ""
        resident.closing_cause = resident.closing_date = None
        resident.delete_time = now
        resident.revision += 1
    else:
        session.delete(resident)
    session.flush()


def forget_contacts(session: Session, municipality: str, contact_ids: Collection[str]) -> None:
    session.execute(
        delete(Contact)
        .where(Contact.municipality == municipality, Contact.id.in_(contact_ids))
        .execution_options(synchronize_session="fetch")
    )


def unseen(
    session: Session,
    municipality: str,
    before: datetime,
    *more: ColumnElement[bool],
    limit: int,
) -> list[str]:
    """Return contacts that never registered and were last seen before, locked, by their ids.

    With `more`, only those of which it is true.
    """
    query = select(Contact.id).where(
        Contact.municipality == municipality,
        Contact.resident_id.is_(None),
        Contact.seen_time < before,
        *more,
    )
    # Whoever is registering on one right now holds it.
    return list(session.scalars(query.limit(limit).with_for_update(skip_locked=True)))
