"""Codes guessed from one network address rest there, before they use up what the channel may try.

The core bounds guesses by contact and by channel; a browser is a new contact whenever it likes, so
that one person with many could shut the codes of all others. The count is this process's own.
"""

from collections import OrderedDict, deque
from collections.abc import Callable

MOST = 30
"""Refused codes of one address in a window; an address can be a whole office's."""

WINDOW_SECONDS = 3600.0
MOST_REMEMBERED = 10_000


class Addresses:
    """Counts refusals by address; `clock` in seconds, from any moment on."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._refused: OrderedDict[str, deque[float]] = OrderedDict()

    def rests(self, address: str) -> bool:
        """Whether nothing more is tried for this address now."""
        times = self._refused.get(address)
        if times is None:
            return False
        while times and times[0] <= self._clock() - WINDOW_SECONDS:
            times.popleft()
        return len(times) >= MOST

    def refused(self, address: str) -> None:
        """Count a refusal."""
        self._refused.setdefault(address, deque(maxlen=MOST)).append(self._clock())
        self._refused.move_to_end(address)
        if len(self._refused) > MOST_REMEMBERED:
            self._refused.popitem(last=False)
