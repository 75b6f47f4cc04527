"""Long and scheduled work of the core: each job of a municipality is leased, like a dispatch.

Any core process may run a job; two never run the same at once, and what a process that died had in
hand is taken up by another when its lease is over, from the cursor it had reached.
"""

from datetime import datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Instant, Row
from core.leases import Leased

Result = JSON().with_variant(JSONB(), "postgresql")


class Job(Leased, Row):
    """One kind of work for one municipality: due when it is free, `cursor` where it goes on.

    `result` are the counts of the last run that ended, never anything personal.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        Index(None, "free_time"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[str] = mapped_column(default="")
    begin_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    end_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    result: Mapped[dict[str, int]] = mapped_column(Result, default_factory=dict)
