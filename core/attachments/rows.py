"""Attachments, with their bytes as they were made anew."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.attachments.rules import AttachmentUnknown
from core.crypto import Sealed, SealedBytes
from core.db import Instant, Row


class Attachment(Row):
    """A file that an answer names, or may come to name: what none names is deleted after a day."""

    __tablename__ = "attachments"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        Index(None, "municipality", "application_id"),
        Index(None, "municipality", "named", "create_time"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str]
    step: Mapped[str]
    file_name: Mapped[str] = mapped_column(Sealed("attachments.file_name"))
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(SealedBytes("attachments.content"), deferred=True)
    create_time: Mapped[datetime] = mapped_column(Instant)
    scanned: Mapped[bool]
    """Whether a virus scanner found nothing in it; false where the city has none."""
    named: Mapped[bool] = mapped_column(default=False)
    """Whether an answer that was given names it."""
    entered_by: Mapped[str] = mapped_column(default="")
    """Who of staff uploaded it, for an application that is entered; empty where a resident did."""
    procedure_key: Mapped[str] = mapped_column(default="")
    """For what it was entered; until that is filed it belongs to no application."""


def get(session: Session, municipality: str, id: str) -> Attachment:
    """Return an attachment, its bytes yet unread; or raise AttachmentUnknown."""
    row = session.get(Attachment, (municipality, id))
    if row is None:
        raise AttachmentUnknown(f"there is no attachment {id}")
    return row


def of_application(
    session: Session, municipality: str, application_id: str
) -> dict[str, Attachment]:
    """Return an application's attachments by id, their bytes yet unread."""
    query = select(Attachment).where(
        Attachment.municipality == municipality, Attachment.application_id == application_id
    )
    return {row.id: row for row in session.scalars(query)}


def forget(session: Session, municipality: str, application_ids: Collection[str]) -> None:
    """Delete the attachments of applications."""
    session.execute(
        delete(Attachment)
        .where(
            Attachment.municipality == municipality,
            Attachment.application_id.in_(application_ids),
        )
        .execution_options(synchronize_session="fetch")
    )


def sweep(session: Session, municipality: str, *, before: datetime, limit: int) -> int:
    """Delete some of what no answer names and was uploaded before; return how many."""
    query = select(Attachment.id).where(
        Attachment.municipality == municipality,
        Attachment.named.is_(False),
        Attachment.create_time < before,
    )
    found = session.scalars(query.order_by(Attachment.create_time).limit(limit)).all()
    session.execute(
        delete(Attachment)
        .where(Attachment.municipality == municipality, Attachment.id.in_(found))
        .execution_options(synchronize_session="fetch")
    )
    return len(found)
