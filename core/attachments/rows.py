"""Attachments, with their bytes as they were made anew."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

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
    named: Mapped[bool] = mapped_column(default=False)
    """Whether an answer that was given names it."""
