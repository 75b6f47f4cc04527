"""Bounds on guessing and looking: what failed or was done too often rests for a while.

A count belongs to a kind of attempt and to whoever made it, such as a contact or one of the staff.
It is kept apart from what is attempted, so that a refusal does not undo it: count in a transaction
that commits, then refuse.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKeyConstraint, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Instant, Row
from core.errors import TooMany


class TooManyAttempts(TooMany):
    reason = "TOO_MANY_ATTEMPTS"


@dataclass(frozen=True, slots=True)
class Bound:
    """At most `most` of a `kind` within `window`, counted from the first of them."""

    kind: str
    most: int
    window: timedelta


class Attempts(Row):
    """How often somebody attempted something in the window that began at `begin_time`."""

    __tablename__ = "attempts"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    begin_time: Mapped[datetime] = mapped_column(Instant)
    end_time: Mapped[datetime] = mapped_column(Instant, index=True)


def check(
    session: Session, bound: Bound, municipality: str, subject: str, now: datetime, *, more: int = 1
) -> None:
    """Raise TooManyAttempts where `more` of them would pass the bound now."""
    held = session.get(Attempts, (municipality, bound.kind, subject))
    if held is None or now >= held.end_time or held.count + more <= bound.most:
        return
    wait = max(1, round((held.end_time - now).total_seconds()))
    raise TooManyAttempts(
        f"too many of {bound.kind}: wait and try again", retryAfterSeconds=str(wait)
    )


def count(
    session: Session, bound: Bound, municipality: str, subject: str, now: datetime, *, more: int = 1
) -> None:
    """Count attempts; the first after a window's end begins another."""
    key = (municipality, bound.kind, subject)
    held = session.get(Attempts, key, with_for_update=True, populate_existing=True)
    if held is None:
        session.add(
            Attempts(
                municipality=municipality,
                kind=bound.kind,
                subject=subject,
                count=more,
                begin_time=now,
                end_time=now + bound.window,
            )
        )
    elif now >= held.end_time:
        held.count, held.begin_time, held.end_time = more, now, now + bound.window
    else:
        held.count += more


def forgive(session: Session, bound: Bound, municipality: str, subject: str) -> None:
    """Forget the count, as after a success."""
    held = session.get(Attempts, (municipality, bound.kind, subject))
    if held is not None:
        session.delete(held)


def forget(session: Session, now: datetime) -> None:
    """Delete the counts whose window is over."""
    session.execute(delete(Attempts).where(Attempts.end_time < now))


def forget_subjects(session: Session, municipality: str, subjects: Collection[str]) -> None:
    """Delete the counts of these, as when they are deleted themselves."""
    session.execute(
        delete(Attempts)
        .where(Attempts.municipality == municipality, Attempts.subject.in_(subjects))
        .execution_options(synchronize_session="fetch")
    )
