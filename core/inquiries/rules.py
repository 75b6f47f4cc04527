"""Where an inquiry is."""

from enum import StrEnum


class State(StrEnum):
    """Where an inquiry is: whoever is waited for."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
