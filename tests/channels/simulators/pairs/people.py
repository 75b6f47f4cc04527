"""Drawn sets with both sides of each pair together, for tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from channels.simulators.pairs.writing import Order, blocks

# One for each municipality.
SEEDS = range(5)


@dataclass(frozen=True)
class Registered:
    id: str
    name: str
    birth_date: str
    sex: str
    address: str
    at: str
    name_flags: str
    address_flags: str


@dataclass(frozen=True)
class Entitled:
    id: str
    name: str
    kana: str
    birth_date: str
    sex: str
    postcode: str
    address: str
    household: str
    account: str


@dataclass(frozen=True)
class Pair:
    card: Registered
    row: Entitled
    label: str
    classes: frozenset[str]


@cache
def pairs(order: Order) -> tuple[Pair, ...]:
    return tuple(_pairs(order))


def _pairs(order: Order) -> Iterator[Pair]:
    for block in blocks(order):
        cards = {line[0]: Registered(*line) for line in block.registrations}
        rows = {line[0]: Entitled(*line) for line in block.roster}
        for card, row, label, classes in block.truth:
            names = frozenset(classes.split(";")) - {""}
            yield Pair(cards[card], rows[row], label, names)


def ordinary() -> list[Pair]:
    """Draw pairs of every municipality, enough for each class to be there alone."""
    return [pair for seed in SEEDS for pair in pairs(Order(6_000, seed))]


def stressful() -> list[Pair]:
    return [pair for seed in SEEDS for pair in pairs(Order(3_000, seed, stress=True))]
