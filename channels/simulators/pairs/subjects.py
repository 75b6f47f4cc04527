"""A person as both sides have them, and what a right matcher makes of the two."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from random import Random

from channels.simulators.city.roster import era_date
from channels.simulators.pairs.addresses import parts, wide
from channels.simulators.pairs.names import MALE
from channels.simulators.pairs.people import Person
from channels.simulators.pairs.places import Municipality


class Label(StrEnum):
    """What is to become of a registration and a row of the roster."""

    MUST_ACCEPT = "must_accept"
    """One person, whose data differ in spelling only: linked without a person."""
    MAY_REVIEW = "may_review"
    """One person, but the data differ in content, or somebody else is near: a person may decide."""
    NEVER = "never"
    """Two people, however alike they look. So is every pair that the truth does not name."""


@dataclass(slots=True)
class Side:
    """What one side has of a person, column by column; `address` is in parts."""

    name: str
    birth: str
    sex: str
    address: list[str]
    name_flags: str = ""
    town_flags: str = ""
    kana: str = ""


@dataclass(slots=True)
class Subject:
    """A person with their cards (registrations) and rows; mostly one each, or one in all."""

    person: Person
    cards: list[Side]
    rows: list[Side]
    label: Label = Label.MUST_ACCEPT
    tags: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """People who are told apart with care; `look_alike` says why, and is empty where none are."""

    subjects: list[Subject]
    look_alike: str = ""


def card_of(place: Municipality, person: Person) -> Side:
    """Write what a registration has, as on the card: full width, from the prefecture on."""
    if person.latin:
        name = wide_latin("　".join(person.latin.parts))
        flags = "0" * len(name)
    else:
        name = f"{person.surname.held}　{person.given.held}"
        flags = f"{person.surname.flags}0{person.given.flags}"
    address = parts(place, person.home)
    born = date.fromordinal(person.born).isoformat()
    return Side(name, born, person.sex, address, name_flags=flags)


def row_of(place: Municipality, person: Person) -> Side:
    """Write what a roster has, as a careful system writes it."""
    if person.latin:
        name, kana = wide_latin("　".join(person.latin.parts)), person.latin.kana
    else:
        name = f"{person.surname.text}　{person.given.text}"
        kana = f"{person.surname.kana} {person.given.kana}"
    born = date.fromordinal(person.born).isoformat()
    sex = "男" if person.sex == MALE else "女"
    return Side(name, born, sex, parts(place, person.home), kana=kana)


def write_birth(random: Random, row: Side, born: int) -> list[str]:
    """Rewrite a row's birth date as systems do; return the class, none for ISO 8601."""
    day = date.fromordinal(born)
    luck = random.random()
    if luck < 0.3:
        return []
    if luck < 0.5:
        row.birth = f"{day:%Y%m%d}"
        return ["birth_compact"]
    if luck < 0.6:
        row.birth = f"{day:%Y/%m/%d}"
        return ["birth_compact"]
    era = era_date(day)
    if luck < 0.8:
        row.birth = era
    elif luck < 0.9:
        row.birth = wide(era)
    else:
        row.birth = short_era(era)
    return ["birth_era"]


def short_era(era: str) -> str:
    """Write S33.4.12 for 昭和33年04月12日."""
    letter = "RHSTM"["令平昭大明".index(era[0])]
    year, rest = era[2:].split("年")
    month, day = rest.rstrip("日").split("月")
    return f"{letter}{1 if year == '元' else int(year)}.{int(month)}.{int(day)}"


_WIDE_LATIN = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def wide_latin(text: str) -> str:
    return text.translate(_WIDE_LATIN)
