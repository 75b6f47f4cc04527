"""Deletes a resident with all that is personal; what the law makes the city keep stays, by ids."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import attempts, events
from core.access import forgetting as access
from core.applications import forgetting as applications
from core.associations import forgetting as associations
from core.callers import Caller
from core.circulars import forgetting as circulars
from core.dispatches import actions as dispatches
from core.dispatches import rows as dispatch_rows
from core.eligibility import match_rows as eligibility
from core.inquiries import forgetting as inquiries
from core.messaging import forgetting as campaigns
from core.messaging import gathered
from core.proxies import forgetting as proxies
from core.records.terms import Terms
from core.registration import forgetting as registration
from core.residents import contact_rows, rows
from core.residents import forgetting as residents

ForgetAnswers = Callable[[Session, Collection[str]], None]
"""Deletes the kept answers that tell about any of these ids."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What is kept after all, such as "applications", and until when."""

    kept: tuple[str, ...] = ()
    kept_until: datetime | None = None


def delete(
    session: Session,
    by: Caller,
    resident: rows.Resident,
    *,
    terms: Terms,
    forget_answers: ForgetAnswers,
    now: datetime,
    reason: str | None = None,
) -> Deleted:
    """Delete a locked resident. A decided application stays, with its payment, until its term."""
    municipality, id = by.municipality, resident.id
    contacts = [one.id for one in contact_rows.contacts_of(session, municipality, id)]
    filed = applications.forget(
        session, by, resident_id=id, kept_since=now - terms.application, now=now
    )
    eligibility.forget(session, municipality, id)
    dispatches.forget(session, municipality, id, now)
    campaigns.forget(session, municipality, id, now)
    gathered.forget(session, municipality, id, contacts, now)
    written = inquiries.forget(session, municipality, id)
    counter = registration.forget(session, municipality, id)
    agreed = proxies.forget(session, municipality, id, now)
    access.forget(session, municipality, id)
    forget_contacts(session, by, contacts, forget_answers, now)
    residents.forget(session, resident, keep_id=filed.kept is not None, now=now)
    forget_answers(session, [id, *counter, *filed.ids, *agreed, *written])
    attempts.forget_subjects(session, municipality, [id])
    deleted = Deleted()
    if filed.kept is not None:
        deleted = Deleted(("applications",), filed.kept + terms.application)
    details = {"kept": ",".join(deleted.kept)}
    events.record(
        session, by, "resident.deleted", id, now, details=details, reason=reason, on_behalf_of=id
    )
    return deleted


def forget_contacts(
    session: Session,
    by: Caller,
    contact_ids: Collection[str],
    forget_answers: ForgetAnswers,
    now: datetime,
) -> None:
    """Delete contacts with what hangs on them."""
    municipality = by.municipality
    begun = applications.forget_contacts(session, by, contact_ids, now)
    spoke_for = associations.forget_contacts(session, by, contact_ids, now)
    circulars.forget_members(session, by.municipality, spoke_for)
    # What was told to whoever was not registered stands under no resident.
    dispatches.forget(session, municipality, "", now, dispatch_rows.by_contacts(contact_ids))
    gathered.forget(session, municipality, "", contact_ids, now)
    written = inquiries.forget_contacts(session, municipality, contact_ids)
    registration.forget_contacts(session, municipality, contact_ids)
    access.forget_contacts(session, municipality, contact_ids)
    residents.forget_contacts(session, municipality, contact_ids)
    forget_answers(session, [*contact_ids, *begun, *spoke_for, *written])
    attempts.forget_subjects(session, municipality, contact_ids)
