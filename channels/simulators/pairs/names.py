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

MALE, FEMALE = "1", "2"


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
    return _urn((kanji, kana, weight) for kanji, kana, weight in _table("surnames.tsv"))


@cache
def _given_names() -> tuple[list[int], dict[tuple[int, str], Urn]]:
    """Return the years before which each cohort was born, and the names of cohort and sex."""
    rows: dict[tuple[int, str], list[tuple[str, str, str]]] = {}
    for until, sex, kanji, kana, weight in _table("given_names.tsv"):
        rows.setdefault((int(until), sex), []).append((kanji, kana, weight))
    urns = {key: _urn(of_key) for key, of_key in rows.items()}
    return sorted({until for until, _ in urns}), urns


def _urn(rows: Iterable[tuple[str, str, str]]) -> Urn:
    found = list(rows)
    words = [word(kanji, kana) for kanji, kana, _ in found]
    return Urn(words, list(accumulate(int(weight) for *_, weight in found)))


def _table(name: str) -> Iterable[list[str]]:
    text = (files("channels.simulators.pairs") / name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines())
