"""Whom a tree finds now, how they would be told, and what that would cost."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, not_, select
from sqlalchemy.orm import Session

from core.dispatches import rates
from core.residents.rows import IN_FORCE, OWN_FACTS, Facts, Resident
from core.residents.rules import TopicUnknown
from core.residents.wish_rows import Topic
from core.segments import rules
from core.segments.capping import told_as_often
from core.segments.compiling import MAY_BE_TOLD, Compiler
from core.segments.reaching import with_best_contact

SAMPLES = 10
INBOX = "inbox"
"""Where those are counted who read on the web, and on no channel that pushes."""

CAPPED = "?"
"""Where those are counted who were told as often as the rules let: no channel is called so."""

RATE = 50
"""Messages a second on a channel of which no rate is set."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Which channels push, at what price and how fast."""

    pushing: tuple[str, ...]
    prices: Mapping[str, float]
    """Of one message by channel, in yen; else nothing."""
    rates: Mapping[str, int]
    """Messages a second by channel; else `RATE`."""

    @property
    def dearest(self) -> float:
        """Return the price of a message on whichever channel costs most."""
        return max((self.prices.get(channel, 0.0) for channel in self.pushing), default=0.0)

    @property
    def slowest(self) -> int:
        """Return the rate of whichever channel takes longest."""
        return min((self.rates.get(channel, RATE) for channel in self.pushing), default=RATE)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What would be sent: of which topic, how urgent, over which channels; none means all.

    Who was told in bulk `weekly_cap` times in seven days is left out; 0 is no bound.
    """

    topic: str
    is_emergency: bool = False
    channels: Collection[str] = ()
    weekly_cap: int = 0


@dataclass(frozen=True, slots=True)
class OnChannel:
    """What telling some on one channel comes to; `beyond` are whom its allowance does not reach."""

    channel: str
    recipients: int
    cost: int
    seconds: int
    beyond: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Recipients by channel, what those that push come to; how many are not reached or not told.

    `capped` were told as often as the rules let.
    """

    by_channel: Mapping[str, int]
    channels: Sequence[OnChannel]
    unreachable: int
    left_out: int
    capped: int
    samples: Collection[tuple[Resident, Facts]]

    @property
    def cost(self) -> int:
        return sum(one.cost for one in self.channels)

    @property
    def seconds(self) -> int:
        """Return how long it takes: channels go on beside each other."""
        return max((one.seconds for one in self.channels), default=0)

    @property
    def recipients(self) -> int:
        return sum(self.by_channel.values())


def preview(
    session: Session,
    compiler: Compiler,
    condition: rules.Condition,
    *,
    of: Occasion,
    sending: Sending,
    samples: int = SAMPLES,
) -> Preview:
    """Count and sample; raise SegmentInvalid, SegmentUnknown, TopicUnknown."""
    fits = compiler.holds(condition)
    told = told_of(compiler, of.topic, is_emergency=of.is_emergency)
    pushing = allowed(sending.pushing, of.channels)
    is_capped = told_as_often(compiler.municipality, Resident.id, of.weekly_cap, compiler.now)
    by_channel = _count_by_channel(session, compiler, fits & told, pushing, of.weekly_cap)
    unreachable, capped = by_channel.pop("", 0), by_channel.pop(CAPPED, 0)
    return Preview(
        by_channel=by_channel,
        channels=_on_channels(session, compiler.municipality, by_channel, sending),
        unreachable=unreachable,
        # Who is under protection is not counted either: of a block with one home it would tell.
        left_out=_count(session, compiler.municipality, fits & MAY_BE_TOLD & not_(told)),
        capped=capped,
        samples=_samples(session, compiler.municipality, fits & told & not_(is_capped), samples),
    )


def _on_channels(
    session: Session, municipality: str, by_channel: Mapping[str, int], sending: Sending
) -> list[OnChannel]:
    """Reckon what each channel comes to, by its price, its rate and the allowance it has left."""
    left = {
        one.channel: max(one.most - one.used, 0)
        for one in rates.quotas(session, municipality)
        if one.most
    }
    return [
        OnChannel(
            channel=channel,
            recipients=count,
            cost=math.ceil(count * sending.prices.get(channel, 0.0)),
            seconds=math.ceil(count / sending.rates.get(channel, RATE)),
            beyond=max(count - left.get(channel, count), 0),
        )
        for channel, count in sorted(by_channel.items())
        if channel != INBOX
    ]


def allowed(pushing: Collection[str], wanted: Collection[str]) -> list[str]:
    """Return the channels that push and that something may go over; without any wanted, all."""
    return [channel for channel in pushing if channel in wanted or not wanted]


def told_of(compiler: Compiler, topic: str, *, is_emergency: bool = False) -> ColumnElement[bool]:
    """Return what is true of those who may be told something of a topic; raise TopicUnknown.

    Emergencies are told to who left the topic as well, and to no more.
    """
    if is_emergency:
        return MAY_BE_TOLD
    if compiler.session.get(Topic, (compiler.municipality, topic)) is None:
        raise TopicUnknown(f"there is no topic {topic}", topic=topic)
    return MAY_BE_TOLD & compiler.holds(rules.Wants(topic))


def _count_by_channel(
    session: Session,
    compiler: Compiler,
    where: ColumnElement[bool],
    pushing: Collection[str],
    weekly_cap: int,
) -> dict[str, int]:
    """Return how many are told on each channel, in the inbox alone, or ("") nowhere.

    Under `CAPPED` are those who would be pushed to, had they not been told so often already.
    """
    municipality = compiler.municipality
    who = select(Resident.id).where(Resident.municipality == municipality, where).subquery("who")
    best = with_best_contact(session, who, municipality, pushing)
    is_capped = told_as_often(municipality, best.c.id, weekly_cap, compiler.now)
    where_told = select(
        case((best.c.channel.is_not(None) & is_capped, CAPPED), else_=best.c.channel).label("on"),
        best.c.reads,
    ).subquery("where_told")
    on, reads = where_told.c.on, where_told.c.reads
    found: dict[str, int] = {}
    for channel, has_contact, count in session.execute(
        select(on, reads, func.count()).group_by(on, reads)
    ):
        key = channel or (INBOX if has_contact else "")
        found[key] = found.get(key, 0) + count
    return found


def _count(session: Session, municipality: str, where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Resident)
    found = session.scalars(
        query.where(Resident.municipality == municipality, Resident.delete_time.is_(None), where)
    )
    return found.one()


def _samples(
    session: Session, municipality: str, where: ColumnElement[bool], number: int
) -> list[tuple[Resident, Facts]]:
    if not number:
        return []
    query = (
        select(Resident, Facts)
        .join(Facts, OWN_FACTS)
        .where(Resident.municipality == municipality, IN_FORCE, where)
        .order_by(func.random())
        .limit(number)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
