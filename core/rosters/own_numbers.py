"""Tells a column of My Numbers from one of a city's own numbers that have twelve digits too.

One in ten of such numbers carries a valid check digit by chance, so that no single one says
anything: the column does.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Self

from core.my_number import contains_my_number
from core.rosters.cells import is_twelve
from core.rosters.columns import Column, my_number_found

OWN = (Column.REFERENCE, Column.HOUSEHOLD)
"""Columns of numbers that the municipality gives itself."""

FEW = 100
"""So few numbers of twelve digits that chance alone could make a fourth of them valid."""


class Tally:
    """Counts, by column from 0, the cells of twelve digits and those of them that are valid."""

    def __init__(self) -> None:
        self.found: Counter[int] = Counter()
        self.valid: Counter[int] = Counter()
        self.first: dict[int, int] = {}

    def add(self, place: int, cell: str, row: int) -> None:
        if len(cell) >= 12 and is_twelve(cell):
            self.found[place] += 1
            if contains_my_number(cell):
                self.valid[place] += 1
                self.first.setdefault(place, row)

    def __iadd__(self, other: Self) -> Self:
        self.found += other.found
        self.valid += other.valid
        for place, row in other.first.items():
            self.first.setdefault(place, row)
        return self

    def judge(self, header: Sequence[str]) -> None:
        """Raise `MyNumberInRoster` where a column holds far more valid ones than chance makes.

        Of a hundred or more that is a fourth, which chance would not make in a million columns; of
        fewer it is a half.
        """
        for place, valid in self.valid.items():
            found = self.found[place]
            if valid * (4 if found >= FEW else 2) > found:
                raise my_number_found(header, self.first[place], place)


def refuse_my_number_in(cells: Sequence[str], row: int) -> None:
    """Raise `MyNumberInRoster` where a cell above the header holds one."""
    for place, cell in enumerate(cells):
        if contains_my_number(cell):
            raise my_number_found((), row, place)
