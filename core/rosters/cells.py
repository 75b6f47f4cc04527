"""Checks the cells of one row of a roster before anything in them is understood."""

import re
from collections.abc import Iterator

from core.my_number import contains_my_number
from core.rosters.columns import my_number_found
from core.rosters.rows import Problem, Reason
from core.rosters.text import Table, Undecodable, decoded

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LOST = "\ufffd"


def text_of(table: Table, row: int, raw: list[str]) -> tuple[list[str], list[Problem]]:
    """Return the text of a row's cells, and what is wrong with it; then the text is not to be used.

    Raises `MyNumberInRoster` for a My Number in any cell, known column or not.
    """
    cells: list[str] = []
    problems: list[Problem] = []
    for index, cell in enumerate(raw):
        try:
            cells.append(decoded(cell, table.encoding))
        except Undecodable:
            cells.append("")
            encoding = table.encoding.value
            reason = Reason.BYTES_UNDECODABLE
            problems.append(
                problem(table, row, index, reason, f"holds bytes that are not {encoding}")
            )
    whole = "\n".join(cells)
    if contains_my_number(whole):
        for index, cell in enumerate(cells):
            if contains_my_number(cell):
                raise my_number_found(table.header, row, index)
    if _CONTROL.search(whole) or _LOST in whole:
        problems += _strange(table, row, cells)
    if len(cells) != len(table.header):
        problems.append(_miscounted(row, len(table.header), len(cells)))
    return cells, problems


def problem(table: Table, row: int, index: int, reason: Reason, wrong: str) -> Problem:
    """Return what is wrong with the cell at `index`, from 0, in a row numbered from 1."""
    title = table.header[index] if index < len(table.header) else ""
    return Problem(
        row=row,
        position=index + 1,
        title=title,
        reason=reason,
        message=f"row {row}, column {index + 1} ({title}) {wrong}",
    )


def _strange(table: Table, row: int, cells: list[str]) -> Iterator[Problem]:
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
