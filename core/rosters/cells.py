"""Checks the cells of one row of a roster before anything in them is understood."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from core.my_number import contains_my_number
from core.rosters.columns import my_number_found
from core.rosters.rows import Problem, Reason
from core.rosters.text import Encoding, Undecodable, decoded
from core.rosters.values import plain

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LOST = "\ufffd"
_MY_NUMBER_DIGITS = 12


class Sheet(Protocol):
    """What must be known of a file to read a row of it."""

    @property
    def encoding(self) -> Encoding: ...

    @property
    def header(self) -> Sequence[str]: ...


def text_of(
    table: Sheet, row: int, raw: list[str], own_numbers: Collection[int] = ()
) -> tuple[list[str], list[Problem]]:
    """Return the text of a row's cells, and what is wrong with it; then the text is not to be used.

    Raises `MyNumberInRoster` for a My Number in any cell, known column or not, but for those that
    hold the municipality's own numbers: twelve digits there are judged by the whole column.
    """
    problems: list[Problem] = []
    try:
        # At once, which is several times faster, where no cell has a line end of its own.
        whole = decoded("\n".join(raw), table.encoding)
        cells = whole.split("\n")
    except Undecodable:
        cells = []
    if len(cells) != len(raw):
        cells = _one_by_one(table, row, raw, problems)
        whole = "\n".join(cells)
    if contains_my_number(whole):
        for index, cell in enumerate(cells):
            if contains_my_number(cell) and not (index in own_numbers and is_twelve(cell)):
                raise my_number_found(table.header, row, index)
    if is_strange(whole):
        problems += _strange(table, row, cells)
    if len(cells) != len(table.header):
        problems.append(_miscounted(row, len(table.header), len(cells)))
    return cells, problems


def _one_by_one(table: Sheet, row: int, raw: list[str], problems: list[Problem]) -> list[str]:
    cells: list[str] = []
    for index, cell in enumerate(raw):
        try:
            cells.append(decoded(cell, table.encoding))
        except Undecodable:
            cells.append("")
            wrong = f"holds bytes that are not {table.encoding.value}"
            problems.append(problem(table, row, index, Reason.BYTES_UNDECODABLE, wrong))
    return cells


def is_strange(text: str) -> bool:
    """Whether a control character, or the mark of a lost one, is in a text."""
    return bool(_CONTROL.search(text)) or _LOST in text


def is_twelve(cell: str) -> bool:
    """Whether a cell holds twelve digits and nothing else."""
    digits = plain(cell)
    return len(digits) == _MY_NUMBER_DIGITS and digits.isdecimal()


def problem(table: Sheet, row: int, index: int, reason: Reason, wrong: str) -> Problem:
    """Return what is wrong with the cell at `index`, from 0, in a row numbered from 1."""
    title = table.header[index] if index < len(table.header) else ""
    return Problem(
        row=row,
        position=index + 1,
        title=title,
        reason=reason,
        message=f"row {row}, column {index + 1} ({title}) {wrong}",
    )


def _strange(table: Sheet, row: int, cells: list[str]) -> Iterator[Problem]:
    for index, cell in enumerate(cells):
        if _CONTROL.search(cell):
            wrong = "holds a control character: write the cell anew"
            yield problem(table, row, index, Reason.CONTROL_CHARACTER, wrong)
        if _LOST in cell:
            wrong = "holds the mark of a character lost in a conversion (U+FFFD): export it anew"
            yield problem(table, row, index, Reason.CHARACTER_LOST, wrong)


def _miscounted(row: int, expected: int, found: int) -> Problem:
    return Problem(
        row=row,
        position=0,
        title="",
        reason=Reason.CELL_COUNT_WRONG,
        message=f"row {row} must have {expected} cells and has {found}: "
        "put cells that hold a separator in quotes",
        metadata={"expected": str(expected), "found": str(found)},
    )
