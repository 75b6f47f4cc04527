"""What waits in the outbox because of a proxy, when it may no longer be said."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.dispatches import actions as dispatches
from core.dispatches import rows as dispatch_rows
from core.proxies import rows
from core.residents import contact_rows


def occasion(proxy: rows.Proxy) -> str:
    """Return under what the two are told of their proxy, each with the other's name."""
    return f"proxy:{proxy.id}"


def drop_through(session: Session, proxy: rows.Proxy, now: datetime) -> None:
    """Drop what waits for the resident on contacts of the proxy, who acts for them no more."""
    held = contact_rows.contacts_of(session, proxy.municipality, proxy.proxy_resident_id)
    theirs = dispatch_rows.by_contacts([contact.id for contact in held])
    dispatches.drop(session, proxy.municipality, proxy.resident_id, now, theirs)


def drop_naming(session: Session, municipality: str, resident_id: str, now: datetime) -> None:
    """Drop what their proxies would be told of a resident, who is under protection from now on."""
    for proxy in rows.of_resident(session, municipality, resident_id, since=None):
        if proxy.resident_id == resident_id:
            of_it = dispatch_rows.on_occasion(occasion(proxy))
            dispatches.drop(session, municipality, proxy.proxy_resident_id, now, of_it)


def forget(session: Session, proxy: rows.Proxy, now: datetime) -> None:
    """Erase what each of the two was told of the other, and what went to the proxy for both."""
    of_it = dispatch_rows.on_occasion(occasion(proxy))
    for id in (proxy.resident_id, proxy.proxy_resident_id):
        dispatches.forget(session, proxy.municipality, id, now, of_it)
    held = contact_rows.contacts_of(session, proxy.municipality, proxy.proxy_resident_id)
    theirs = dispatch_rows.by_contacts([contact.id for contact in held])
    dispatches.forget(session, proxy.municipality, proxy.resident_id, now, theirs)
