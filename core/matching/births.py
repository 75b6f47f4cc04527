"""Compares birth dates as numbers of eight digits, whose unknown parts are noughts."""


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


def _parts(born: int) -> tuple[int, int, int]:
    return born // 10000, born // 100 % 100, born % 100
