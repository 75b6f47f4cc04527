"""What typed words mean: yes and no, numbers with their counters, days and times of day."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from core.procedures.wording import listened_for

HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
"""Each era's year 0. Its last year goes on being written after its end, so that no day ends it."""

LETTERS = {"r": "令和", "h": "平成", "s": "昭和", "t": "大正", "m": "明治"}
WEEKDAY = re.compile(r"\(?[月火水木金土日](曜日?)?\)?$")
DAY = re.compile(
    r"(?:(?P<era>令和|平成|昭和|大正|明治|[rhstm])?(?P<year>[0-9]{1,4}|元)[年./-])?"
    r"(?P<month>[0-9]{1,2})[月./-](?P<day>[0-9]{1,2})日?"
)
EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
TIME = re.compile(
    r"(?P<half>午前|午後|am|pm)?(?P<hour>[0-9]{1,2})"
    r"(?:[:時](?P<minute>[0-9]{1,2}|半)?分?)?(?P<late>am|pm)?"
)
UNITS = {"千": 1_000, "万": 10_000, "億": 100_000_000}
DIGITS = {digit: str(number) for number, digit in enumerate("〇一二三四五六七八九")}


def folded(words: str) -> str:
    """Return words without what a phone's keys add: width, case, spaces, a full stop, hiragana."""
    plain = unicodedata.normalize("NFKC", words).strip().strip("。.!、,")
    return re.sub(r"\s", "", plain).casefold().translate(HIRAGANA)


def means(words: str, key: str) -> bool:
    """Whether words are among those of the catalogue: "yes", "no", "skip"."""
    return folded(words) in _folded(key)


def spoken(words: str) -> Iterable[str]:
    """Yield words folded, and without what is added to be polite."""
    said = folded(words)
    yield said
    for ending in listened_for("politely"):
        if said.endswith(folded(ending)) and len(said) > len(folded(ending)):
            yield said.removesuffix(folded(ending))


def number(words: str, unit: str = "") -> int | None:
    """Return the whole number that words tell, also as 3人, ¥1,000, 1万5千円 or 三."""
    for said in spoken(words):
        counters = (folded(unit), *(folded(one) for one in listened_for("counters")), "")
        for counter in counters:
            if said.endswith(counter):
                found = _number(said.removesuffix(counter) if counter else said)
                if found is not None:
                    return found
    return None


def day(
    words: str, today: date, first: date | None = None, last: date | None = None
) -> date | None:
    """Return the day that words tell: 令和8年4月1日, R8.4.1, 2026/4/1, 20260401, 4月1日, 明日.

    Where no year is told it is the next such day, or where that is out of bounds the nearest
    within.
    """
    for said in spoken(words):
        for key, days in (("today", 0), ("tomorrow", 1), ("yesterday", -1)):
            if said in _folded(key):
                return today + timedelta(days)
        plain = _digits(re.sub(WEEKDAY, "", said) if said.endswith((")", "曜", "曜日")) else said)
        if found := EIGHT.fullmatch(plain):
            return _date(int(found[1]), int(found[2]), int(found[3]))
        if found := DAY.fullmatch(plain):
            month, of_month = int(found["month"]), int(found["day"])
            if found["year"]:
                year = 1 if found["year"] == "元" else int(found["year"])
                era = found["era"] or ""
                if not era and len(found["year"]) < 4:
                    return None
                return _date(year + ERAS.get(LETTERS.get(era, era), 0), month, of_month)
            return _nearest(month, of_month, today, first, last)
    return None


def moment(
    words: str, today: date, first: date | None = None, last: date | None = None
) -> tuple[date, str] | None:
    """Return the day and the time, as "09:30", that words tell: 4月1日 午後3時半, 2026/4/1 9:30."""
    plain = unicodedata.normalize("NFKC", words).strip().casefold()
    parts = [one for one in re.split(r"\s+|の|に|(?<=日)|(?<=[0-9])t(?=[0-9])", plain) if one]
    for at in range(1, len(parts)):
        told = clock("".join(parts[at:]))
        then = told and day("".join(parts[:at]), today, first, last)
        if told and then:
            return then, told
    return None


def clock(words: str) -> str | None:
    """Return the time of day that words tell, as "09:30"."""
    for said in spoken(words):
        found = TIME.fullmatch(_digits(said))
        if found and not said.isdigit():
            return _time(found)
    return None


def _time(found: re.Match[str]) -> str | None:
    half, minute = found["half"] or found["late"] or "", found["minute"] or "0"
    hour, minutes = int(found["hour"]), 30 if minute == "半" else int(minute)
    if half in {"午後", "pm"} and hour < 12:
        hour += 12
    if half in {"午前", "am"} and hour == 12:
        hour = 0
    return f"{hour:02}:{minutes:02}" if hour < 24 and minutes < 60 else None


def _number(said: str) -> int | None:
    plain = _digits(said.removeprefix("¥").removeprefix("\\").replace(",", ""))
    if re.fullmatch(r"-?[0-9]{1,12}", plain):
        return int(plain)
    if not re.fullmatch(r"([0-9]{0,4}[十百千万億])+[0-9]{0,4}", plain):
        return None
    return _by_units(plain)


def _by_units(plain: str) -> int:
    total = part = 0
    for digits, unit in re.findall(r"([0-9]*)([十百千万億]|$)", plain):
        if unit in {"万", "億"}:
            total, part = total + (part + int(digits or 0)) * UNITS[unit], 0
        elif unit:
            part += int(digits or 1) * {"十": 10, "百": 100, "千": 1000}[unit]
        else:
            part += int(digits or 0)
    return total + part


def _digits(said: str) -> str:
    return "".join(DIGITS.get(one, one) for one in said)


def _date(year: int, month: int, of_month: int) -> date | None:
    try:
        return date(year, month, of_month)
    except ValueError:
        return None


def _nearest(
    month: int, of_month: int, today: date, first: date | None, last: date | None
) -> date | None:
    # Eight years on either side hold a 29th of February wherever there is one.
    years = range(max(1, today.year - 8), min(9999, today.year + 8) + 1)
    found = [one for year in years if (one := _date(year, month, of_month))]
    fits = [
        one for one in found if (first is None or one >= first) and (last is None or one <= last)
    ]
    candidates = fits or found
    coming = [one for one in candidates if one >= today]
    return min(coming) if coming else max(candidates, default=None)


@cache
def _folded(key: str) -> frozenset[str]:
    return frozenset(folded(one) for one in listened_for(key))
