"""Long and scheduled work of the core: each job of a municipality is leased, like a dispatch.

Any core process may run a job; two never run the same at once, and what a process that died had in
hand is taken up by another when its lease is over, from the cursor it had reached.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Instant, Row
from core.leases import Leased

LEASE = timedelta(minutes=5)
"""How long a step may take before another process takes the job up."""

Result = JSON().with_variant(JSONB(), "postgresql")


class Job(Leased, Row):
    """One kind of work for one municipality: due when it is free, `cursor` where it goes on.

    `result` are the counts of the run under way, or of the last one, never anything personal.
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


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a job that is done: where to go on, empty at the end, and what was counted."""

    cursor: str = ""
    counts: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class At:
    """Where a step stands: whose it is, where it goes on, when, and what was looked up for it."""

    municipality: str
    cursor: str
    now: datetime
    known: Any = None


Read = Callable[[Session, At], Callable[[], Any] | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work that recurs after `every`.

    A `step` is one short write, and may be run twice. `look_up` is called before each, outside the
    transaction, for what no transaction should wait for, such as files. `read` reads what a step
    needs, and may return work on it that is done outside of any transaction, too; what that finds
    is `known` to the step. `read_ahead` does so for the next step while one is under way, told what
    that one knows; where it returns nothing, `read` is asked after it. `waiting` names the
    municipalities in which there is work now: it is asked soon after each commit here. `lease` is
    how long a step may take before another process takes the job up.
    """

    name: str
    every: timedelta
    step: Callable[[Session, At], Step]
    look_up: Callable[[], Any] | None = None
    read: Read | None = None
    read_ahead: Read | None = None
    waiting: Callable[[Session], Sequence[str]] | None = None
    lease: timedelta = LEASE
