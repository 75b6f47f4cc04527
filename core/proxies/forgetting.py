"""Proxies, deleted with either of the two residents."""

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from core.proxies.rows import Proxy


def of_resident(session: Session, municipality: str, resident_id: str) -> list[Proxy]:
    """Return who acts or acted for a resident, and whom they act or acted for, newest first."""
    query = select(Proxy).where(
        Proxy.municipality == municipality,
        or_(Proxy.resident_id == resident_id, Proxy.proxy_resident_id == resident_id),
    )
    return list(session.scalars(query.order_by(Proxy.id.desc())))


def forget(session: Session, municipality: str, resident_id: str) -> None:
    """Delete every proxy that a resident gave or has."""
    session.execute(
        delete(Proxy)
        .where(
            Proxy.municipality == municipality,
            or_(Proxy.resident_id == resident_id, Proxy.proxy_resident_id == resident_id),
        )
        .execution_options(synchronize_session="fetch")
    )
