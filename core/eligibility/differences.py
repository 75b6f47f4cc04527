"""Says in words where two writings of one person differ, so that a person's reason can be kept.

Only what is a habit of writing can be a rule: a character that cards cannot hold, or another name
for the same place. Characters that tell brothers apart (太一, 大一) are none, whatever staff say.
"""

import unicodedata
from dataclasses import dataclass

from core.normalise import address_key, name_key, similar_key

_FIRST_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Writing:
    """A name and an address as one side writes them."""

    name: str
    address: str


def difference(roster: Writing, card: Writing) -> str:
    """Return such as "name: 髙 for 高" or "address: 総社市井手字北原 for 総社市井手".

    Empty where both name and address differ, or none, and where a rule could not be trusted.
    """
    same_address = address_key(roster.address) == address_key(card.address)
    if similar_key(roster.name) == similar_key(card.name):
        return "" if same_address else _of_addresses(roster.address, card.address)
    return _of_names(roster.name, card.name) if same_address else ""


def _of_names(roster: str, card: str) -> str:
    theirs, mine = name_key(roster), name_key(card)
    if len(theirs) != len(mine):
        return ""
    pairs = {(a, b) for a, b in zip(theirs, mine, strict=True) if a != b}
    if not all(_is_unknown_to_cards(a) for a, _ in pairs):
        return ""
    return "name: " + ", ".join(f"{a} for {b}" for a, b in sorted(pairs))


def _of_addresses(roster: str, card: str) -> str:
    theirs, mine = _parts(address_key(roster)), _parts(address_key(card))
    if theirs[1] != mine[1] or not theirs[1] or not theirs[0] or not mine[0]:
        return ""
    return f"address: {theirs[0]} for {mine[0]}"


def _parts(key: str) -> tuple[str, str]:
    """Return the place's name and what follows from the first number on."""
    at = next((n for n, c in enumerate(key) if c in _FIRST_DIGITS), len(key))
    return key[:at], key[at:]


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
