"""Who may speak for whom: asked at each use, so that nothing outlasts what was agreed."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.callers import Caller
from core.proxies import rows, rules
from core.proxies.rules import Scope
from core.residents import contact_rows
from core.residents import rows as residents
from core.residents.contact_rows import Contact
from core.residents.rules import ProxyNotGranted


def speaker(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    for_resident_id: str,
    scope: Scope,
    now: datetime,
) -> str:
    """Return the id of the resident whom a contact speaks for: its own, or one it is a proxy of.

    Raises ContactUnknown, ContactNotRegistered, ProxyNotGranted.
    """
    contact = contact_rows.contact_of(session, by, external_id)
    if for_resident_id in {"", contact.resident_id}:
        return contact_rows.resident_of(contact)
    proxy_of(session, contact, for_resident_id, scope, now)
    return for_resident_id


def proxy_of(
    session: Session, contact: Contact, for_resident_id: str, scope: Scope, now: datetime
) -> rows.Proxy:
    """Return the proxy by which a contact speaks for a resident now, or raise ProxyNotGranted.

    Raises ContactNotRegistered on a contact that is nobody's, and where no proxy goes on either.
    """
    found = [
        one for one in _proxies_at(session, contact, scope) if one.resident_id == for_resident_id
    ]
    if not found and contact.resident_id is None:
        contact_rows.resident_of(contact)
    for one in found:
        if is_granted(session, one, scope, now):
            return one
    raise ProxyNotGranted("the speaker is no proxy of the resident for this", scope=scope)


def acted_for(session: Session, contact: Contact, scope: Scope, now: datetime) -> list[rows.Proxy]:
    """Return the proxies by which a contact may do this for others now."""
    found = _proxies_at(session, contact, scope)
    return [one for one in found if is_granted(session, one, scope, now)]


def _proxies_at(session: Session, contact: Contact, scope: Scope) -> list[rows.Proxy]:
    """Return by which proxies a contact may speak; one that is nobody's, in circulars alone."""
    found = []
    if contact.resident_id is not None:
        found = rows.acting(session, contact.municipality, contact.resident_id)
    if scope is Scope.CIRCULARS:
        found += rows.going_on_at(session, contact.municipality, contact.id)
    return list({one.id: one for one in found}.values())


def granted(
    session: Session,
    municipality: str,
    *,
    resident_id: str,
    proxy_resident_id: str,
    scope: Scope,
    now: datetime,
) -> bool:
    """Whether one resident may do this for another now."""
    proxy = rows.going_on(
        session, municipality, resident_id=resident_id, proxy_resident_id=proxy_resident_id
    )
    return proxy is not None and is_granted(session, proxy, scope, now)


def is_granted(session: Session, proxy: rows.Proxy, scope: Scope, now: datetime) -> bool:
    """Whether this may be done by a proxy now.

    Never for one who is protected, closed or took back the consent; nor by one whose registration
    has ended.
    """
    if not acts(proxy, scope, now):
        return False
    acting = residents.get(session, proxy.municipality, proxy.proxy_resident_id)
    if acting.closing_cause is not None or acting.delete_time is not None:
        return False
    return not residents.is_silent(residents.get(session, proxy.municipality, proxy.resident_id))


def is_shown(session: Session, proxy: rows.Proxy, resident_id: str) -> bool:
    """Whether the resident may see it: of one under protection their proxy sees nothing."""
    if resident_id == proxy.resident_id:
        return True
    return not residents.get(session, proxy.municipality, proxy.resident_id).suppressed


def acts(proxy: rows.Proxy, scope: Scope, now: datetime) -> bool:
    """Whether a proxy is in force and covers this."""
    return rules.in_force(
        end_time=proxy.end_time, last_day=proxy.expire_date, now=now
    ) and rules.covers(proxy.scopes, scope)
