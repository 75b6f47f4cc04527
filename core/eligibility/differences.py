"""Says in words where two writings of one person differ, so that a person's reason can be kept.

Only what is a habit of writing can be a rule: a character that the card had to write otherwise, or
another name for the same place. Characters that tell brothers apart (太一, 大一) are none.
"""

import unicodedata
from dataclasses import dataclass

from core.normalise import name_key, read_address, same_home, similar_key


@dataclass(frozen=True, slots=True)
class Writing:
    """A name and an address as one side writes them.

    `name_flags` are the card's: one 0 or 1 a character, 1 where it had to write another.
    """

    name: str
    address: str
    name_flags: str = ""


def difference(roster: Writing, card: Writing) -> str:
    """Return such as "name: 髙 for 高" or "address: 井手北原 for 井手".

    Empty where both name and address differ, or none, and where a rule could not be trusted.
    """
    same_address = same_home(roster.address, card.address)
    if similar_key(roster.name) == similar_key(card.name):
        return "" if same_address else _of_addresses(roster.address, card.address)
    return _of_names(roster.name, card) if same_address else ""


def _of_names(roster: str, card: Writing) -> str:
    theirs, mine = name_key(roster), name_key(card.name)
    if len(card.name_flags) != len(card.name):
        return ""
    marks = [mark for c, mark in zip(card.name, card.name_flags, strict=True) if not c.isspace()]
    if not len(theirs) == len(mine) == len(marks):
        return ""
    differing = [(a, b, mark) for a, b, mark in zip(theirs, mine, marks, strict=True) if a != b]
    if not all(mark == "1" and _is_unknown_to_cards(a) for a, _, mark in differing):
        return ""
    return "name: " + ", ".join(sorted({f"{a} for {b}" for a, b, _ in differing}))


def _of_addresses(roster: str, card: str) -> str:
    theirs, mine = read_address(roster), read_address(card)
    cities = theirs.city.endswith(mine.city) or mine.city.endswith(theirs.city)
    same_lot = (theirs.number, theirs.building) == (mine.number, mine.building)
    if not cities or not theirs.numbered or not same_lot or not theirs.town or not mine.town:
        return ""
    return f"address: {theirs.town} for {mine.town}"


def _is_unknown_to_cards(character: str) -> bool:
    """Whether a card must write another character: it is in no JIS set, or the system's own.

    A mark that stands for just any character, such as 〓, says nothing and is not meant.
    """
    if unicodedata.category(character) == "Co":
        return True
    if not unicodedata.name(character, "").startswith("CJK"):
        return False
    try:
        character.encode("euc_jp")  # JIS X 0208 and 0212, which cards hold.
    except UnicodeEncodeError:
        return True
    return False
