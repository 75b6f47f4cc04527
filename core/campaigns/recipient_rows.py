"""Recipients of campaigns: the official record of who got what."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from core.campaigns.rules import Told
from core.db import Instant, Row


class Recipient(Row):
    """A resident whom a campaign is for: one row, however many of its conditions find them.

    `batch` is the dispatch they are in, by its number in the campaign; None where they are in none.
    A dispatch knows between which residents its own stand, so that no index has to.
    What became of a recipient is `state` where there is one, and else what became of that dispatch:
    so the outcome of one request is one row, whether it reached one or five hundred. `reason` says
    why not, by key. Campaigns are never deleted, and no foreign key says so: PostgreSQL would look
    each campaign up a million times, a quarter of the time that laying out takes.
    """

    __tablename__ = "recipients"
    __table_args__ = (
        Index(None, "municipality", "resident_id"),
        {"sqlite_with_rowid": False},
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    campaign_id: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str]
    batch: Mapped[int | None]
    state: Mapped[Told | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")
    open_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
