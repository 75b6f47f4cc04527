"""The two sides of matching, one person at a time."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Registration:
    """A resident, letter by letter as verified.

    `birth_date` is ISO 8601, or empty where it is unknown; a part of it that is unknown is noughts
    ("1950-00-00"). `sex` is "1", "2" or "9". The flags are empty, or one 0 or 1 a character; 1
    marks one that the card puts in the place of the register's. Nobody who is `suppressed` is
    linked without a person.
    """

    id: str
    name: str
    birth_date: str
    sex: str
    address: str
    name_flags: str = ""
    address_flags: str = ""
    suppressed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Entitled:
    """A row of a roster. `birth_date` is as above; `sex` is "1", "2", "9", or empty if not told."""

    id: str
    name: str
    birth_date: str
    sex: str
    address: str
    kana: str = ""
