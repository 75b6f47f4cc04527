"""Compares birth dates as numbers of eight digits, whose unknown parts are noughts."""

from datetime import date


def compatible(one: int, other: int) -> bool:
    """Whether they agree in every part that both tell."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    return all(mine == theirs or not mine or not theirs for mine, theirs in pairs)


def near(one: int, other: int) -> bool:
    """Whether one may be the other, mistaken: a digit, the day, the month, or both exchanged."""
    mine, theirs = _parts(one), _parts(other)
    digits = sum(a != b for a, b in zip(f"{one:08}", f"{other:08}", strict=True))
    if digits == 1 or (mine[0], mine[2], mine[1]) == theirs:
        return True
    return mine[0] == theirs[0] and (mine[1] == theirs[1]) != (mine[2] == theirs[2])


def near_days(born: int) -> list[int]:
    """Return the days that `near` takes for a whole one, mistaken, in their order."""
    year, month, day = _parts(born)
    digits = f"{born:08}"
    mistaken = {
        int(digits[:place] + other + digits[place + 1 :])
        for place in range(len(digits))
        for other in "0123456789"
    }
    mistaken.add(_number(year, day, month))
    mistaken |= {_number(year, other, day) for other in range(1, 13)}
    mistaken |= {_number(year, month, other) for other in range(1, 32)}
    return sorted(one for one in mistaken - {born} if _is_day(one))


def days_within(born: int) -> list[int]:
    """Return the days that one may be of which the year, and perhaps the month, is known."""
    year, month, day = _parts(born)
    if not year or day:
        return [born] if _is_day(born) else []
    months = (month,) if month else range(1, 13)
    days = (_number(year, one, other) for one in months for other in range(1, 32))
    return [one for one in days if _is_day(one)]


def _is_day(born: int) -> bool:
    try:
        date(*_parts(born))
    except ValueError:
        return False
    return True


def _number(year: int, month: int, day: int) -> int:
    return year * 10000 + month * 100 + day


def _parts(born: int) -> tuple[int, int, int]:
    return born // 10000, born // 100 % 100, born % 100
