"""Proxies, deleted with either of the two residents."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from core.proxies import quietness, rows
from core.proxies.rows import Proxy


def of_resident(session: Session, municipality: str, resident_id: str) -> list[Proxy]:
    """Return who acts or acted for a resident, and whom they act or acted for, newest first."""
    query = select(Proxy).where(
        Proxy.municipality == municipality,
        or_(Proxy.resident_id == resident_id, Proxy.proxy_resident_id == resident_id),
    )
    return list(session.scalars(query.order_by(Proxy.id.desc())))


def forget(session: Session, municipality: str, resident_id: str, now: datetime) -> list[str]:
    """Delete every proxy that a resident gave or has, and return their ids.

    With them goes what the other was told of the resident, and what reached one for the other.
    """
    found = of_resident(session, municipality, resident_id)
    for proxy in found:
        quietness.forget(session, proxy, now)
    rows.leave_contacts(session, municipality, [proxy.id for proxy in found])
    session.execute(
        delete(Proxy)
        .where(
            Proxy.municipality == municipality,
            or_(Proxy.resident_id == resident_id, Proxy.proxy_resident_id == resident_id),
        )
        .execution_options(synchronize_session="fetch")
    )
    return [proxy.id for proxy in found]
