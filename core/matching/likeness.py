"""Compares two names whose keys alone do not decide: with substitutes, or with a part missing."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum

from core.normalise import Variants, read_name
from core.normalise.characters import fits_card, fold_kana, is_placeholder, seen


class Likeness(IntEnum):
    """How two names resemble each other; the higher, the more."""

    NONE = 0
    PART = 1
    """One has all of the other, and more: a middle name, or a given name at all."""
    WILD = 2
    """They agree where both are known."""
    SURE = 3
    """They agree, and where a character was substituted, it cannot be another name."""
    EQUAL = 4


@dataclass(frozen=True, slots=True)
class _Letter:
    key: str
    raw: str
    flagged: bool

    @property
    def is_placeholder(self) -> bool:
        return is_placeholder(self.raw)


@dataclass(frozen=True, slots=True)
class _Letters:
    """A name character by character, and how many of them are the family name (0: not told)."""

    letters: list[_Letter]
    family: int


_MOST_OF_A_FAMILY_NAME = 3


def likeness(name: str, flags: str, other: str, *, variants: Variants) -> Likeness:
    """Compare a card's name, with its flags, with a roster's."""
    mine, theirs = read_name(name, variants), read_name(other, variants)
    equal = bool(set(mine.keys) & set(theirs.keys) - {""})
    if _is_latin(mine.key) and _is_latin(theirs.key):
        by_alias = equal and mine.key != theirs.key
        if by_alias or _same_words(_words(name), _words(other)):
            return Likeness.EQUAL
        return _of_words(mine.key.split(), theirs.key.split())
    if "1" in flags and len(flags) != len(name):
        # Nobody knows which characters are meant.
        return Likeness.WILD if equal else Likeness.NONE
    if equal and mine.key != theirs.key and "1" not in flags:
        return Likeness.EQUAL
    like = _of_letters(_letters(name, flags, variants), _letters(other, "", variants), variants)
    return max(like, Likeness.WILD) if equal else like


def _is_latin(key: str) -> bool:
    return bool(re.fullmatch("[A-Z ]*", key))


def _words(name: str) -> list[str]:
    """Return the words of a Latin name in their order, without what is told beside it."""
    main = re.split("[(\\[]", unicodedata.normalize("NFKD", name).upper())[0]
    letters = re.sub("[^A-Z\\s,\\-]", "", main)
    return re.findall("[A-Z]+", letters)


def _same_words(mine: list[str], theirs: list[str]) -> bool:
    """Whether they differ in spaces only, or in where the family name stands: first or last.

    Given and middle names that change places are another person: twins may be named so.
    """
    if "".join(mine) == "".join(theirs):
        return True
    return mine in ([*theirs[1:], *theirs[:1]], [*theirs[-1:], *theirs[:-1]])


def _of_words(mine: list[str], theirs: list[str]) -> Likeness:
    if not mine or not theirs:
        return Likeness.PART
    common = (Counter(mine) & Counter(theirs)).total()
    if common == min(len(mine), len(theirs)):
        return Likeness.PART
    # The same letters in other words: DELA CRUZ, DE LA CRUZ.
    same = sorted("".join(mine)) == sorted("".join(theirs))
    return Likeness.PART if same else Likeness.NONE


def _of_letters(mine: _Letters, theirs: _Letters, variants: Variants) -> Likeness:
    if len(mine.letters) != len(theirs.letters):
        return _of_lengths(mine, theirs, variants)
    found = [
        _of_letter(one, other, variants)
        for one, other in zip(mine.letters, theirs.letters, strict=True)
    ]
    if not found or None in found:
        return Likeness.NONE
    family = mine.family or theirs.family or 1
    # A character of the given name may be all that tells a twin from the other.
    given = zip(mine.letters[family:], theirs.letters[family:], found[family:], strict=True)
    unsure = Likeness.WILD in found or any(
        like is Likeness.SURE or (one.flagged and fits_card(other.raw))
        for one, other, like in given
    )
    known = found.count(Likeness.EQUAL)
    if known == len(found) and not unsure:
        return Likeness.EQUAL
    return Likeness.WILD if unsure or known < 2 or len(found) <= family else Likeness.SURE


def _of_letter(one: _Letter, other: _Letter, variants: Variants) -> Likeness | None:
    """Compare two characters: EQUAL, SURE of a substitute, WILD if it may be; None if it is not."""
    if one.is_placeholder or other.is_placeholder:
        if not one.flagged:
            return Likeness.WILD
        agrees = other.is_placeholder or not fits_card(other.raw)
        return Likeness.SURE if agrees else None
    if one.key == other.key:
        # A flag on a character whose every form a card can hold stands for nobody knows which.
        return Likeness.SURE if one.flagged and not _explains(other, variants) else Likeness.EQUAL
    return Likeness.SURE if one.flagged and not fits_card(other.raw) else None


def _explains(letter: _Letter, variants: Variants) -> bool:
    return not fits_card(letter.raw) or variants.is_beyond_cards(letter.key)


def _of_lengths(mine: _Letters, theirs: _Letters, variants: Variants) -> Likeness:
    """Whether one name is the other's family name alone, or none at all."""
    shorter, longer = sorted((mine, theirs), key=lambda one: len(one.letters))
    if shorter.family:
        return Likeness.NONE
    length = len(shorter.letters)
    if length and length != (longer.family or min(length, _MOST_OF_A_FAMILY_NAME)):
        return Likeness.NONE
    pairs = zip(mine.letters, theirs.letters, strict=False)
    agree = all(_of_letter(one, other, variants) is not None for one, other in pairs)
    return Likeness.PART if agree else Likeness.NONE


def _letters(name: str, flags: str, variants: Variants) -> _Letters:
    """Return the name itself, without what is told beside it."""
    letters: list[_Letter] = []
    family = 0
    text, marks = (name, flags) if "1" in flags else (seen(name), "")
    for character, flag in zip(text, marks or "0" * len(text), strict=True):
        shown = seen(character)
        if shown in tuple("([{〔【「『〈《<"):
            break
        if not shown.strip() or shown in ("・", "="):
            family = family or len(letters)
            continue
        key = fold_kana(variants.fold(shown)).upper()
        letters += [_Letter(one, character, flag == "1") for one in key]
    return _Letters(letters, family if family < len(letters) else 0)
