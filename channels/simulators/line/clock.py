"""The clock, handed in so that a test can say what time it is."""

from collections.abc import Callable

# Seconds since 1970, as time.time.
Clock = Callable[[], float]


def milliseconds(clock: Clock) -> int:
    return int(clock() * 1_000)
