"""A birth date as certificates write it: an era digit and the Gregorian date, nine digits.

It is kept as text, since a month or day can be unknown.
"""

import re
from datetime import date

FORM = re.compile(r"([0-5])([0-9]{4})([0-9]{2})([0-9]{2})")

# Both eras share the day of the change up to 1926, because records of births on it use either.
ERAS = {
    "1": (date(1868, 1, 25), date(1912, 7, 30)),
    "2": (date(1912, 7, 30), date(1926, 12, 25)),
    "3": (date(1926, 12, 25), date(1989, 1, 7)),
    "4": (date(1989, 1, 8), date(2019, 4, 30)),
    "5": (date(2019, 5, 1), date.max),
}


def read(text: str) -> date | None:
    """Return the day; `None` where it is unknown, cannot be, or contradicts the era.

    Era 0 is unknown; months and days that cannot be are, too, since some births have none on
    record. Raises ValueError unless the form is right.
    """
    found = FORM.fullmatch(text)
    if not found:
        raise ValueError("a birth date is an era digit 0 to 5 and eight digits")
    era, year, month, day = found.groups()
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        return None
    first, last = ERAS.get(era, (date.max, date.min))
    return born if first <= born <= last else None


def written(day: date) -> str:
    """Return the nine digits of a day that is known; era 0 for one before the eras."""
    newest_first = sorted(ERAS.items(), reverse=True)
    era = next((digit for digit, (first, _) in newest_first if first <= day), "0")
    return f"{era}{day:%Y%m%d}"


def with_era(digits: str) -> str:
    """Return the nine digits of eight; era 0 where the day is unknown or no day."""
    try:
        return written(date(int(digits[:4]), int(digits[4:6]), int(digits[6:])))
    except ValueError:
        return f"0{digits}"


def iso(text: str) -> str:
    """Return such as "1950-01-02"; noughts where month or day is unknown, empty where all is.

    The parts that are known of a birth are told even where the day as a whole cannot be.
    """
    day = read(text)
    if day is not None:
        return day.isoformat()
    era, year, month = text[:1], text[1:5], text[5:7]
    if era == "0" or year == "0000":
        return ""
    return f"{year}-{month if '01' <= month <= '12' else '00'}-00"


def forms(iso_date: str) -> list[str]:
    """Return a whole ISO 8601 date, and how it is told where the day, the month or all is unknown.

    A date that is not whole has only its own form.
    """
    if not is_whole(iso_date):
        return [iso_date]
    return [iso_date, f"{iso_date[:7]}-00", f"{iso_date[:4]}-00-00", ""]


def is_whole(iso_date: str) -> bool:
    """Whether an ISO 8601 date tells month and day, too."""
    return len(iso_date) == len("1950-01-02") and "-00" not in iso_date


def digits(text: str) -> str:
    """Return the eight digits without the era, which not every proof tells."""
    return text[1:]
