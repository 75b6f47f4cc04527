"""A day, and a day with a time."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.procedures import hearing
from core.procedures.blocks.block import Block, Input, Seen, Wrong
from core.procedures.texts import Argument
from core.procedures.wording import word

ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
RELATIVE = re.compile(r"today(?:([+-])([0-9]{1,5})([dmy]))?")

DaySetting = Annotated[str, Field(max_length=20)]
"""A fixed day, ISO 8601, or one by today: "today", "today-18y", "today+3m", "today+14d"."""
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class DateBlock(Block):
    name: ClassVar[str] = "date"
    input: ClassVar[Input] = Input.DATE

    first: DaySetting = ""
    last: DaySetting = ""
    start: DaySetting = ""
    """Where a picker begins; empty means today, or the nearest day that fits."""

    def read(self, given: Any, seen: Seen) -> Any:
        return self.within(iso_day(given), seen).isoformat()

    def hear(self, words: str, seen: Seen) -> Any:
        found = hearing.day(words, seen.context.today, *self.bounds(seen))
        return found.isoformat() if found else None

    def asks(self, seen: Seen) -> dict[str, Any]:
        first, last = self.bounds(seen)
        begin = day_of(self.start, seen.context.today) or seen.context.today
        begin = min(max(begin, first or begin), last or begin)
        return {
            "first": first.isoformat() if first else "",
            "last": last.isoformat() if last else "",
            "start": begin.isoformat(),
        }

    def shown(self, answer: Any, seen: Seen) -> str:
        return said_day(date.fromisoformat(answer), seen)

    def fills(self, answer: Any, seen: Seen) -> Argument:
        del seen
        return date.fromisoformat(answer)

    def flaws(self) -> Iterator[tuple[str, str]]:
        sample = date(2026, 4, 1)
        for name in ("first", "last", "start"):
            if getattr(self, name) and day_of(getattr(self, name), sample) is None:
                yield name, 'is no day: write 2026-04-01, or by today, such as "today-18y"'
        first, last = day_of(self.first, sample), day_of(self.last, sample)
        are_alike = self.first.startswith("today") == self.last.startswith("today")
        if first and last and are_alike and first > last:
            yield "first", "is after last"

    def bounds(self, seen: Seen) -> tuple[date | None, date | None]:
        today = seen.context.today
        return day_of(self.first, today), day_of(self.last, today)

    def within(self, day: date, seen: Seen) -> date:
        """Return the day. Raises Wrong where it is out of bounds."""
        first, last = self.bounds(seen)
        if first and day < first:
            raise Wrong("too_early", limit=said_day(first, seen))
        if last and day > last:
            raise Wrong("too_late", limit=said_day(last, seen))
        return day


class DateTimeBlock(DateBlock):
    name: ClassVar[str] = "date_time"
    input: ClassVar[Input] = Input.DATE_TIME

    opens: Clock = "00:00"
    closes: Clock = "23:59"
    """The first and the last time of a day."""
    minutes: Annotated[int, Field(ge=1, le=720)] = 1
    """The step of times, counted from `opens`."""

    def read(self, given: Any, seen: Seen) -> Any:
        day, _, clock = given.partition("T")
        told = self.within(iso_day(day), seen).isoformat()
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", clock):
            raise Wrong("not_a_time")
        if not self.opens <= clock <= self.closes:
            raise Wrong("outside_hours", first=self.opens, last=self.closes)
        if (_minutes(clock) - _minutes(self.opens)) % self.minutes:
            raise Wrong("not_a_time", step=str(self.minutes))
        return f"{told}T{clock}"

    def hear(self, words: str, seen: Seen) -> Any:
        found = hearing.moment(words, seen.context.today, *self.bounds(seen))
        return f"{found[0].isoformat()}T{found[1]}" if found else None

    def asks(self, seen: Seen) -> dict[str, Any]:
        days = super().asks(seen)
        times = {"first": self.opens, "last": self.closes, "start": self.opens}
        return {name: f"{day}T{times[name]}" if day else "" for name, day in days.items()}

    def shown(self, answer: Any, seen: Seen) -> str:
        day, _, clock = answer.partition("T")
        return seen.say(word("moment"), day=date.fromisoformat(day), time=clock)

    def fills(self, answer: Any, seen: Seen) -> Argument:
        return self.shown(answer, seen)

    def flaws(self) -> Iterator[tuple[str, str]]:
        yield from super().flaws()
        if self.opens > self.closes:
            yield "opens", "is after closes"


def day_of(setting: str, today: date) -> date | None:
    """Return the day that a setting means; None where it is none, or empty."""
    found = RELATIVE.fullmatch(setting)
    try:
        if not found:
            return date.fromisoformat(setting) if ISO.fullmatch(setting) else None
        many = int(f"{found[1] or '+'}{found[2] or 0}")
        if found[3] == "d":
            return today + timedelta(many)
        months = today.year * 12 + today.month - 1 + many * (12 if found[3] == "y" else 1)
        return _in_month(months // 12, months % 12 + 1, today.day)
    except (ValueError, OverflowError):
        return None


def iso_day(given: str) -> date:
    """Return a day. Raises Wrong."""
    try:
        if ISO.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise Wrong("not_a_date")


def said_day(day: date, seen: Seen) -> str:
    return seen.say(word("day"), day=day)


def _in_month(year: int, month: int, day: int) -> date:
    """Return the day, or the month's last where it has no such day."""
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(day - 1), after - timedelta(1))


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
