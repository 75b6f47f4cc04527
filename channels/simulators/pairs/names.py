"""Names with their kana, weighted by how usual they are, and as a card can hold them."""

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random

from channels.simulators.card.holder import substitute
from channels.simulators.city.banks import FULL_SIZE, half_width
from channels.simulators.pairs.composed import composed, parts

MALE, FEMALE = "1", "2"

_PEOPLE = 100_000
# How slowly parts of names become less usual: the first and the last ones.
_SURNAME_STEPS, _GIVEN_STEPS = (30, 12), (12, 8)
# Weights are whole numbers, so that every machine draws the same.
_FINE = 1_000


@dataclass(frozen=True, slots=True)
class Word:
    """A name, its reading, and what a certificate makes of it.

    `text` is the register's; `held` and `flags` are the card's; `kana` is half width.
    """

    text: str
    kana: str
    held: str
    flags: str

    @property
    def large_kana(self) -> str:
        """The reading without small kana, as banks and old systems write it."""
        return self.kana.translate(_HALF_FULL_SIZE)


_HALF_FULL_SIZE = str.maketrans(
    {half_width(chr(small)): half_width(chr(large)) for small, large in FULL_SIZE.items()}
)


def word(text: str, kana: str) -> Word:
    return Word(text, half_width(kana), *substitute(text))


@dataclass(frozen=True, slots=True)
class Urn:
    """Words to draw from, with the running sums of their weights."""

    words: list[Word]
    sums: list[int]

    def draw(self, random: Random) -> Word:
        return self.words[bisect(self.sums, random.random() * self.sums[-1])]


def draw_surname(random: Random) -> Word:
    return _surnames().draw(random)


def draw_given_name(random: Random, sex: str, year: int) -> Word:
    """Draw a name that was usual for this sex when the person was born."""
    cohorts, urns = _given_names()
    return urns[cohorts[bisect(cohorts, year)], sex].draw(random)


@cache
def _surnames() -> Urn:
    """Return the usual ones, by how many of 100,000 people have them, and the long tail."""
    known = [(kanji, kana, int(weight)) for kanji, kana, weight in _table("surnames.tsv")]
    firsts, lasts = (parts(of_place) for _, of_place in _table("surname_parts.tsv"))
    rest = composed(firsts, lasts, {kanji for kanji, *_ in known}, steps=_SURNAME_STEPS)
    left = _PEOPLE - sum(weight for *_, weight in known)
    return _urn([*known, *((kanji, kana, share * left) for kanji, kana, share in rest)])


@cache
def _given_names() -> tuple[list[int], dict[tuple[int, str], Urn]]:
    """Return the years before which each cohort was born, and the names of cohort and sex."""
    known: dict[tuple[int, str], list[tuple[str, str, int]]] = {}
    for until, sex, kanji, kana, weight in _table("given_names.tsv"):
        known.setdefault((int(until), sex), []).append((kanji, kana, int(weight)))
    urns = {}
    for until, sex, share, firsts, lasts in _table("given_parts.tsv"):
        usual = known[int(until), sex]
        # So many of a hundred people have one of the usual names, the others one of two parts.
        left = sum(weight for *_, weight in usual) * (100 / int(share) - 1)
        rest = composed(
            parts(firsts), parts(lasts), {kanji for kanji, *_ in usual}, steps=_GIVEN_STEPS
        )
        urns[int(until), sex] = _urn(
            [*usual, *((kanji, kana, share * left) for kanji, kana, share in rest)]
        )
    return sorted({until for until, _ in urns}), urns


def _urn(rows: Iterable[tuple[str, str, float]]) -> Urn:
    found = list(rows)
    words = [word(kanji, kana) for kanji, kana, _ in found]
    return Urn(words, list(accumulate(round(weight * _FINE) for *_, weight in found)))


def _table(name: str) -> Iterable[list[str]]:
    text = (files("channels.simulators.pairs") / name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines())
