"""The sets of labelled data that matching is measured on."""

from dataclasses import dataclass
from pathlib import Path

from channels.simulators.pairs.ordinary import Shares
from channels.simulators.pairs.writing import REGISTRATIONS, ROSTER, TRUTH, Order, write

# Of the people of an ordinary set, this part registered and this part is on the roster.
SHARE = 0.7


@dataclass(frozen=True)
class Set:
    """A folder of two files and their truth; `size` is about the registrations, and the rows."""

    name: str
    folder: Path
    size: int
    stress: bool

    @property
    def registrations(self) -> Path:
        return self.folder / REGISTRATIONS

    @property
    def roster(self) -> Path:
        return self.folder / ROSTER

    @property
    def truth(self) -> Path:
        return self.folder / TRUTH


def ordinary(folder: Path, size: int, seed: int) -> Set:
    """Make as many registrations and as many rows, about half of them of the same people."""
    people = round(size / SHARE)
    made = Set(f"{size:,}", folder / f"ordinary-{size}", size, stress=False)
    write(Order(people, seed, Shares(SHARE, SHARE)), made.folder)
    return made


def stress(folder: Path, people: int, seed: int) -> Set:
    """Make people who are easily taken for one another."""
    made = Set(f"stress {people:,}", folder / f"stress-{people}", people, stress=True)
    write(Order(people, seed, stress=True), made.folder)
    return made
