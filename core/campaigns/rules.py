"""Where a campaign is."""

from collections.abc import Mapping
from enum import StrEnum

from core.dispatches.rules import State as DispatchState
from core.errors import NotFound, NotNow


class State(StrEnum):
    """Where a campaign is."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class Kind(StrEnum):
    """What a campaign is for."""

    INVITATION = "invitation"
    MESSAGE = "message"
    TEST = "test"


class Told(StrEnum):
    """What became of a recipient, where it is not what became of their dispatch."""

    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    INBOX = "inbox"
    LEFT_OUT = "left_out"


class Reason(StrEnum):
    """Why a recipient was not told."""

    WEEKLY_CAP = "weekly_cap"
    UNREACHABLE = "unreachable"
    PROTECTED = "protected"
    NOT_SERVED = "not_served"
    CONTACT_LOST = "contact_lost"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class LetterCause(StrEnum):
    """Why a recipient is told on paper."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    CONTACT_LOST = "contact_lost"
    NOT_OPENED = "not_opened"


class CampaignInUse(NotNow):
    """`users` are the names of what names it."""

    reason = "CAMPAIGN_IN_USE"


class CampaignUnknown(NotFound):
    reason = "CAMPAIGN_UNKNOWN"


def state_now(state: State, deliveries: Mapping[str, int]) -> State:
    """Return where a campaign is: one that runs has finished when nothing waits any more."""
    if state is State.RUNNING and not deliveries.get(DispatchState.QUEUED):
        return State.FINISHED
    return state
