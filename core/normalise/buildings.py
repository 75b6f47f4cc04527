"""Buildings and rooms, as they are compared."""

import re

from core.normalise.characters import DASHES, fold_ga, fold_kana, fold_no
from core.normalise.numerals import KANJI_NUMBER, to_arabic
from core.normalise.variants import CURATED, Variants

_GAP = re.compile(rf"(?<=[0-9])[\s{DASHES}]+(?=[0-9])")
_NUMERALS = re.compile(f"{KANJI_NUMBER}(?=号|階|棟|番)")
_ROOM = re.compile("(?<=[0-9A-Z])(?:号室|号|室)$")
_FLOOR = re.compile("(?<=[0-9])F")
# A long mark after kana belongs to a name; other dashes, and what encloses a name, say nothing.
_NOTHING = re.compile(r"[\s()\[\]「」,、.・･‐‑‒–—―−_/]|(?<![0-9])-|-(?![0-9])")


def building_key(text: str, variants: Variants = CURATED) -> str:
    """Return the form in which two spellings of one building and room are equal."""
    if not text:
        return ""
    bare = _NOTHING.sub("", _GAP.sub("-", text.lstrip(f"のノ{DASHES} ")))
    upper = fold_no(fold_ga(fold_kana(variants.fold(bare.upper()))))
    arabic = _NUMERALS.sub(lambda one: to_arabic(one.group()), upper)
    return _ROOM.sub("", _FLOOR.sub("階", arabic))


def same_building(one: str, other: str) -> bool:
    """Whether two keys may be one dwelling: equal, or one tells less, and nothing else."""
    if one == other or not one or not other:
        return True
    less, more = sorted((one, other), key=len)
    if less.isdecimal():
        return more.endswith(less) and not more[-len(less) - 1].isdecimal()
    return more.startswith(less) and not less[-1].isdecimal() and more[len(less) :].isdecimal()
