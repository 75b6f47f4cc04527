"""Where a resident is reached: on their own newest contact, or else through a proxy."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.proxies import rows, speaking
from core.proxies.rules import Scope
from core.residents import rows as residents
from core.residents.contact_rows import Contact
from core.residents.rules import ContactState


@dataclass(frozen=True, slots=True)
class Reached:
    """A contact to push to; `on_behalf_of` is the resident's name where it is a proxy's."""

    contact: Contact
    on_behalf_of: str = ""


def reach(session: Session, municipality: str, resident_id: str, now: datetime) -> Reached | None:
    """Return where to push what concerns the resident.

    None where nothing reaches them, and where nothing may be pushed to them.
    """
    if residents.is_silent(residents.steady(session, municipality, resident_id)):
        return None
    own = _newest(session, municipality, {resident_id})
    if own is not None:
        return Reached(own)
    acting = {
        proxy.proxy_resident_id
        for proxy in rows.for_resident(session, municipality, resident_id)
        if speaking.acts(proxy, Scope.READ, now)
        and not residents.is_silent(
            residents.steady(session, municipality, proxy.proxy_resident_id)
        )
    }
    theirs = _newest(session, municipality, acting)
    if theirs is None:
        return None
    name = residents.names_of(session, municipality, [resident_id]).get(resident_id, "")
    return Reached(theirs, name)


def _newest(session: Session, municipality: str, resident_ids: set[str]) -> Contact | None:
    """Return the newest seen contact of any of them that can be reached."""
    if not resident_ids:
        return None
    query = select(Contact).where(
        Contact.municipality == municipality,
        Contact.resident_id.in_(sorted(resident_ids)),
        Contact.state == ContactState.REACHABLE,
    )
    newest_first = query.order_by(Contact.seen_time.desc(), Contact.id.desc())
    return session.scalars(newest_first.limit(1)).one_or_none()
