"""Where an inquiry is, how much one contact may write, and when a silence ends it."""

from datetime import timedelta
from enum import StrEnum

from core.errors import NotFound, NotNow

SILENCE = timedelta(days=30)
"""How long nobody wrote until an inquiry is closed that was answered.

One that waits for staff is never closed by itself: the city owes an answer.
"""

WRITTEN_A_DAY = 30
"""Messages of one contact in a day; more is no question of a person."""

SHOWN = 80
"""Characters of the newest message in a list."""


class State(StrEnum):
    """Where an inquiry is: whoever is waited for."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


ORDER = (State.WAITING, State.ANSWERED, State.CLOSED)
"""How lists are ordered: who waits for the city comes first."""


class InquiryUnknown(NotFound):
    reason = "INQUIRY_UNKNOWN"


class WrongState(NotNow):
    reason = "WRONG_STATE"


def beginning(text: str) -> str:
    """Return how a message begins, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
