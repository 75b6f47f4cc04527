"""How delivery goes now: what waits, since when, and what went out in the last minute."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.dispatches.rows import Dispatch
from core.dispatches.rules import State
from core.jobs import Job

LATELY = timedelta(minutes=1)

SWEEPER = "delivery"
"""The job that looks for what is stuck; what it found last is shown."""


@dataclass(slots=True)
class Lane:
    """How one lane of one channel goes, in recipients."""

    waiting: int = 0
    in_hand: int = 0
    held: int = 0
    oldest: datetime | None = None
    sent: int = 0
    failed: int = 0
    awaiting: int = 0
    renewal: datetime | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """How delivery goes, by channel and lane."""

    lanes: dict[tuple[str, int], Lane] = field(default_factory=lambda: defaultdict(Lane))
    unknown: int = 0
    amiss: dict[str, int] = field(default_factory=dict)


UNFINISHED = {
    State.QUEUED: "waiting",
    State.LEASED: "in_hand",
    State.RECALLED: "in_hand",
    State.HELD: "held",
}
FINISHED = {State.SENT: "sent", State.FAILED: "failed"}


def status(session: Session, municipality: str, now: datetime) -> Status:
    """Count what is unfinished, what finished in the last minute, and what is amiss."""
    lanes: dict[tuple[str, int], Lane] = defaultdict(Lane)
    key = (Dispatch.channel, Dispatch.lane, Dispatch.state)
    unfinished = (
        select(
            *key,
            func.sum(Dispatch.recipient_count),
            # Of what waits for its time to be tried again, nothing is late.
            func.min(
                case((Dispatch.free_time <= now, Dispatch.free_time)),
                type_=Dispatch.free_time.type,
            ),
        )
        .where(Dispatch.municipality == municipality, Dispatch.state.in_(UNFINISHED))
        .group_by(*key)
    )
    for channel, lane, state, count, oldest in session.execute(unfinished):
        found = lanes[channel, lane]
        name = UNFINISHED[state]
        setattr(found, name, getattr(found, name) + int(count))
        found.oldest = oldest if state is State.QUEUED else found.oldest
    awaiting = (
        select(*key[:2], func.sum(Dispatch.recipient_count), func.min(Dispatch.free_time))
        .where(
            Dispatch.municipality == municipality,
            Dispatch.state == State.QUEUED,
            Dispatch.free_time > now,
            Dispatch.awaits_allowance,
        )
        .group_by(*key[:2])
    )
    for channel, lane, count, renewal in session.execute(awaiting):
        lanes[channel, lane].awaiting, lanes[channel, lane].renewal = int(count), renewal
    # One whose last recipient was refused has none left, and was refused all the same.
    told = func.sum(case((Dispatch.recipient_count == 0, 1), else_=Dispatch.recipient_count))
    finished = (
        select(*key, told)
        .where(
            Dispatch.municipality == municipality,
            Dispatch.finish_time > now - LATELY,
            Dispatch.state.in_(FINISHED),
        )
        .group_by(*key)
    )
    for channel, lane, state, count in session.execute(finished):
        setattr(lanes[channel, lane], FINISHED[state], int(count))
    unknown = select(func.count()).where(
        Dispatch.municipality == municipality, Dispatch.state == State.UNKNOWN
    )
    job = session.get(Job, (municipality, SWEEPER))
    return Status(lanes, session.scalars(unknown).one(), dict(job.result) if job else {})
