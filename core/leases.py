"""The one primitive under dispatches and jobs: claim, extend, finish, fence.

A lease is measured by the database's clock. Each claim raises the fence; whoever comes with an
older fence has lost the lease, and nothing of what it says is taken.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import (
    InstrumentedAttribute,
    Mapped,
    MappedAsDataclass,
    Session,
    mapped_column,
)

from core.db import Instant


class Leased(MappedAsDataclass, kw_only=True):
    """The columns of a thing that is leased: free from `free_time` on, fenced by `fence`.

    A thing that is finished has no `free_time`.
    """

    free_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)


LeasedRow = TypeVar("LeasedRow", bound=Leased)


def is_free(kind: type[LeasedRow], now: datetime, *, by_order: bool) -> ColumnElement[bool]:
    """Match what can be leased now.

    `by_order` is for kinds of which many are free at once, and that have an index of those that are
    not finished in the order asked for: they are gone through in it, and not all found and sorted.
    """
    free = kind.free_time <= now
    if not by_order:
        return free
    # In a form in which no database takes its index of the time.
    return kind.free_time.is_not(None) & (case((free, 1), else_=0) == 1)


def claim(
    session: Session,
    kind: type[LeasedRow],
    *where: ColumnElement[bool],
    order_by: Sequence[InstrumentedAttribute[Any]],
    limit: int,
    now: datetime,
    length: timedelta,
    by_order: bool = False,
) -> list[LeasedRow]:
    """Lease up to `limit` free things until `now + length`; `by_order` as for `is_free`.

    Two that claim at once never get the same: PostgreSQL skips what the other has locked; on SQLite
    writers wait for each other.
    """
    free = select(kind).where(*where, is_free(kind, now, by_order=by_order))
    # Read anew: what this transaction read before the lock may have changed.
    found = session.scalars(
        free.order_by(*order_by)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in found:
        row.free_time = now + length
        row.fence += 1
        row.attempts += 1
    return list(found)


def holds(row: Leased, fence: int) -> bool:
    """Whether the lease under this fence is the latest, and the thing is not finished."""
    return row.fence == fence and row.free_time is not None


def release(row: Leased, until: datetime) -> None:
    """Give a thing back, to be claimed again from `until` on."""
    row.free_time = until


def finish(row: Leased) -> None:
    """Take a thing out of all claims for good."""
    row.free_time = None
