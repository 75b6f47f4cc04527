"""Brings names and addresses into one form, for matching that is exact after it.

Conservative: every step undoes a way of writing, none a difference between persons or places. What
could be either (variant characters such as 崎 and 﨑) stays different, and goes to a person; only
`similar_key` passes over it, to propose candidates for that review.
"""

import re
import unicodedata

# Variation selectors pick a shape of the character before them: the register's fonts have them,
# a certificate does not.
_VARIANT = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

_DASHES = "\\-‐‑‒–—―−ー"
_KANJI_DIGITS = "〇零一二三四五六七八九"
_KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}

_PREFECTURE = re.compile(
    "^(?:北海道|東京都|(?:京都|大阪)府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|"
    "新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|"
    "徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県)"
)
# 三番町 is a town, 101号室 and 3号棟 belong to a building: those are no separators.
_BAN = "番(?![町丁館])"
_GO = "号(?![室棟館線車])"
_KANJI_NUMBER = re.compile(f"[{_KANJI_DIGITS}十百千]+(?=丁目|番地|{_BAN}|{_GO})")
_SEPARATOR = re.compile(f"(?<=[0-9])(?:丁目|番地の?|{_BAN}の?|{_GO})")
_JOINT = re.compile(f"(?<=[0-9])[のノ{_DASHES}]+(?=[0-9])")
_GAP = re.compile(r"(?<=[0-9])\s+(?=[0-9])")
_LOOSE_END = re.compile("-+(?=[^0-9]|$)")
_SECTION = re.compile("大字|(?<!文)字")
_GA = re.compile("(?<=[\u4e00-\u9fff々])[ヶケが](?=[\u4e00-\u9fff])")

# One line a family; our own, small on purpose: each is one name in two spellings somewhere.
_FAMILIES = (
    "高髙",
    "崎﨑",
    "辺邊邉",
    "斉斎齊齋",
    "徳德",
    "浜濱濵",
    "吉𠮷",
    "沢澤",
    "広廣",
    "島嶋嶌",
    "真眞",
    "恵惠",
    "桜櫻",
    "国國",
    "竜龍",
    "滝瀧",
)
_TO_FIRST = str.maketrans({other: family[0] for family in _FAMILIES for other in family[1:]})


def name_key(name: str) -> str:
    """Return the form in which two spellings of one name are equal.

    1. NFKC: full-width letters, half-width kana and compatibility characters are the same text in
       another code; Unicode itself calls them equivalent.
    2. Variation selectors and unseen characters go: they change the shape of a letter, not which.
    3. Spaces go: a card parts family and given name by one, a register often does not. Birth date
       and address are compared beside the name, and tell 林 田中 from 林田 中.

    Large and small kana, variant characters, and the case of Latin letters stay as they are.
    """
    return unicodedata.normalize("NFKC", re.sub(r"\s", "", _seen(name)))


def similar_key(name: str) -> str:
    """Return a form that also passes over common variant characters.

    It finds candidates for a person to compare, and never decides that two names are equal.
    """
    return name_key(name).translate(_TO_FIRST)


def address_key(address: str) -> str:
    """Return the form in which two spellings of one address are equal.

    1. NFKC, variation selectors and unseen characters, for the reasons of `name_key`.
    2. The prefecture goes: registers leave it out, cards have it, and the town follows.
    3. 大字 and 字 go: they only say what kind of section the next name is.
    4. ヶ, ケ and が between kanji become ヶ: one sound, written by habit.
    5. Kanji numbers before 丁目, 番地, 番 and 号 become Arabic; in a town's name (三番町) they
       stay.
    6. Spaces go, but between numbers one becomes `-`, or 1-1 2 would be 1-12.
    7. 丁目, 番地, 番, 号, の and dashes between numbers become `-`; one that joins no two goes.

    The building and the room stay: two flats of one house are two addresses.
    """
    text = _PREFECTURE.sub("", re.sub(r"\s", "", _GAP.sub("-", _seen(address))))
    number = re.search("[0-9]", text)
    start = number.start() if number else len(text)
    head, tail = text[:start], text[start:]
    text = _GA.sub("ヶ", _SECTION.sub("", head)) + tail
    text = _KANJI_NUMBER.sub(lambda kanji: str(_number(kanji.group())), text)
    text = re.sub("-{2,}", "-", _JOINT.sub("-", _SEPARATOR.sub("-", text)))
    return _LOOSE_END.sub("", text)


def _seen(text: str) -> str:
    shown = "".join(c for c in _VARIANT.sub("", text) if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", shown)


def _number(kanji: str) -> int:
    """Return 23 for both 二十三 and 二三."""
    if not any(unit in kanji for unit in _KANJI_UNITS):
        return int("".join(str(max(_KANJI_DIGITS.index(c) - 1, 0)) for c in kanji))
    total, digit = 0, 0
    for character in kanji:
        if unit := _KANJI_UNITS.get(character):
            total, digit = total + (digit or 1) * unit, 0
        else:
            digit = digit * 10 + max(_KANJI_DIGITS.index(character) - 1, 0)
    return total + digit
