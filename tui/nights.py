"""When something is done that rests at night, as the rules of sending say."""

from datetime import datetime, time, timedelta

from tui.formats import TOKYO


def done_by(begin: datetime, seconds: int, quiet_from: str, quiet_to: str) -> datetime:
    """Return when so many seconds of sending are over; both clocks alike mean no night."""
    first, last = time.fromisoformat(quiet_from), time.fromisoformat(quiet_to)
    now, left = begin.astimezone(TOKYO), timedelta(seconds=seconds)
    if first == last:
        return now + left
    while True:
        if _rests(now.time(), first, last):
            now = _next(now, last)
        night = _next(now, first)
        if now + left <= night:
            return now + left
        left -= night - now
        now = night


def _rests(clock: time, first: time, last: time) -> bool:
    if first < last:
        return first <= clock < last
    return clock >= first or clock < last


def _next(now: datetime, clock: time) -> datetime:
    """Return when it is this time of day next, later than now."""
    moment = datetime.combine(now.date(), clock, TOKYO)
    return moment if moment > now else moment + timedelta(days=1)
