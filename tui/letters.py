"""Two writings of one thing, character by character: which stands against which, and what each is.

A character is taken together with what belongs to it, such as the selector of a variant.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from rich.cells import cell_len

from tui.formats import NOT_SHOWN, plain

SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""Variation selectors: they take no cell of their own and choose a shape of what is before them."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A character as written; `stands_in` where the card has another that could not be kept."""

    text: str
    stands_in: bool = False

    @property
    def drawn(self) -> str:
        """What a terminal draws: selectors are left out, so that cells stay under one another."""
        shown = plain("".join(c for c in self.text if not _selects(c)))
        return shown if cell_len(shown) else NOT_SHOWN

    @property
    def points(self) -> str:
        """The code points, by which look-alikes are told apart."""
        return " ".join(f"U+{ord(c):04X}" for c in self.text)


@dataclass(frozen=True, slots=True)
class Pair:
    """What stands at one place of both writings; None where one has nothing there."""

    ours: Letter | None
    theirs: Letter | None

    @property
    def same(self) -> bool:
        return (
            self.ours is not None
            and self.theirs is not None
            and (self.ours.text == self.theirs.text)
        )

    @property
    def stands_in(self) -> bool:
        return any(letter is not None and letter.stands_in for letter in (self.ours, self.theirs))

    @property
    def cells(self) -> int:
        return max(cell_len(letter.drawn) for letter in (self.ours, self.theirs) if letter)


def letters(text: str, flags: str = "") -> list[Letter]:
    """Part a text into characters; `flags` has a 1 for each that stands in for another."""
    found: list[Letter] = []
    for character, flag in zip(text, flags.ljust(len(text), "0"), strict=False):
        belongs = _selects(character) or unicodedata.combining(character)
        if found and belongs:
            before = found.pop()
            found.append(Letter(before.text + character, before.stands_in or flag == "1"))
        else:
            found.append(Letter(character, flag == "1"))
    return found


def pairs(ours: Sequence[Letter], theirs: Sequence[Letter]) -> list[Pair]:
    """Put two writings beside one another, so that as much as can be agrees."""
    steps = SequenceMatcher(
        a=[letter.text for letter in ours], b=[letter.text for letter in theirs], autojunk=False
    ).get_opcodes()
    return [
        Pair(one, other)
        for _, our_start, our_end, their_start, their_end in steps
        for one, other in zip_longest(ours[our_start:our_end], theirs[their_start:their_end])
    ]


def _selects(character: str) -> bool:
    return any(ord(character) in selectors for selectors in SELECTORS)
