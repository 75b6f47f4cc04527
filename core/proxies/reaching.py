"""Where residents are reached: each on their own newest contact, or else through a proxy."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.proxies import rows, speaking
from core.proxies.rules import Scope
from core.residents import fact_rows
from core.residents import rows as residents
from core.residents.contact_rows import Contact
from core.residents.rules import ContactState


@dataclass(frozen=True, slots=True)
class Reached:
    """A contact to push to; `on_behalf_of` is the resident's name where it is a proxy's."""

    contact: Contact
    on_behalf_of: str = ""


def reach(session: Session, municipality: str, resident_id: str, now: datetime) -> Reached | None:
    """Return where to push what concerns the resident; None where nobody is reached."""
    return reach_all(session, municipality, {resident_id}, now).get(resident_id)


def reach_all(
    session: Session,
    municipality: str,
    resident_ids: Collection[str],
    now: datetime,
    *,
    state: ContactState = ContactState.REACHABLE,
) -> dict[str, Reached]:
    """Return where to push what concerns each resident, by id; or where they read, by `state`.

    Left out is whom nothing reaches, and to whom nothing may be told.
    """
    told = to_be_told(session, municipality, resident_ids)
    own = newest(session, municipality, told, state)
    found = {id: Reached(contact) for id, contact in own.items()}
    if left := told - own.keys():
        found |= _through_others(session, municipality, left, now, state)
    return found


def _through_others(
    session: Session,
    municipality: str,
    resident_ids: Collection[str],
    now: datetime,
    state: ContactState,
) -> dict[str, Reached]:
    """Return the newest seen contact of anybody who acts for them, by the resident's id."""
    acting: dict[str, set[str]] = {}
    for proxy in rows.for_residents(session, municipality, resident_ids):
        if speaking.acts(proxy, Scope.READ, now):
            acting.setdefault(proxy.resident_id, set()).add(proxy.proxy_resident_id)
    if not acting:
        return {}
    told = to_be_told(session, municipality, set().union(*acting.values()))
    contacts = newest(session, municipality, told, state)
    names = fact_rows.names_of(session, municipality, acting)
    found: dict[str, Reached] = {}
    for id, proxies in acting.items():
        theirs = [contacts[proxy] for proxy in proxies if proxy in contacts]
        if theirs:
            latest = max(theirs, key=lambda one: (one.seen_time, one.id))
            found[id] = Reached(latest, names.get(id, ""))
    return found


def to_be_told(session: Session, municipality: str, resident_ids: Collection[str]) -> set[str]:
    """Return those of them to whom something may be pushed, to this transaction's end."""
    steady = residents.all_steady(session, municipality, resident_ids)
    return {id for id, resident in steady.items() if not residents.is_silent(resident)}


def newest(
    session: Session,
    municipality: str,
    resident_ids: Collection[str],
    state: ContactState = ContactState.REACHABLE,
) -> dict[str, Contact]:
    """Return the newest seen contact of each that is in a state, by resident id."""
    if not resident_ids:
        return {}
    query = select(Contact).where(
        Contact.municipality == municipality,
        Contact.resident_id.in_(sorted(resident_ids)),
        Contact.state == state,
    )
    oldest_first = query.order_by(Contact.seen_time, Contact.id)
    return {str(contact.resident_id): contact for contact in session.scalars(oldest_first)}
