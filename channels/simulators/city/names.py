"""Japanese names with their kana: surnames by frequency, given names by birth year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from random import Random


@dataclass(frozen=True, slots=True)
class Word:
    """A name and its reading in full-width katakana."""

    kanji: str
    kana: str


def draw_surname(random: Random) -> Word:
    words, weights = _surnames()
    return random.choices(words, weights)[0]


def draw_given_name(random: Random, sex: str, born: date) -> Word:
    """Draw a name that was usual for this sex (`1` male, `2` female) when the person was born."""
    names = _given_names()
    until = min(year for year, of_sex in names if of_sex == sex and year > born.year)
    return random.choice(names[until, sex])


@cache
def _surnames() -> tuple[list[Word], list[int]]:
    rows = [(Word(kanji, kana), int(weight)) for kanji, kana, weight in _table("surnames.tsv")]
    return [word for word, _ in rows], [weight for _, weight in rows]


@cache
def _given_names() -> dict[tuple[int, str], list[Word]]:
    """Words by the year before which their bearers were born, and sex."""
    names: dict[tuple[int, str], list[Word]] = {}
    for until, sex, kanji, kana in _table("given_names.tsv"):
        names.setdefault((int(until), sex), []).append(Word(kanji, kana))
    return names


def _table(name: str) -> Iterable[list[str]]:
    text = (files("channels.simulators.city") / name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines())
