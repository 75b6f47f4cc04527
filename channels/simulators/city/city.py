"""The city as a whole, from a seed: the same seed gives the same people, roster and phones."""

import re
from dataclasses import dataclass
from datetime import date
from random import Random

from channels.simulators.card import default_auth_pin
from channels.simulators.city import differences as parting
from channels.simulators.city import places
from channels.simulators.city.chance import source
from channels.simulators.city.differences import EXPECTED, Difference, Expected
from channels.simulators.city.entitlements import draw_row
from channels.simulators.city.people import Household, Person, Register
from channels.simulators.city.roster import Row, encode

# The day that ages are counted on; part of what makes a seed's city always the same.
DAY = date(2026, 4, 1)
# A holder of a signature certificate is fifteen or older.
YOUNGEST_BIRTH_YEAR = DAY.year - 16


@dataclass(frozen=True, slots=True)
class Registrant:
    """A person with a phone and a card, and what matching must make of them."""

    person: Person
    household: Household
    difference: Difference
    line_user_id: str
    card_id: str
    pin: str

    @property
    def expected(self) -> Expected:
        return EXPECTED[self.difference]

    @property
    def auth_pin(self) -> str:
        return default_auth_pin(self.card_id)

    @property
    def address(self) -> str:
        """The address as a card has it, from the prefecture on."""
        return places.PREFECTURE + self.household.home.registered()


class City:
    """A synthetic city.

    `households` are entitled and on the roster, in its order; `others` are not; `registrants`
    come from both.
    """

    def __init__(self, seed: int, *, households: int = 1000, registered: int = 300) -> None:
        """Draw everything; `ValueError` unless there are households enough to register from."""
        if not 0 <= registered <= households:
            raise ValueError(f"{registered} cannot register from {households} households")
        self.seed = seed
        register = Register(source(seed, "register"), DAY)
        self.households = [register.draw_household() for _ in range(households)]
        self.others = self._draw_others(register, registered)
        self.registrants = self._draw_registrants(source(seed, "phones"), registered)
        self.rows = self._draw_rows(source(seed, "roster"))

    def roster(self) -> bytes:
        return encode(self.rows)

    def _draw_others(self, register: Register, registered: int) -> list[Household]:
        """Draw households beside the roster's whose head shares no birth date with it.

        Otherwise a head of one might look like a doubtful match for the other.
        """
        births = {household.head.birth_date for household in self.households}
        others: list[Household] = []
        while len(others) < parting.count(Difference.NOT_ENTITLED, registered):
            household = register.draw_household()
            if household.head.birth_date not in births:
                others.append(household)
        return others

    def _draw_registrants(self, random: Random, registered: int) -> list[Registrant]:
        births = {household.head.birth_date for household in self.households}
        drawn = random.sample(self.households, registered)
        members = [
            (household, member)
            for household in drawn
            for member in household.members[1:2]
            if member.birth_date not in births and member.birth_date.year <= YOUNGEST_BIRTH_YEAR
        ][: parting.count(Difference.HOUSEHOLD_MEMBER, registered)]
        # The head of such a household has no phone here.
        without_head = {household.number for household, _ in members}
        heads = [each for each in drawn if each.number not in without_head]
        heads = heads[: registered - len(members) - len(self.others)]
        differences = parting.assign(random, heads, registered)
        people = [(each.head, each, differences[each.number]) for each in heads]
        people += [(member, each, Difference.HOUSEHOLD_MEMBER) for each, member in members]
        people += [(each.head, each, Difference.NOT_ENTITLED) for each in self.others]
        random.shuffle(people)
        return [
            Registrant(
                person,
                household,
                difference,
                _line_user_id(random),
                f"card-{number:05}",
                _pin(random),
            )
            for number, (person, household, difference) in enumerate(people, 1)
        ]

    def _draw_rows(self, random: Random) -> list[Row]:
        differences = {
            each.household.number: each.difference
            for each in self.registrants
            if each.person == each.household.head
        }
        return [draw_row(random, each, differences.get(each.number)) for each in self.households]


def _line_user_id(random: Random) -> str:
    while True:
        number = f"{random.getrandbits(128):032x}"
        # A run of twelve digits could pass for a My Number.
        if not re.search(r"[0-9]{12}", number):
            return f"U{number}"


def _pin(random: Random) -> str:
    letters = "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=3))
    return f"{letters}{random.randint(0, 99999):05}"
