"""Days in Japan, by which terms and offices are measured; it has had no summer time since 1951."""

from datetime import date, datetime, time, timedelta, timezone

JST = timezone(timedelta(hours=9))


def today(now: datetime) -> date:
    """Return the day it is in Japan."""
    return now.astimezone(JST).date()


def begin_of(day: date) -> datetime:
    """Return the moment at which a day in Japan begins."""
    return datetime.combine(day, time(), JST)


def end_of(day: date) -> datetime:
    """Return the moment at which a day in Japan is over."""
    return begin_of(day + timedelta(days=1))


def is_past(moment: datetime | None, now: datetime) -> bool:
    """Tell whether what is sent at that moment would go out at once, against what was meant.

    The minute that was chosen may have begun, and a request takes a while.
    """
    return moment is not None and moment < now - timedelta(minutes=1)
