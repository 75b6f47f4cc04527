"""Codes that are printed for people: drawn at random, checked by their last character.

Twelve characters of 31 that are not read as one another. As 31 is a prime, and each place weighs
differently, a wrong character and two that changed places never check out.
"""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, O, 1, I and L."""

LENGTH, PART = 12, 4
"""With the character that checks the others; what is printed between two hyphens."""


class Mistyped(ValueError):  # noqa: N818 - named for the event, as refusals are
    """No code is written so."""


def draw() -> str:
    """Return a new code as it is kept in mind: without hyphens."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return drawn + _checking(drawn)


def draw_many(number: int) -> list[str]:
    """Return so many codes, each another."""
    drawn: dict[str, None] = {}
    while len(drawn) < number:
        drawn[draw()] = None
    return list(drawn)


def read(typed: str) -> str:
    """Return a code that somebody typed, in any width and case. Raises Mistyped."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(one for one in folded if one.isalnum())
    if len(code) != LENGTH or not set(code) <= set(ALPHABET) or _checking(code[:-1]) != code[-1]:
        raise Mistyped("no code is written so: look at it again")
    return code


def printed(code: str) -> str:
    """Return a code as it is printed: ABCD-EFGH-JKLM."""
    return "-".join(code[at : at + PART] for at in range(0, LENGTH, PART))


def _checking(drawn: str) -> str:
    total = sum(place * ALPHABET.index(one) for place, one in enumerate(drawn, 1))
    return ALPHABET[total % len(ALPHABET)]
