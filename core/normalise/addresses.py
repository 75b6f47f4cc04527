"""Addresses, as they are compared: prefecture, city, the block and its number, the building.

An address is read in three steps, each of a part that many addresses share, so that a million of
them take no longer than their different parts: `tidy`, then what is before the first number
(`read_head`), then the numbers and what follows (`read_tail`).
"""

import re
from dataclasses import dataclass

from core.normalise.buildings import building_key, same_building
from core.normalise.characters import DASHES, fold_ga, fold_kana, fold_no, seen
from core.normalise.numerals import KANJI_NUMBER, to_arabic
from core.normalise.places import take_place
from core.normalise.variants import CURATED, Variants

# Numbers that are part of a town's name (北1条, 3番町, 第3地割) come before the block's.
HEAD = r"^((?:[^0-9]*[0-9]+(?:条|線|号線|地割|番町|番丁|番通|軒|区|通))*[^0-9]*)(.*)$"
"""Parts an address before the first number of the block; the same for Python's and Rust's regex."""

_HEAD = re.compile(HEAD)
_SECTION = re.compile("大字|小字|(?<!文)字")
_KANJI_DASH = re.compile(
    f"(?<=[〇零一二三四五六七八九十百千])[{DASHES}](?=[〇零一二三四五六七八九十百千])"
)
_NUMERALS = re.compile(f"{KANJI_NUMBER}(?=丁目|番|号|条|線|地割|区|通|軒|-)|(?<=-){KANJI_NUMBER}")
_BRANCH = re.compile(f"(?<=番地){KANJI_NUMBER}(?![\u3400-\u9fff])|(?<=番地[のノ]){KANJI_NUMBER}")
# A space after a number parts it from the building.
_SPACE_IN_TOWN = re.compile("(?<![〇零一二三四五六七八九十百千号地番目]) ")
_LOOSE_END = re.compile("[-‐‑‒–—―−]+$")

# 101号室, 3号棟, 2階 and 五番館 belong to a building.
_NUMBER = re.compile(
    r"([0-9]+)(?![0-9])(丁目|丁(?=[0-9])|番地|番(?![館街])|号(?![室棟館線車]))?"
    r"(?!号[室棟館]|[室棟階館]|番[館街]|F)"
)
_UNIT_APART = re.compile("(?<=[0-9]) (?=丁目|番|号)")
_JOINT = re.compile(rf"[\sのノ之{DASHES}]*")
_ROOM = 100
_MOST_NUMBERS = 4
_LOT_NUMBERS = 2


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts.

    Town and number are its core, in which two addresses of one home are equal. It is `numbered` if
    it has a place's name and the number of a block or lot, not of a chome only.
    """

    prefecture: str
    city: str
    town: str
    number: str
    building: str
    numbered: bool

    @property
    def key(self) -> str:
        """The whole but for the prefecture, which registers leave out."""
        return self.city + self.town + self.number + self.building


def read_address(address: str, variants: Variants = CURATED) -> Address:
    head, tail = _parted(tidy(address))
    prefecture, city, town, begun = read_head(head, variants)
    numbers, building, has_lot = read_tail(begun + tail, variants)
    return Address(prefecture, city, town, numbers, building, has_lot and bool(town or city))


def address_key(address: str) -> str:
    """Return the form in which two spellings of one address are equal."""
    return read_address(address).key


def same_home(one: str, other: str) -> bool:
    """Whether two addresses are spellings of one, of which one may tell less of the building."""
    mine, theirs = read_address(one), read_address(other)
    return mine.town == theirs.town and _agree_but_for_town(mine, theirs)


def are_two_homes(one: str, other: str) -> bool:
    """Whether two addresses are surely two homes: not where one leaves out a section (小字)."""
    mine, theirs = read_address(one), read_address(other)
    towns = sorted((mine.town, theirs.town), key=len)
    return not (towns[1].startswith(towns[0]) and _agree_but_for_town(mine, theirs))


def _agree_but_for_town(mine: Address, theirs: Address) -> bool:
    return (
        mine.number == theirs.number
        and (mine.prefecture == theirs.prefecture or not mine.prefecture or not theirs.prefecture)
        and (mine.city.endswith(theirs.city) or theirs.city.endswith(mine.city))
        and same_building(mine.building, theirs.building)
    )


def tidy(address: str) -> str:
    """Return an address in NFKC, with one space where there were some."""
    return " ".join(seen(address).split())


def read_head(head: str, variants: Variants = CURATED) -> tuple[str, str, str, str]:
    """Return prefecture, city, town, and the number if it begins in kanji (一丁目).

    1. Variant characters, and hiragana and small kana, become one; ケ, ガ, カ and 箇 between kanji
       ケ, 之 ノ.
    2. Prefecture, county and city are taken off; the county goes.
    3. 大字, 小字 and 字 go: they only say what kind of section the next name is.
    4. Kanji numbers before 丁目, 番, 号, 条 and the like become Arabic.
    """
    text = fold_kana(variants.fold(_SPACE_IN_TOWN.sub("", head)))
    text = fold_no(fold_ga(text))
    prefecture, city, text = take_place(text)
    text = _SECTION.sub("", text)
    town, begun = _parted(_arabic(_KANJI_DASH.sub("-", text)))
    return prefecture, city, _LOOSE_END.sub("", town.replace(" ", "")), begun


def read_tail(tail: str, variants: Variants = CURATED) -> tuple[str, str, bool]:
    """Return the numbers joined by `-`, the building's key, and whether a lot is numbered.

    丁目, 番地, 番, 号, の, dashes and spaces between numbers are one and the same. A number that
    follows the house's own is a room; so is one of three digits after two others.
    """
    numbers: list[str] = []
    tail = _UNIT_APART.sub("", _arabic(tail))
    position, unit, joint, chome = 0, "", "", 0
    while found := _NUMBER.match(tail, position):
        number = found[1]
        if numbers and _is_room(numbers, int(number), unit, joint, found[2], chome=chome):
            break
        numbers.append(str(int(number)))
        unit = found[2] or ""
        chome += unit.startswith("丁")
        position = found.end()
        gap = _JOINT.match(tail, position)
        joint = gap.group() if gap else ""
        if not _NUMBER.match(tail, position + len(joint)):
            break
        position += len(joint)
    return "-".join(numbers), building_key(tail[position:], variants), len(numbers) > chome


def _arabic(text: str) -> str:
    arabic = _NUMERALS.sub(lambda one: to_arabic(one.group()), text)
    return _BRANCH.sub(lambda one: to_arabic(one.group()), arabic)


def _is_room(
    numbers: list[str], number: int, unit: str, joint: str, own_unit: str | None, *, chome: int
) -> bool:
    if len(numbers) >= _MOST_NUMBERS:
        return True
    if unit == "号":
        return number >= _ROOM or not joint.strip()
    if number < _ROOM or own_unit not in (None, "号"):
        return False
    if len(numbers) < 2 or own_unit:
        return len(numbers) > 2
    # 1丁目23-101 is a house in a chome; without the word, 431-12-309 is a room on a lot.
    return len(numbers) > 2 or not chome


def _parted(text: str) -> tuple[str, str]:
    found = _HEAD.match(text)
    return (found[1], found[2]) if found else (text, "")


def read_area(address: str, variants: Variants = CURATED) -> tuple[str, str]:
    """Return (town, block) of an address, such as ("中央1丁目", "3"); empty where it tells none.

    The first number is a chome where it is called one, and where it stands before two others
    (中央1-3-5). A town that staff write (中央一丁目) is read alike.
    """
    head, tail = _parted(tidy(address))
    _prefecture, _city, town, begun = read_head(head, variants)
    joined, _building, _has_lot = read_tail(begun + tail, variants)
    numbers = joined.split("-") if joined else []
    first = _NUMBER.match(_arabic(_UNIT_APART.sub("", begun + tail)))
    is_chome = first is not None and (first[2] or "").startswith("丁")
    if numbers and town and (is_chome or len(numbers) > _LOT_NUMBERS):
        town, numbers = f"{town}{numbers[0]}丁目", numbers[1:]
    return town, numbers[0] if town and numbers else ""
