"""Folds names into the characters of bank files: half-width katakana, A–Z, 0–9 and a few signs.

The classes are those of the bankers' association's protocol, appendix 1 (全銀協 付録1), as banks
publish them. What has no legal form is refused, never guessed: a kanji needs a reading.
"""

import unicodedata
from enum import StrEnum

from core.errors import BadRequest

# JIS X 0201: one byte each in CP932. ｦ, the small kana and ｰ stand outside of these.
_KANA = frozenset(map(chr, range(ord("ｱ"), ord("ﾝ") + 1)))
_MARKS = frozenset("ﾞﾟ")
_COMMON = _KANA | _MARKS | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")

_VOICED = frozenset("ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ")
_HALF_VOICED = frozenset("ﾊﾋﾌﾍﾎ")

_LONG_MARKS = frozenset("ー－‐‑‒–—―−")
_SMALL_TO_FULL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_HIRAGANA_TO_KATAKANA = {ord(c): ord(c) + 0x60 for c in map(chr, range(ord("ぁ"), ord("ゖ") + 1))}
_TO_HALF_WIDTH = {unicodedata.normalize("NFKC", c): c for c in map(chr, range(0xFF61, 0xFFA0))}
# NFKC makes a space and a mark of these two; only the mark is meant.
_SPACING_MARKS = str.maketrans("゛゜", "ﾞﾟ")


class Characters(StrEnum):
    """The fields of a bank file by what may be written in them."""

    BANK_NAME = "bank name"
    NAME = "name"
    EDI = "EDI information"


LEGAL: dict[Characters, frozenset[str]] = {
    Characters.BANK_NAME: _COMMON,
    Characters.NAME: _COMMON | frozenset(" ()-."),
    Characters.EDI: _COMMON | frozenset(" ｦ\\｢｣()-/."),
}


class IllegalCharacter(BadRequest):
    """A character of the name has no form in bank files."""

    reason = "PAYEE_NAME_ILLEGAL"


class NameEmpty(BadRequest):
    """Nothing is left of the name to write; it has no character, at position 0."""

    reason = "PAYEE_NAME_ILLEGAL"


def fold(
    text: str,
    characters: Characters = Characters.NAME,
    *,
    wo: bool = False,
    field: str = "payee_name",
) -> str:
    """Return the text in legal characters, one byte each in CP932, without spaces at its ends.

    `wo` admits ｦ in names: the standard's revision does, the banks' own publications do not.
    Folding what is folded changes nothing. Raises `IllegalCharacter` naming the character and its
    position (from 1) in `text`, and `NameEmpty`.
    """
    legal = LEGAL[characters] | (frozenset("ｦ") if wo else frozenset())
    folded: list[str] = []
    for position, character in enumerate(text, 1):
        for narrow in _narrow(character):
            if narrow not in legal or not _mark_fits(folded, narrow):
                raise _illegal(character, position, characters, field)
            folded.append(narrow)
    name = "".join(folded).strip(" ")
    if not name:
        raise NameEmpty(
            f"{field} is empty: write the {characters} in katakana",
            field=field,
            character="",
            position="0",
        )
    return name


def cut(folded: str, width: int) -> str:
    """Return what of a folded name fits `width` bytes, never parting a kana from its ﾞ or ﾟ."""
    if len(folded) > width and folded[width] in _MARKS:
        width -= 1
    return folded[:width]


def _narrow(character: str) -> str:
    """Return a character's half-width form, legal or not."""
    if character in _LONG_MARKS:
        return "-"
    wide = unicodedata.normalize("NFKC", character.translate(_SPACING_MARKS))
    wide = wide.translate(_HIRAGANA_TO_KATAKANA).translate(_SMALL_TO_FULL)
    parted = unicodedata.normalize("NFD", wide)
    return "".join("-" if c in _LONG_MARKS else _TO_HALF_WIDTH.get(c, c) for c in parted).upper()


def _mark_fits(folded: list[str], narrow: str) -> bool:
    if narrow not in _MARKS:
        return True
    return bool(folded) and folded[-1] in (_VOICED if narrow == "ﾞ" else _HALF_VOICED)


def _illegal(character: str, position: int, characters: Characters, field: str) -> IllegalCharacter:
    code_point = f"U+{ord(character):04X}"
    return IllegalCharacter(
        f"{field}: {character!r} ({code_point}) at position {position} cannot stand in a "
        f"{characters} of a bank file: write katakana, Latin letters, digits or its signs",
        field=field,
        character=character,
        codePoint=code_point,
        position=str(position),
    )
