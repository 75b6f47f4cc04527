"""How delivery goes now: what waits, since when, what went out lately, and what was refused."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from core.dispatches.rows import Dispatch
from core.dispatches.rules import State
from core.jobs import Job

SLICES = 20
SLICE = timedelta(seconds=3)
LATELY = SLICES * SLICE
REFUSED_LATELY = timedelta(hours=1)
MOST = 10
"""Reasons of one kind that are told at most."""

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
    slices: list[int] = field(default_factory=lambda: [0] * SLICES)
    """What went out in the last minute, slice by slice, the oldest first."""


@dataclass(slots=True)
class Pace:
    """How fast a campaign goes, in recipients of the last minute."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Refusals:
    """What a provider refused for one reason."""

    channel: str
    message: str
    recipients: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Postponed:
    """What waits for a time to come; `message` is what the provider said to the last attempt."""

    channel: str
    message: str
    recipients: int
    due: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """How delivery goes, by channel and lane, and by campaign."""

    lanes: dict[tuple[str, int], Lane]
    paces: dict[str, Pace]
    refusals: list[Refusals]
    postponed: list[Postponed]
    unknown: int
    amiss: dict[str, int]


UNFINISHED = {
    State.QUEUED: "waiting",
    State.LEASED: "in_hand",
    State.RECALLED: "in_hand",
    State.HELD: "held",
}
FINISHED = {State.SENT: "sent", State.FAILED: "failed"}


TOLD = case((Dispatch.recipient_count == 0, 1), else_=Dispatch.recipient_count)
"""One whose last recipient was refused has none left, and was refused all the same."""


def status(session: Session, municipality: str, now: datetime) -> Status:
    """Count what is unfinished, what finished lately, and what is amiss."""
    lanes: dict[tuple[str, int], Lane] = defaultdict(Lane)
    paces: dict[str, Pace] = defaultdict(Pace)
    _count_unfinished(session, municipality, now, lanes)
    _count_finished(session, municipality, now, lanes, paces)
    unknown = select(func.count()).where(
        Dispatch.municipality == municipality, Dispatch.state == State.UNKNOWN
    )
    job = session.get(Job, (municipality, SWEEPER))
    return Status(
        lanes=lanes,
        paces=paces,
        refusals=_refusals(session, municipality, now),
        postponed=_postponed(session, municipality, now),
        unknown=session.scalars(unknown).one(),
        amiss=dict(job.result) if job else {},
    )


def _count_unfinished(
    session: Session, municipality: str, now: datetime, lanes: dict[tuple[str, int], Lane]
) -> None:
    # Trimmed, it is no column of an index: else SQLite walks all there are, to have them in groups.
    key = (func.trim(Dispatch.channel), Dispatch.lane, Dispatch.state)
    query = (
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
    for channel, lane, state, count, oldest in session.execute(query):
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


def _count_finished(
    session: Session,
    municipality: str,
    now: datetime,
    lanes: dict[tuple[str, int], Lane],
    paces: dict[str, Pace],
) -> None:
    """Count by lane, by slice of time and by campaign, in one pass over the last minute."""
    each = (
        select(
            Dispatch.channel,
            Dispatch.lane,
            Dispatch.state,
            Dispatch.campaign_id,
            _slice(now).label("slice"),
            TOLD.label("told"),
        )
        .where(
            Dispatch.municipality == municipality,
            Dispatch.finish_time > now - LATELY,
            Dispatch.state.in_(FINISHED),
        )
        .subquery()
    )
    key = (each.c.channel, each.c.lane, each.c.state, each.c.campaign_id, each.c.slice)
    for channel, lane, state, campaign, number, told in session.execute(
        select(*key, func.sum(each.c.told)).group_by(*key)
    ):
        name, count = FINISHED[state], int(told)
        counted: list[Lane | Pace] = [lanes[channel, lane]]
        if campaign:
            counted.append(paces[campaign])
        for one in counted:
            setattr(one, name, getattr(one, name) + count)
        if state is State.SENT:
            lanes[channel, lane].slices[number] += count


def _slice(now: datetime) -> ColumnElement[int]:
    """Return in which slice of the last minute a dispatch finished, 0 being the oldest."""
    ends = [(now - LATELY + (number + 1) * SLICE, number) for number in range(SLICES - 1)]
    return case(*((Dispatch.finish_time <= end, number) for end, number in ends), else_=SLICES - 1)


def _refusals(session: Session, municipality: str, now: datetime) -> list[Refusals]:
    recipients = func.sum(TOLD)
    query = (
        select(
            Dispatch.channel,
            Dispatch.provider_message,
            recipients,
            func.max(Dispatch.finish_time, type_=Dispatch.finish_time.type),
        )
        .where(
            Dispatch.municipality == municipality,
            Dispatch.finish_time > now - REFUSED_LATELY,
            Dispatch.state == State.FAILED,
        )
        .group_by(Dispatch.channel, Dispatch.provider_message)
        .order_by(recipients.desc(), Dispatch.channel, Dispatch.provider_message)
        .limit(MOST)
    )
    return [
        Refusals(channel, message, int(count), last)
        for channel, message, count, last in session.execute(query)
    ]


def _postponed(session: Session, municipality: str, now: datetime) -> list[Postponed]:
    recipients = func.sum(TOLD)
    # Trimmed, for the same reason as above.
    key = (func.trim(Dispatch.channel), Dispatch.provider_message)
    query = (
        select(*key, recipients, func.min(Dispatch.free_time, type_=Dispatch.free_time.type))
        .where(
            Dispatch.municipality == municipality,
            Dispatch.state == State.QUEUED,
            Dispatch.free_time > now,
            ~Dispatch.awaits_allowance,
        )
        .group_by(*key)
        .order_by(recipients.desc(), *key)
        .limit(MOST)
    )
    return [
        Postponed(channel, message, int(count), due)
        for channel, message, count, due in session.execute(query)
    ]
