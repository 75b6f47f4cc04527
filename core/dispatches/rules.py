"""What may become of a dispatch, when it is tried again, and when nobody can know any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from core.errors import NotFound, NotNow


class DispatchUnknown(NotFound):
    reason = "DISPATCH_UNKNOWN"


class WrongState(NotNow):
    """`problem` says more where there is more to say: NOBODY_LEFT to tell again, or DECIDED."""

    reason = "WRONG_STATE"


class State(StrEnum):
    """Where a dispatch is.

    One that was called back while an adapter held it is `RECALLED`: whoever holds it may still send
    it, and nobody tries it again. One of a paused campaign is `HELD`. One that was refused because
    of one of its recipients is `SPLIT`: others carry them.
    """

    QUEUED = "queued"
    LEASED = "leased"
    RECALLED = "recalled"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"
    HELD = "held"
    SPLIT = "split"


class Way(StrEnum):
    """How a dispatch goes out: in one request to all, or in one to each."""

    TOGETHER = "together"
    EACH = "each"


class Result(StrEnum):
    """What an adapter says of an attempt."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    TRY_AGAIN = "try_again"
    NOT_TAKEN = "not_taken"


class Resolution(StrEnum):
    """What a person decides of a dispatch of which nobody can know whether it was sent."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    SEND_AGAIN = "send_again"


class Lane(IntEnum):
    """What overtakes what; the lower goes first."""

    EMERGENCY = 0
    PERSONAL = 1
    BULK = 2


@dataclass(frozen=True, slots=True)
class Recipient:
    """A contact as a channel knows it."""

    contact_id: str
    channel: str
    external_id: str


KEY_REMEMBERED = timedelta(hours=24)
"""How long a provider remembers a retry key after its first request; after that the same key sends
again (LINE, "Retrying an API request")."""

KEY_MARGIN = timedelta(minutes=30)
"""An attempt may still be under way when the key is forgotten, and clocks differ."""

LONGEST_PAUSE = timedelta(minutes=10)

LONGEST_ALLOWANCE = timedelta(days=32)
"""How long an allowance may be from its renewal to the next, whatever an adapter says: a month."""

NEXT: dict[Result, State] = {
    Result.ACCEPTED: State.SENT,
    Result.REFUSED: State.FAILED,
    Result.TRY_AGAIN: State.QUEUED,
    Result.NOT_TAKEN: State.QUEUED,
}


def may_try(first_attempt: datetime | None, now: datetime) -> bool:
    """Whether another attempt under the same key cannot become a second message."""
    return first_attempt is None or now < first_attempt + KEY_REMEMBERED - KEY_MARGIN


def pause(attempts: int, asked: timedelta) -> timedelta:
    """Return how long to wait after so many attempts: doubling, and never less than was asked."""
    return max(asked, min(timedelta(seconds=2 ** min(attempts, 12)), LONGEST_PAUSE))


def until_renewed(renewal: datetime, now: datetime) -> datetime:
    """Return until when what waits for an allowance waits: no longer than one can last."""
    return max(now, min(renewal, now + LONGEST_ALLOWANCE))


MOST_TOGETHER = 500
"""Recipients of one request (LINE's multicast)."""


BURST = 0.025
"""Seconds' worth of a rate that may be given at once, and that is saved up while nobody asks."""

SOONEST = BURST / 2
"""Seconds after which one who wants more asks anew: later, and what comes while the question is on
its way would be more than is saved up, and lost."""

SHARE_LIFE = timedelta(seconds=1)
"""How long requests may be made that a worker was given: what it does not use is lost."""

RATE_REMEMBERED = timedelta(minutes=1)
"""How long the least rate that a worker named holds, once nobody asks any more."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """What an endpoint still takes: `left` requests at `count_time`, and more as time goes by."""

    per_second: int
    left: float
    count_time: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """What a worker was given: so many requests until `expire_time`; more may come after `wait`."""

    granted: int
    expire_time: datetime
    wait: timedelta


def share(
    bucket: Bucket | None, *, wanted: int, per_second: int, now: datetime
) -> tuple[Bucket, Share]:
    """Take a share out of a rate, which is named anew by each who asks: the least holds."""
    if bucket is None or now - bucket.count_time > RATE_REMEMBERED:
        bucket = Bucket(per_second, _most(per_second), now)
    rate = min(bucket.per_second, per_second)
    # Workers' transactions may end in another order than their clocks were read.
    passed = max((now - bucket.count_time).total_seconds(), 0.0)
    left = min(bucket.left + passed * rate, _most(rate))
    granted = min(wanted, int(left))
    worth_asking = min(wanted - granted, max(rate * SOONEST, 1.0))
    missing = worth_asking - (left - granted) if granted < wanted else 0.0
    after = Bucket(rate, left - granted, max(now, bucket.count_time))
    return after, Share(granted, now + SHARE_LIFE, timedelta(seconds=max(missing, 0.0) / rate))


def _most(per_second: int) -> float:
    return max(per_second * BURST, 1.0)
