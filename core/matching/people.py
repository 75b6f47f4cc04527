"""The two sides of matching, and the keys by which they are compared."""

import unicodedata
from dataclasses import dataclass
from functools import cached_property

from core.normalise import address_key, name_key, similar_key

# What systems put where they lack a character: two of them say nothing about each other.
_PLACEHOLDERS = frozenset("〓□■●○?*")
_PRIVATE_USE = "Co"


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A resident, letter by letter as verified.

    `birth_date` is ISO 8601, or empty where a part of it is unknown; `sex` is "1", "2" or "9".
    A part of it that is unknown may be noughts ("1950-00-00"). The flags are empty, or one 0 or 1
    a character; 1 marks one that the card puts in the place of the register's.
    Nobody who is `suppressed` is linked without a person.
    """

    id: str
    name: str
    birth_date: str
    sex: str
    address: str
    name_flags: str = ""
    address_flags: str = ""
    suppressed: bool = False

    @cached_property
    def keys(self) -> "Keys":
        return Keys.of(self.name, self.address)

    @property
    def has_substitutes(self) -> bool:
        return "1" in self.name_flags + self.address_flags

    @property
    def is_plain(self) -> bool:
        """Whether the letters of the card are the register's own."""
        return not self.has_substitutes and not self.keys.has_placeholder


@dataclass(frozen=True, kw_only=True)
class Entitled:
    """A row of a roster. `birth_date` is ISO 8601; `sex` is "1", "2", "9", or empty if not told."""

    id: str
    name: str
    birth_date: str
    sex: str
    address: str

    @cached_property
    def keys(self) -> "Keys":
        return Keys.of(self.name, self.address)


@dataclass(frozen=True, slots=True)
class Keys:
    """The forms in which two spellings of one name or address are equal."""

    name: str
    similar: str
    address: str
    has_placeholder: bool

    @classmethod
    def of(cls, name: str, address: str) -> "Keys":
        names, addresses = name_key(name), address_key(address)
        return cls(names, similar_key(name), addresses, _has_placeholder(names + addresses))


def _has_placeholder(text: str) -> bool:
    # A character of one's own (外字) is another one on the next machine.
    return any(c in _PLACEHOLDERS or unicodedata.category(c) == _PRIVATE_USE for c in text)
