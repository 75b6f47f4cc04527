"""LINE's limits on what a message holds, and how to stay within them without breaking a character.

Everything is counted in UTF-16 code units. Where LINE counts grapheme clusters instead (labels,
display texts) that is never more (Messaging API documentation, "Text character count").
"""

import unicodedata

TEXT = 5_000
ALTERNATIVE = 1_500
BUTTON_LABEL = 40
QUICK_REPLY_LABEL = 20
QUICK_REPLIES = 13
DISPLAY_TEXT = 300
URI = 1_000
BUBBLE_BYTES = 30 * 1024
MESSAGES = 5

JOINER = "\u200d"
SKIN_TONES = range(0x1F3FB, 0x1F400)
# Two of them are a flag.
REGIONAL = range(0x1F1E6, 0x1F200)


def units(text: str) -> int:
    """Count UTF-16 code units: 𠮷 is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def clip(text: str, limit: int) -> str:
    """Shorten to `limit` units, ending in … where something was cut."""
    if units(text) <= limit:
        return text
    return text[: _cut(text, limit - 1)].rstrip() + "…"


def split(text: str, limit: int) -> list[str]:
    """Cut into pieces of at most `limit` units, at the end of a line where there is one."""
    pieces = []
    while units(text) > limit:
        end = max(1, _cut(text, limit))
        line = text.rfind("\n", 0, end) + 1
        end = line or end
        pieces.append(text[:end])
        text = text[end:]
    return [piece for piece in (*pieces, text) if piece.strip()]


def _cut(text: str, limit: int) -> int:
    """Return the last place within `limit` units that parts no mark from its letter."""
    end = used = 0
    for character in text:
        used += units(character)
        if used > limit:
            break
        end += 1
    for place in range(end, 0, -1):
        if not _joins(text[place - 1], text[place]):
            return place
    # One character of nothing but marks: no place is better than another.
    return end


def _joins(before: str, after: str) -> bool:
    return (
        before == JOINER
        or after in {JOINER, "\uff9e", "\uff9f"}
        or unicodedata.category(after) in {"Mn", "Mc", "Me"}
        or ord(after) in SKIN_TONES
        or (ord(before) in REGIONAL and ord(after) in REGIONAL)
    )
