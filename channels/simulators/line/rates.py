"""Rate limits, counted as LINE does: per endpoint, whatever the body or the caller's address."""

from channels.simulators.line.answers import RATE_LIMIT, Refused
from channels.simulators.line.settings import Rate


class Rates:
    """Counts requests in windows that begin with the first request after the last window."""

    def __init__(self, rates: dict[str, Rate]) -> None:
        self._rates = rates
        self._windows: dict[str, tuple[float, int]] = {}

    def take(self, endpoint: str, now: float) -> None:
        """Count a request to an endpoint (`POST /v2/…`); raises Refused 429 when it is too many."""
        rate = self._rates.get(endpoint) or self._rates.get("*")
        if rate is None:
            return
        began, count = self._windows.get(endpoint, (now, 0))
        if now - began >= rate.seconds:
            began, count = now, 0
        if count >= rate.requests:
            raise Refused(429, RATE_LIMIT)
        self._windows[endpoint] = (began, count + 1)
