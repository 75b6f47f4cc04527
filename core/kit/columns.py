"""Brings the columns of a file into one form, a million cells at a time.

What is asked of a cell is asked once of each way it is written.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from core.kit.tables import ROW, Table
from core.rosters.rows import Problem, Reason

REFUSED = {
    "file": pl.String(),
    ROW: pl.UInt32(),
    "position": pl.UInt32(),
    "title": pl.String(),
    "reason": pl.String(),
    "message": pl.String(),
}
"""The columns of refused rows: never what is in a cell."""

Places = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """What is read of a file of `count` rows: `rows`, each with an id, and rows `refused`."""

    rows: pl.DataFrame
    refused: pl.DataFrame
    count: int


class Reading:
    """Reads columns of one file, and keeps which rows cannot be taken, and why.

    Columns are told by their places from 0: none where the file lacks it, several where its text
    is spread over them.
    """

    def __init__(self, file: str, table: Table) -> None:
        self._file = file
        self._table = table
        self._refused = [pl.DataFrame(schema=REFUSED)]
        if table.problems:
            self._refused.append(_as_frame(file, table.problems))

    def written(self, places: Places) -> pl.Series:
        """Return cells letter by letter."""
        rows = self._table.rows
        if not places:
            return pl.repeat("", rows.height, dtype=pl.String(), eager=True)
        return rows[str(places[0])]

    def cells(self, places: Places) -> pl.Series:
        """Return cells without spaces around them, those of several columns as one text."""
        rows = self._table.rows
        if not places:
            return self.written(places)
        stripped = [pl.col(str(index)).str.strip_chars() for index in places]
        if len(stripped) > 1:
            filled = [pl.when(one != "").then(one) for one in stripped]
            stripped = [pl.concat_str(filled, separator="　", ignore_nulls=True)]
        return rows.select(stripped[0].alias("cell")).to_series()

    def check_text(self, cells: pl.Series, places: Places, *, most: int, least: int = 1) -> None:
        """Refuse cells that are empty or too long."""
        if not places:
            return
        lengths = cells.str.strip_chars().str.len_chars()
        self.refuse(lengths < least, places, Reason.VALUE_MISSING, "must not be empty")
        wrong = f"must not be longer than {most} characters"
        self.refuse(lengths > most, places, Reason.VALUE_TOO_LONG, wrong)

    def id(self, places: Places, *, most: int) -> pl.Series:
        """Return ids: none may be there twice, or which of the rows is meant."""
        ids = self.cells(places)
        self.check_text(ids, places, most=most)
        wrong = "repeats the id of another row: keep one of them"
        repeated = ids.is_duplicated() & (ids != "")
        self.refuse(repeated, places, Reason.REFERENCE_DUPLICATE, wrong)
        return ids

    def values(
        self,
        places: Places,
        read: Callable[[str], str],
        reason: str,
        wrong: str,
    ) -> pl.Series:
        """Return what `read` makes of the cells; it raises `ValueError` for what it cannot read.

        An empty cell says nothing, and that can be read.
        """
        cells = self.cells(places)
        known = {"": ""}
        for cell in cells.unique():
            try:
                known.setdefault(cell, read(cell))
            except ValueError:
                continue
        values = cells.replace_strict(known, default=None, return_dtype=pl.String())
        self.refuse(values.is_null(), places, reason, wrong)
        return values.fill_null("")

    def refuse(self, which: pl.Series, places: Places, reason: str, wrong: str) -> None:
        """Leave rows out, for what is in a column."""
        if not which.any():
            return
        index = places[0]
        title = self._table.header[index]
        self._refused.append(
            self._table.rows.filter(which).select(
                pl.lit(self._file).alias("file"),
                ROW,
                pl.lit(index + 1, pl.UInt32()).alias("position"),
                pl.lit(title).alias("title"),
                pl.lit(str(reason)).alias("reason"),
                pl.format(
                    "row {}, column {} ({}) {}",
                    ROW,
                    pl.lit(index + 1),
                    pl.lit(title),
                    pl.lit(wrong),
                ).alias("message"),
            )
        )

    def side(self, columns: dict[str, pl.Series]) -> Side:
        """Return the rows that nothing is wrong with, and the others."""
        refused = pl.concat(self._refused).sort(ROW, "position", "reason")
        rows = pl.DataFrame({ROW: self._table.rows[ROW], **columns})
        if not refused.is_empty():
            rows = rows.filter(~pl.col(ROW).is_in(refused[ROW].unique().implode()))
        return Side(rows, refused, self._table.count)


def _as_frame(file: str, problems: list[Problem]) -> pl.DataFrame:
    found = [
        (file, one.row, one.position, one.title, str(one.reason), one.message) for one in problems
    ]
    return pl.DataFrame(found, schema=REFUSED, orient="row")
