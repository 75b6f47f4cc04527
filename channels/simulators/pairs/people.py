"""Households and the people in them: all ages to 105, families at one home, twins, foreigners."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from channels.simulators.pairs.foreign import Family, LatinName
from channels.simulators.pairs.names import (
    FEMALE,
    MALE,
    Word,
    draw_given_name,
    draw_surname,
)
from channels.simulators.pairs.places import Home, Homes

# The day that ages are counted on; part of what makes a seed's people always the same.
DAY = date(2026, 4, 1)
TODAY = DAY.toordinal()
YEAR = 365.2425
OLDEST = 105

FOREIGN_SHARE, TWIN_SHARE = 0.03, 0.011

# Weight, age of the head, whether a spouse lives there, children, and how much older a parent is.
FORMS = (
    (30, (60, OLDEST), 0.0, 0, 0),
    (22, (62, 95), 1.0, 0, 0),
    (8, (66, 98), 0.4, 1, 0),
    (22, (27, 58), 1.0, 2, 0),
    (6, (24, 55), 0.0, 2, 0),
    (12, (19, 60), 0.0, 0, 0),
    (5, (42, 64), 1.0, 2, 27),
)
_FORMS = [form for form in FORMS for _ in range(form[0])]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in the resident register; `born` is a day's ordinal.

    A foreigner has a `latin` name, and `surname` and `given` are the alias (通称).
    """

    surname: Word
    given: Word
    born: int
    sex: str
    home: Home
    latin: LatinName | None = None
    has_twin: bool = False

    @property
    def birth_date(self) -> date:
        return date.fromordinal(self.born)


class Households:
    """Draws households, each a list of people of one home."""

    def __init__(self, random: Random, homes: Homes) -> None:
        self._random = random
        self._homes = homes

    def draw(self) -> list[Person]:
        random = self._random
        home = self._homes.draw()
        family = Family(random) if random.random() < FOREIGN_SHARE else None
        _, (youngest, oldest), married, children, above = random.choice(_FORMS)
        age = youngest + int(random.random() * (oldest - youngest + 1))
        surname = draw_surname(random)
        drawn = [(self._born(age), MALE if random.random() < 0.6 else FEMALE)]
        if random.random() < married:
            other = FEMALE if drawn[0][1] == MALE else MALE
            drawn.append((self._born(max(18, age - int(random.random() * 7) + 2)), other))
        drawn += self._children(age, children)
        if above:
            drawn.append((self._born(min(OLDEST, age + above)), FEMALE))
        return list(self._named(drawn, surname, home, family))

    def _children(self, age: int, most: int) -> list[tuple[int, str]]:
        random = self._random
        eldest = age - 22 - int(random.random() * 14)
        number = 1 + int(random.random() * most) if most else 0
        ages = [eldest - 3 * n for n in range(number) if eldest >= 3 * n]
        found = [(self._born(of_one), self._sex()) for of_one in ages]
        if found and random.random() < TWIN_SHARE * 2:
            found.append((found[-1][0], self._sex()))
        return found

    def _named(
        self, drawn: list[tuple[int, str]], surname: Word, home: Home, family: Family | None
    ) -> Iterator[Person]:
        """Name people; nobody has a name that someone else of the home has already."""
        births = [born for born, _ in drawn]
        taken: set[str] = set()
        for born, sex in drawn:
            year = date.fromordinal(born).year
            given = draw_given_name(self._random, sex, year)
            while given.kana in taken:
                given = draw_given_name(self._random, sex, year)
            taken.add(given.kana)
            latin = family.draw(self._random, sex) if family else None
            while latin and latin.given in taken:
                latin = family.draw(self._random, sex) if family else None
            taken.add(latin.given if latin else "")
            twin = births.count(born) > 1
            yield Person(surname, given, born, sex, home, latin, twin)

    def _born(self, age: int) -> int:
        return TODAY - int((age + self._random.random()) * YEAR) - 1

    def _sex(self) -> str:
        return MALE if self._random.random() < 0.5 else FEMALE
