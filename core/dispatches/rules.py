"""What may become of a dispatch, when it is tried again, and when nobody can know any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


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

NEXT: dict[Result, State] = {
    Result.ACCEPTED: State.SENT,
    Result.REFUSED: State.FAILED,
    Result.TRY_AGAIN: State.QUEUED,
}


def may_try(first_attempt: datetime | None, now: datetime) -> bool:
    """Whether another attempt under the same key cannot become a second message."""
    return first_attempt is None or now < first_attempt + KEY_REMEMBERED - KEY_MARGIN


def pause(attempts: int, asked: timedelta) -> timedelta:
    """Return how long to wait after so many attempts: doubling, and never less than was asked."""
    return max(asked, min(timedelta(seconds=2 ** min(attempts, 12)), LONGEST_PAUSE))
