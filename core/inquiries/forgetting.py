"""What residents wrote, and what they were answered, deleted for good."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from core.inquiries.rows import Inquiry, InquiryMessage
from core.inquiries.rules import State


def forget(session: Session, municipality: str, resident_id: str) -> list[str]:
    """Forget a resident's inquiries, over whichever contact; return their ids."""
    return _forget(session, municipality, Inquiry.resident_id == resident_id)


def forget_contacts(session: Session, municipality: str, contact_ids: Collection[str]) -> list[str]:
    """Forget what was written on contacts that go; return the ids of the inquiries."""
    return _forget(session, municipality, Inquiry.contact_id.in_(contact_ids))


def forget_closed(
    session: Session, municipality: str, before: datetime, *, limit: int
) -> list[str]:
    """Forget inquiries that were closed before; return their ids."""
    closed = (Inquiry.state == State.CLOSED) & (Inquiry.wait_time <= before)
    return _forget(session, municipality, closed, limit=limit)


def _forget(
    session: Session, municipality: str, which: ColumnElement[bool], *, limit: int | None = None
) -> list[str]:
    session.flush()
    query = select(Inquiry.id).where(Inquiry.municipality == municipality, which)
    ids = list(session.scalars(query.order_by(Inquiry.id).limit(limit).with_for_update()))
    for kind, id in ((InquiryMessage, InquiryMessage.inquiry_id), (Inquiry, Inquiry.id)):
        session.execute(
            delete(kind)
            .where(kind.municipality == municipality, id.in_(ids))
            .execution_options(synchronize_session="fetch")
        )
    return ids
