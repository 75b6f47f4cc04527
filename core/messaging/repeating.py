"""The days on which a repeated campaign is sent again."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.japan import JST


class Repeat(StrEnum):
    """How often a campaign is sent again."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Repeats:
    """Sent again so often, up to a last day, and not on days of rest; each rest has two ends."""

    often: Repeat
    until: date
    rests: tuple[tuple[date, date], ...] = ()

    def times(self, begin: datetime) -> Iterator[datetime]:
        """Yield when it is sent after its first time, at the same time of day in Japan.

        One of the 31st is sent on the last day of a month that has none. What falls on a day of
        rest is left out, not put off.
        """
        first = begin.astimezone(JST)
        number = 1
        while (day := self._day(first.date(), number)) <= self.until:
            if not self.rests_on(day):
                yield datetime.combine(day, first.time(), JST)
            number += 1

    def rests_on(self, day: date) -> bool:
        return any(rest <= day <= end for rest, end in self.rests)

    def next_time(self, begin: datetime, after: datetime) -> datetime | None:
        """Return when it is sent next; what was slept through before `after` is over."""
        return next((time for time in self.times(begin) if time > after), None)

    def _day(self, first: date, number: int) -> date:
        match self.often:
            case Repeat.DAILY:
                return first + timedelta(days=number)
            case Repeat.WEEKLY:
                return first + timedelta(weeks=number)
            case Repeat.MONTHLY:
                years, month = divmod(first.month - 1 + number, 12)
                year, month = first.year + years, month + 1
                last = calendar.monthrange(year, month)[1]
                return date(year, month, min(first.day, last))
