"""Kanji numerals."""

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}

KANJI_NUMBER = "[〇零一二三四五六七八九十百千]+"


def to_arabic(kanji: str) -> str:
    """Return 23 for both 二十三 and 二三."""
    if not any(unit in kanji for unit in _UNITS):
        return str(int("".join(str(_DIGITS[c]) for c in kanji)))
    total, digit = 0, 0
    for character in kanji:
        if unit := _UNITS.get(character):
            total, digit = total + (digit or 1) * unit, 0
        else:
            digit = digit * 10 + _DIGITS[character]
    return str(total + digit)
