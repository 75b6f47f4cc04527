"""An ordinary population: households of whom some registered, some are on the roster."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from channels.simulators.pairs.corruptions import Corrupter
from channels.simulators.pairs.people import Households, Person
from channels.simulators.pairs.places import Homes, Municipality
from channels.simulators.pairs.subjects import Group, Subject, card_of, row_of


@dataclass(frozen=True, slots=True)
class Shares:
    """Which part of the people registered, and which is on the roster, each by chance."""

    registered: float = 0.6
    on_roster: float = 0.7


class Population:
    """People of a municipality without end, household by household."""

    def __init__(self, random: Random, place: Municipality, shares: Shares) -> None:
        self._random = random
        self._place = place
        self._shares = shares
        self._households = Households(random, Homes(random, place.towns))
        self._corrupter = Corrupter(random, place)

    def groups(self) -> Iterator[Group]:
        while True:
            people = self._households.draw()
            yield Group([self._subject(person) for person in people])

    def _subject(self, person: Person) -> Subject:
        place, shares = self._place, self._shares
        subject = Subject(person, [card_of(place, person)], [row_of(place, person)])
        self._corrupter.corrupt(subject)
        if self._random.random() >= shares.registered:
            subject.cards.clear()
        if self._random.random() >= shares.on_roster:
            subject.rows.clear()
        return subject
