"""Made-up populations for the matcher: full of namesakes, twins, and people who moved."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from core.matching import Entitled, Registration
from core.normalise import address_key, similar_key

FAMILY_NAMES = ("山田", "高橋", "渡辺")
GIVEN_NAMES = ("太郎", "次郎", "花子")
BIRTH_DATES = ("1950-01-02", "1950-01-03")
ADDRESSES = ("中央一丁目２番３号", "中央１丁目２番４号", "井手１００番地")
FURTHER_HOMES = ("三須１２番地", "中央二丁目２番３号")
VARIANTS = str.maketrans("高辺", "髙邊")


@dataclass(frozen=True)
class Person:
    """Somebody; no two of a population have a similar name, birth date and address in common."""

    number: int
    name: str
    birth_date: str
    sex: str
    address: str

    @property
    def facts(self) -> tuple[str, str, str]:
        return similar_key(self.name), self.birth_date, address_key(self.address)


def a_registration(person: Person, **changes) -> Registration:
    card = Registration(
        id=f"r{person.number}",
        name=person.name,
        birth_date=person.birth_date,
        sex=person.sex,
        address="岡山県総社市" + person.address,
    )
    return replace(card, **changes)


def an_entitlement(person: Person, **changes) -> Entitled:
    row = Entitled(
        id=f"e{person.number}",
        name=person.name,
        birth_date=person.birth_date,
        sex=person.sex,
        address="総社市" + person.address,
    )
    return replace(row, **changes)


@st.composite
def people(draw) -> list[Person]:
    """Draw people who share almost everything with each other."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from(FAMILY_NAMES),
                st.sampled_from(GIVEN_NAMES),
                st.sampled_from(BIRTH_DATES),
                st.sampled_from("12"),
                st.sampled_from(ADDRESSES),
            ),
            min_size=1,
            max_size=14,
        )
    )
    found: dict[tuple[str, str, str], Person] = {}
    for number, (family, given, born, sex, address) in enumerate(drawn):
        person = Person(number, f"{family}　{given}", born, sex, address)
        found.setdefault(person.facts, person)
    return list(found.values())


@st.composite
def two_sides(draw) -> tuple[list[Registration], list[Entitled]]:
    """Draw who registered and who is on the roster, with what each side may have otherwise.

    An old home on the roster is never one where a namesake of the same day lives now: nobody could
    tell those two apart by what the two sides say.
    """
    population = draw(people())
    taken = {person.facts for person in population}
    registrations, entitled = [], []
    for person in population:
        side = draw(st.sampled_from(("both", "both", "card", "roster")))
        if side != "roster":
            registrations.append(draw(_cards(person)))
        if side != "card":
            written = draw(_rows(person))
            home = written.address.removeprefix("岡山県").removeprefix("総社市")
            moved = replace(person, address=home).facts
            if moved != person.facts and moved in taken:
                written = an_entitlement(person)
            entitled.append(written)
    return registrations, entitled


def _cards(person: Person) -> st.SearchStrategy[Registration]:
    return st.builds(
        lambda born, substituted, suppressed: a_registration(
            person,
            birth_date=person.birth_date if born else "",
            name_flags="1" * len(person.name) if substituted else "",
            suppressed=suppressed,
        ),
        st.sampled_from((True, True, True, False)),
        st.sampled_from((False, False, False, True)),
        st.sampled_from((False, False, False, True)),
    )


def _rows(person: Person) -> st.SearchStrategy[Entitled]:
    return st.builds(
        lambda name, sex, city, address: an_entitlement(
            person, name=name, sex=sex, address=city + address
        ),
        st.sampled_from(
            (
                person.name,
                person.name.replace("　", ""),
                person.name.translate(VARIANTS),
                "加藤　" + person.name[3:],
            )
        ),
        st.sampled_from((person.sex, person.sex, "")),
        st.sampled_from(("総社市", "岡山県総社市")),
        st.sampled_from((person.address, person.address, *ADDRESSES)),
    )


@st.composite
def namesakes(draw) -> list[Person]:
    """Draw people of one name, birth date and sex, who live at homes that are clearly different."""
    homes = draw(
        st.lists(st.sampled_from((*ADDRESSES, *FURTHER_HOMES)), min_size=2, max_size=4, unique=True)
    )
    name = draw(st.sampled_from(("山田　太郎", "高橋　花子")))
    return [Person(n, name, "1950-01-02", "1", home) for n, home in enumerate(homes)]


def whole_row(person: Person, **changes) -> Entitled:
    """Return a row that leaves out no part of the address."""
    return an_entitlement(person, **{"address": "岡山県総社市" + person.address, **changes})
