"""Who may speak for whom: asked at each use, so that nothing outlasts what was agreed."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.callers import Caller
from core.proxies import rows, rules
from core.proxies.rules import Scope
from core.residents import contact_rows
from core.residents import rows as residents
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
    resident_id = contact_rows.resident_of(contact_rows.contact_of(session, by, external_id))
    if for_resident_id in {"", resident_id}:
        return resident_id
    if not granted(
        session,
        by.municipality,
        resident_id=for_resident_id,
        proxy_resident_id=resident_id,
        scope=scope,
        now=now,
    ):
        raise ProxyNotGranted("the speaker is no proxy of the resident for this", scope=scope)
    return for_resident_id


def granted(
    session: Session,
    municipality: str,
    *,
    resident_id: str,
    proxy_resident_id: str,
    scope: Scope,
    now: datetime,
) -> bool:
    """Whether one resident may do this for another now.

    Never for one who is protected, closed or took back the consent; nor by one whose registration
    has ended.
    """
    proxy = rows.going_on(
        session, municipality, resident_id=resident_id, proxy_resident_id=proxy_resident_id
    )
    if proxy is None or not acts(proxy, scope, now):
        return False
    acting = residents.get(session, municipality, proxy_resident_id)
    if acting.closing_cause is not None or acting.delete_time is not None:
        return False
    return not residents.is_silent(residents.get(session, municipality, resident_id))


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
