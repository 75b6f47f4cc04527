"""How far a provider's monthly allowance reaches, and when whoever waits for it is told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import Quota
from tui.formats import TOKYO
from tui.nights import done_by

Night = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Those of a channel whom its allowance does not reach; `ends` is None where nobody can say."""

    channel: str
    recipients: int
    begins: datetime
    ends: datetime | None


def period(quota: Quota, now: datetime) -> str:
    """Return the month, in Japan, whose allowance holds then."""
    return max(quota.period, now.astimezone(TOKYO).strftime("%Y-%m"))


def left(quota: Quota, now: datetime) -> int:
    """Return how many may still be told then, where there is a limit."""
    is_renewed = period(quota, now) != quota.period
    return max(0, quota.limit - (0 if is_renewed else quota.used))


def renewal(quota: Quota, now: datetime) -> datetime:
    """Return when the allowance that holds then is renewed: as the next month begins."""
    year, month = map(int, period(quota, now).split("-"))
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=TOKYO)


def done(
    found: pb.SegmentPreview, quotas: Sequence[Quota], begin: datetime, night: Night
) -> tuple[datetime | None, dict[str, Waiting]]:
    """Return when the last is told, None where nobody can say; and who waits, by channel."""
    ends = [begin, *(done_by(begin, one.seconds, *night) for one in found.channels)]
    limits = {one.channel: one for one in quotas if one.limit}
    waits = {
        one.channel: who
        for one in found.channels
        if one.channel in limits
        and (who := _waiting(one, limits[one.channel], begin, night)) is not None
    }
    late = [one.ends for one in waits.values()]
    known = [end for end in late if end is not None]
    return (max(*ends, *known) if len(known) == len(late) else None), waits


def _waiting(of: pb.ChannelPreview, quota: Quota, begin: datetime, night: Night) -> Waiting | None:
    """Return who waits until the allowance is renewed; more than the next gives wait longer."""
    beyond = of.recipients - left(quota, begin)
    if beyond <= 0:
        return None
    begins = renewal(quota, begin)
    seconds = math.ceil(of.seconds * beyond / of.recipients)
    ends = done_by(begins, seconds, *night) if beyond <= quota.limit else None
    return Waiting(of.channel, beyond, begins, ends)
