"""Households and the people in them, as old as a Japanese city outside the big centres is."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from channels.simulators.city.names import Word, draw_given_name, draw_surname
from channels.simulators.city.places import Home, draw_home

MALE, FEMALE = "1", "2"

# Forms of household: weight, age of the head, whether a spouse lives there, ages below the head's
# of the children, and above it of a parent.
ALONE_OLD = (26, (66, 96), 0.0, (), ())
COUPLE_OLD = (26, (64, 90), 1.0, (), ())
OLD_WITH_CHILD = (8, (68, 94), 0.4, (28, 40), ())
COUPLE_WITH_CHILDREN = (18, (30, 58), 1.0, (27, 34), ())
ONE_PARENT = (6, (28, 52), 0.0, (24, 33), ())
ALONE_YOUNG = (11, (20, 60), 0.0, (), ())
THREE_GENERATIONS = (5, (42, 62), 1.0, (27, 34), (23, 30))
FORMS = (
    ALONE_OLD,
    COUPLE_OLD,
    OLD_WITH_CHILD,
    COUPLE_WITH_CHILDREN,
    ONE_PARENT,
    ALONE_YOUNG,
    THREE_GENERATIONS,
)
YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in the resident register; `addressee` is the municipality's number (宛名番号)."""

    addressee: str
    surname: Word
    given: Word
    birth_date: date
    sex: str

    @property
    def name(self) -> str:
        return f"{self.surname.kanji}　{self.given.kanji}"

    @property
    def kana(self) -> str:
        return f"{self.surname.kana}　{self.given.kana}"


@dataclass(frozen=True, slots=True)
class Household:
    """People of one household number (世帯番号); the first is the head (世帯主)."""

    number: str
    home: Home
    members: tuple[Person, ...]

    @property
    def head(self) -> Person:
        return self.members[0]


class Register:
    """A city's people, drawn from one source of chance; `day` is the day their ages are of."""

    def __init__(self, random: Random, day: date) -> None:
        self._random = random
        self._day = day
        self._numbers: set[str] = set()

    def draw_household(self) -> Household:
        form = self._random.choices(FORMS, [form[0] for form in FORMS])[0]
        _, ages, spouse, below, above = form
        surname = draw_surname(self._random)
        age = self._random.randint(*ages)
        married = self._random.random() < spouse
        # Women outlive men; a couple's head is, in the register, mostly the husband.
        sex = MALE if self._random.random() < (0.93 if married else 0.4) else FEMALE
        members = [self._draw_person(surname, sex, age)]
        if married:
            other = FEMALE if sex == MALE else MALE
            members.append(self._draw_person(surname, other, age - self._random.randint(-2, 5)))
        if below:
            oldest = age - self._random.randint(*below)
            children = self._random.choice((1, 1, 2, 2, 3)) if oldest < 20 else 1
            members += [
                self._draw_person(surname, self._any_sex(), child)
                for child in range(oldest, -1, -3)[:children]
            ]
        if above:
            parent = age + self._random.randint(*above)
            members.append(self._draw_person(surname, FEMALE, parent))
        return Household(self._draw_number(), draw_home(self._random), tuple(members))

    def _draw_person(self, surname: Word, sex: str, age: int) -> Person:
        days = self._random.randint(int(age * YEAR) + 1, int((age + 1) * YEAR) - 1)
        born = self._day - timedelta(days=days)
        given = draw_given_name(self._random, sex, born)
        return Person(self._draw_number(), surname, given, born, sex)

    def _any_sex(self) -> str:
        return self._random.choice((MALE, FEMALE))

    def _draw_number(self) -> str:
        """Draw a number of ten digits that no other person or household has."""
        while True:
            number = f"{self._random.randint(1, 99_999_999):010}"
            if number not in self._numbers:
                self._numbers.add(number)
                return number
