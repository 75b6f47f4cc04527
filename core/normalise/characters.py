"""What every text goes through before it is compared: one code for one character."""

import re
import unicodedata

# Variation selectors pick a shape of the character before them: the register's fonts have them,
# a certificate does not.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

DASHES = "\\-‐‑‒–—―−ー─━﹣"

_SMALL = "ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
_LARGE = "アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ"

KANA = {chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)} | {"ゝ": "ヽ", "ゞ": "ヾ"}
KANA = {kana: dict(zip(_SMALL, _LARGE, strict=True)).get(to, to) for kana, to in KANA.items()}
KANA |= dict(zip(_SMALL, _LARGE, strict=True))
"""Every kana that is written otherwise in a key: hiragana and small ones become large katakana."""

_TO_KANA = str.maketrans(KANA)
_LONG = re.compile(f"([ァ-ヺ])([{DASHES}]+)")

_GA = re.compile("(?<=[\u3400-\u9fff々])[ケガカ箇](?=[\u3400-\u9fff])")
_NO = re.compile("(?<=[\u3400-\u9fff々])之(?=[\u3400-\u9fff])")

# What systems put where they lack a character: two of them say nothing about each other.
_PLACEHOLDERS = frozenset("〓□■●○◎◆◇?*＿_�")
_PRIVATE_USE = "Co"


def seen(text: str) -> str:
    """Return the text in NFKC, without variation selectors and characters nobody sees."""
    shown = "".join(c for c in _SELECTORS.sub("", text) if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", shown)


def fold_kana(text: str) -> str:
    """Return the text with every kana as a large katakana, and one mark for long vowels."""
    return _LONG.sub(lambda one: one[1] + "ー" * len(one[2]), text.translate(_TO_KANA))


def fold_ga(text: str) -> str:
    """Return the text with one kana for the sound that is written ケ, ガ, カ or 箇 in places."""
    return _GA.sub("ケ", text)


def fold_no(text: str) -> str:
    """Return the text with ノ for 之 between kanji."""
    return _NO.sub("ノ", text)


def is_placeholder(character: str) -> bool:
    """Whether it stands for a character that a system lacks.

    A character of one's own (外字) is another one on the next machine.
    """
    return character in _PLACEHOLDERS or unicodedata.category(character) == _PRIVATE_USE


def fits_card(character: str) -> bool:
    """Whether a certificate can hold it: those of JIS X 0208 and JIS X 0212."""
    try:
        character.encode("euc_jp")
    except UnicodeEncodeError:
        return character in "－～"
    return True
