"""How LINE counts characters: UTF-16 code units, and grapheme clusters for what people read.

Source: Messaging API documentation, "Text character count".
"""

import unicodedata

ZERO_WIDTH_JOINER = "\u200d"
# Grapheme_Extend that is not a mark: ZWNJ and the half-width voiced and semi-voiced marks.
EXTENDING = {"\u200c", ZERO_WIDTH_JOINER, "\uff9e", "\uff9f"}
MODIFIERS = range(0x1F3FB, 0x1F400)
TAGS = range(0xE0020, 0xE0080)
REGIONAL = range(0x1F1E6, 0x1F200)
LEADING = (range(0x1100, 0x1160), range(0xA960, 0xA97D))
VOWELS = (range(0x1160, 0x11A8), range(0xD7B0, 0xD7C7))
TRAILING = (range(0x11A8, 0x1200), range(0xD7CB, 0xD7FC))
SYLLABLES = range(0xAC00, 0xD7A4)


def utf16_units(text: str) -> int:
    """Count as most of the API does: 𠮷 is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """Count what a reader takes for one character, by the rules of UAX #29.

    Prepended concatenation marks, which no language of this project writes, count alone.
    """
    if text.isascii():
        return len(text) - text.count("\r\n")
    count = 0
    flags = 0
    pictograph_before_joiner = False
    pictograph = False
    for previous, this in zip(" " + text, text, strict=False):
        flags = flags + 1 if ord(this) in REGIONAL else 0
        joined = (
            (previous == "\r" and this == "\n")
            or (_extends(this) and not _is_control(previous))
            or (pictograph_before_joiner and _is_pictograph(this))
            or (flags and flags % 2 == 0)
            or _is_one_hangul(ord(previous), ord(this))
        )
        first = count == 0
        count += 1 if first or not joined else 0
        pictograph_before_joiner = this == ZERO_WIDTH_JOINER and pictograph
        pictograph = _is_pictograph(this) or (pictograph and _extends(this))
    return count


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or character in EXTENDING
        or ord(character) in MODIFIERS
        or ord(character) in TAGS
    )


def _is_control(character: str) -> bool:
    return character not in EXTENDING and unicodedata.category(character) in {
        "Cc",
        "Cf",
        "Zl",
        "Zp",
    }


def _is_pictograph(character: str) -> bool:
    return unicodedata.category(character) == "So" and ord(character) not in REGIONAL


def _is_one_hangul(previous: int, this: int) -> bool:
    if any(previous in block for block in LEADING):
        return this in SYLLABLES or any(this in block for block in (*LEADING, *VOWELS))
    open_syllable = previous in SYLLABLES and (previous - 0xAC00) % 28 == 0
    if open_syllable or any(previous in block for block in VOWELS):
        return any(this in block for block in (*VOWELS, *TRAILING))
    if previous in SYLLABLES or any(previous in block for block in TRAILING):
        return any(this in block for block in TRAILING)
    return False
