"""Reads a whole file of rows at once, as text in columns, by the rules of `core.rosters`.

A file without faults, which most are, is taken in by polars. Any other is read row by row as the
core reads a roster, which is slower and tells exactly which row is wrong.
"""

import csv
import io
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from core.my_number import contains_my_number, has_room_for_one
from core.rosters import cells, text
from core.rosters.columns import my_number_found
from core.rosters.rows import Problem
from core.rosters.text import Encoding

ROW = "row"
"""The column with each row's number in the file, from 1, the header."""

_CHUNK = 1 << 22
_ROWS = 50_000
_QUOTED = re.compile(rb'"[^"]*"')
# What must not be in a cell, as `core.rosters.cells` says row by row.
_STRANGE = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\x{FFFD}]"
# Whatever may become digits: all of them at once, or signs such as ① that do so only by NFKC.
_TWELVE_DIGITS = r"\d(?:(?:[^\w\n]|ー|\p{Cf})*\d){11}"
_DIGITS_BY_NFKC = r"[\p{No}\p{Nl}\p{So}]"
# Ids of our own are hexadecimal, and hold twelve digits in a row now and then.
_IDENTIFIER = r"^(?i:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,})$"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file; columns are named by their place, from "0", and hold text.

    `count` is how many rows the file has, those with `problems` too, which `rows` leave out.
    """

    encoding: Encoding
    header: tuple[str, ...]
    rows: pl.DataFrame
    problems: list[Problem]
    count: int


def read(path: Path) -> Table:
    """Read a file of comma or tab separated values in UTF-8 or CP932.

    Raises `EncodingUnknown`, `RosterBroken`, and `MyNumberInRoster` for one in any cell.
    """
    with path.open("rb") as file:
        opened = text.open_table(iter(lambda: file.read(_CHUNK), b""))
        rows = _at_once(path.read_bytes(), opened)
        broken: list[Problem] = []
        if rows is None:
            rows, broken = _one_by_one(opened)
    count = rows.height + len({one.row for one in broken})
    _refuse_my_numbers(rows, opened.header)
    rows, strange = _without_strange(rows, opened)
    return Table(opened.encoding, tuple(opened.header), rows, broken + strange, count)


def numbers_of(width: int) -> list[str]:
    """Name the columns of a table so many cells wide."""
    return [str(index) for index in range(width)]


def _at_once(data: bytes, opened: text.Table) -> pl.DataFrame | None:
    """Return all rows, or None where any of them needs a closer look."""
    if opened.encoding is Encoding.CP932:
        decoded = _utf8_of_cp932(data)
        if decoded is None:
            return None
        data = decoded
    # A line end of its own inside of quotes would be kept as it is written.
    if data.count(b"\r") and data.count(b"\r") != data.count(b"\r\n"):
        return None
    if b'"' in data and b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    width = len(opened.header)
    names = numbers_of(width)
    try:
        rows = pl.read_csv(
            io.BytesIO(data),
            has_header=False,
            separator=opened.delimiter,
            schema=dict.fromkeys(names, pl.String),
            empty_string_is_null=False,
        )
    except PolarsError:
        return None
    # No row is longer than the header; so if one were shorter, the separators would be too few.
    bare = _QUOTED.sub(b"", data) if b'"' in data else data
    separators = bare.count(opened.delimiter.encode())
    if b'"' in bare or separators != (width - 1) * rows.height or width == 1:
        return None
    return rows.slice(1).with_row_index(ROW, offset=2)


def _utf8_of_cp932(data: bytes) -> bytes | None:
    decoder = getincrementaldecoder("cp932")()
    parts = io.BytesIO()
    try:
        for start in range(0, len(data), _CHUNK):
            part = decoder.decode(data[start : start + _CHUNK], start + _CHUNK >= len(data))
            if text.NOTHING.search(part):
                return None
            parts.write(part.encode())
    except UnicodeDecodeError:
        return None
    return parts.getvalue()


def _without_strange(rows: pl.DataFrame, opened: text.Table) -> tuple[pl.DataFrame, list[Problem]]:
    is_strange = pl.any_horizontal(pl.exclude(ROW).str.contains(_STRANGE))
    strange = rows.filter(is_strange)
    if strange.is_empty():
        return rows, []
    as_utf8 = replace(opened, encoding=Encoding.UTF_8)
    problems: list[Problem] = []
    for number, *found in strange.iter_rows():
        raw = [cell.encode().decode("latin-1") for cell in found]
        problems += cells.text_of(as_utf8, number, raw)[1]
    return rows.filter(~is_strange), problems


def _one_by_one(opened: text.Table) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the rows of the right length and encoding, and what is wrong with the others."""
    problems: list[Problem] = []
    width = len(opened.header)

    def good() -> Iterator[list[str | int]]:
        for number, raw in opened.rows:
            try:
                found = text.decoded("\0".join(raw), opened.encoding).split("\0")
            except text.Undecodable:
                found = []
            if len(raw) == len(found) == width:
                yield [number, *found]
            else:
                problems.extend(cells.text_of(opened, number, raw)[1])

    schema = {ROW: pl.UInt32(), **dict.fromkeys(numbers_of(len(opened.header)), pl.String())}
    rows, parts = good(), [pl.DataFrame(schema=schema)]
    while part := list(islice(rows, _ROWS)):
        parts.append(pl.DataFrame(part, schema=schema, orient="row"))
    return pl.concat(parts), problems


def _refuse_my_numbers(rows: pl.DataFrame, header: Sequence[str]) -> None:
    suspicious = rows.select(
        pl.exclude(ROW).str.contains(f"{_TWELVE_DIGITS}|{_DIGITS_BY_NFKC}")
        & ~pl.exclude(ROW).str.contains(_IDENTIFIER)
    )
    for index, column in enumerate(suspicious):
        if not column.any():
            continue
        doubtful = rows.lazy().select(ROW, pl.col(str(index)).alias("cell")).filter(column)
        shaped = doubtful.with_columns(pl.col("cell").str.replace_all(r"\d", "0").alias("shape"))
        whole = shaped.collect()
        shapes = [shape for shape in whole["shape"].unique() if has_room_for_one(shape)]
        for row, cell, _ in whole.filter(pl.col("shape").is_in(shapes)).iter_rows():
            if contains_my_number(cell):
                raise my_number_found(header, row, index)


def write_rows(path: Path, header: Sequence[str], rows: pl.DataFrame) -> None:
    """Write a file that is whole or not there at all: UTF-8, one line end, quotes where needed."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(header)
        file.write(line.getvalue().encode())
        rows.write_csv(file, include_header=False)
    part.replace(path)
