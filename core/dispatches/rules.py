"""What may become of a dispatch, when it is tried again, and when nobody can know any more."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from zlib import crc32

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


def pause(attempts: int, asked: timedelta, id: str) -> timedelta:
    """Return how long to wait after so many attempts: doubling, and never less than was asked.

    Up to half as long again is added, another part for each dispatch and attempt: what failed
    together when the provider was away does not come back together.
    """
    least = max(asked, min(timedelta(seconds=2 ** min(attempts, 12)), LONGEST_PAUSE))
    return least * (1 + crc32(f"{id}:{attempts}".encode()) / 2**33)


def until_renewed(renewal: datetime, now: datetime) -> datetime:
    """Return until when what waits for an allowance waits: no longer than one can last."""
    return max(now, min(renewal, now + LONGEST_ALLOWANCE))


MOST_TOGETHER = 500
"""Recipients of one request (LINE's multicast)."""


AHEAD = 0.25
"""Seconds' worth of a rate that may be given before its time: as long may a worker's question and
its answer take, and nothing of the rate is lost."""

RATE_REMEMBERED = timedelta(minutes=1)
"""How long the least rate that a worker named holds, once nobody asks any more."""


KEPT = timedelta(seconds=0.25)
"""How long a rate is kept for an emergency once its worker may ask again: it asks sooner than that
while the emergency goes on, and may be dead."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an endpoint is asked, and until when its time is given away already.

    Until `kept_until` it is given to emergencies only.
    """

    per_second: int
    given_until: datetime
    kept_until: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """What a worker was given: so many requests, evenly at this rate once `delay` has passed.

    More may be given after `wait`.
    """

    granted: int
    per_second: int
    delay: timedelta
    wait: timedelta


def share(
    pace: Pace | None,
    *,
    wanted: int,
    per_second: int,
    now: datetime,
    is_emergency: bool = False,
) -> tuple[Pace, Share]:
    """Give the next of an endpoint's time, which is never given twice.

    The rate is named anew by each who asks: the least holds. While an emergency goes on others get
    none.
    """
    # So far ahead no time is given: the clock was set back.
    if pace is None or abs(now - pace.given_until) > RATE_REMEMBERED:
        pace = Pace(per_second, given_until=now, kept_until=now)
    rate = min(pace.per_second, per_second)
    begin = max(pace.given_until, now)
    if not is_emergency and pace.kept_until > now:
        kept = Share(0, rate, delay=begin - now, wait=pace.kept_until - now)
        return replace(pace, per_second=rate), kept
    ahead = timedelta(seconds=max(AHEAD, 1 / rate))
    granted = min(wanted, max(int((now + ahead - begin).total_seconds() * rate), 0))
    end = begin + timedelta(seconds=granted / rate)
    wait, kept_until = timedelta(), pace.kept_until
    if granted < wanted:
        worth_asking = min(wanted - granted, max(rate * AHEAD / 2, 1.0))
        wait = max(end + timedelta(seconds=worth_asking / rate) - ahead - now, timedelta())
    if is_emergency:
        kept_until = max(kept_until, now + wait + KEPT)
    return Pace(rate, end, kept_until), Share(granted, rate, begin - now, wait)
