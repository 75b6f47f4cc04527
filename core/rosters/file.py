"""Reads a municipality's roster row by row while it arrives, and says what is wrong with which row.

Nothing is kept of a row once it is handed on, but its reference number, which must be unique.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice

from core.errors import TooMany
from core.rosters.blocks import Block, Cutter
from core.rosters.cells import problem, text_of
from core.rosters.columns import REQUIRED, Column, guess, known
from core.rosters.fields import Cells
from core.rosters.own_numbers import OWN, Tally, refuse_my_number_in
from core.rosters.plain import columns_of, rows_of
from core.rosters.rows import Problem, Reason, RosterRow
from core.rosters.text import LOOK_AHEAD, Encoding, encoding_of, header_of

MOST_ROWS = 1_000_000
_DUPLICATE = "repeats the reference number of row {}: keep one of them"
# How far down a workbook its titles may stand, and how many known ones make a row that of titles.
_HEADING_ROWS = 20
_TITLES_AT_LEAST = 2


class RosterTooLarge(TooMany):
    """The roster has more rows than are taken at once; metadata hold the `limit`."""

    reason = "ROSTER_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a file by its header, which is its row `row`, from 1.

    `columns` says where each column stands, from 0; `required` are those that must be filled.
    """

    encoding: Encoding
    delimiter: str
    header: tuple[str, ...]
    columns: Mapping[Column, tuple[int, ...]]
    required: frozenset[Column]
    row: int

    @property
    def own_numbers(self) -> tuple[int, ...]:
        """Where the numbers stand that the municipality itself gives, of whatever length."""
        return tuple(place for one in OWN for place in self.columns.get(one, ()))


@dataclass(frozen=True, slots=True)
class OpenRoster:
    """A roster whose header is understood; reading `rows` gives each row, or what is wrong with it.

    Reading may raise `MyNumberInRoster`, `RosterTooLarge` and `RosterBroken`: then nothing of the
    roster is to be taken.
    """

    head: Head
    rows: Iterator[RosterRow | Problem]

    @property
    def encoding(self) -> Encoding:
        return self.head.encoding

    @property
    def delimiter(self) -> str:
        return self.head.delimiter

    @property
    def header(self) -> tuple[str, ...]:
        return self.head.header

    @property
    def columns(self) -> Mapping[Column, tuple[int, ...]]:
        return self.head.columns


def open_roster(
    chunks: Iterable[bytes],
    *,
    required: frozenset[Column] = REQUIRED,
    names: Mapping[str, Column] | None = None,
    most_rows: int = MOST_ROWS,
) -> OpenRoster:
    """Understand the header of a roster that arrives in chunks of bytes, and read on from there.

    `required` adds columns that this program cannot do without, and whose cells must be filled;
    `names` are headers of this roster's own. Raises `EncodingUnknown`, `RosterBroken`,
    `ColumnsMissing`, `ColumnAmbiguous` and `MyNumberInRoster`.
    """
    cutter = Cutter()
    blocks = _blocks(cutter, chunks)
    first = next(blocks, Block(1, b"", 0))
    head = head_of(cutter, first, required=required, names=names)
    return OpenRoster(head, _rows(head, chain([first], blocks), most_rows))


def head_of(
    cutter: Cutter,
    first: Block,
    *,
    required: frozenset[Column] = REQUIRED,
    names: Mapping[str, Column] | None = None,
    synonyms: bool = True,
    is_workbook: bool = False,
) -> Head:
    """Understand the header in a file's first block; raises what `open_roster` does.

    A workbook may have a heading above it; a text begins with it.
    """
    required = REQUIRED | required
    sheet = title_row(cutter, first, names=names, is_workbook=is_workbook)
    columns = guess(sheet.header, required=required, names=names, synonyms=synonyms)
    return replace(sheet, columns=columns, required=required)


def title_row(
    cutter: Cutter,
    first: Block,
    *,
    names: Mapping[str, Column] | None = None,
    is_workbook: bool = False,
) -> Head:
    """Return a file's titles, not yet understood. Raises `EncodingUnknown`, `RosterBroken`."""
    rows = list(islice(first.rows(cutter.delimiter), _HEADING_ROWS if is_workbook else 1))
    number, cells = rows[0] if rows else (1, [])
    if not is_workbook:
        ahead = first.lines(LOOK_AHEAD + 1)[1:]
        encoding = encoding_of(cells, ahead, has_bom=cutter.has_bom)
        return Head(
            encoding, cutter.delimiter, tuple(header_of(cells, encoding)), {}, REQUIRED, number
        )
    encoding = Encoding.WORKBOOK
    titled = [(number, header_of(cells, encoding)) for number, cells in rows]
    for number, header in titled:
        refuse_my_number_in(header, number)
        if sum(column is not None for column in known(header, names)) >= _TITLES_AT_LEAST:
            return Head(encoding, cutter.delimiter, tuple(header), {}, REQUIRED, number)
    number, header = titled[0] if titled else (1, [])
    return Head(encoding, cutter.delimiter, tuple(header), {}, REQUIRED, number)


def read_block(head: Head, block: Block, tally: Tally) -> Iterator[RosterRow | Problem]:
    """Yield the rows of a block that come after the header, or what is wrong with them.

    `tally` counts what could be My Numbers in the columns of the municipality's own numbers.
    """
    columns = columns_of(head, block)
    if columns is not None:
        return rows_of(head, *columns, tally)
    return read_cells(head, block, tally)


def read_cells(head: Head, block: Block, tally: Tally) -> Iterator[RosterRow | Problem]:
    """Yield the same as `read_block`, in four times the time, of whatever block."""
    own = head.own_numbers
    for number, raw in block.rows(head.delimiter):
        if number <= head.row:
            continue
        texts, problems = text_of(head, number, raw, own)
        if problems:
            yield from problems
            continue
        for place in own:
            tally.add(place, texts[place], number)
        cells = Cells(head, number, texts)
        row = cells.row()
        if cells.problems:
            yield from cells.problems
        else:
            yield row


def duplicate(head: Head, row: int, first: int) -> Problem:
    """Return what is wrong with a row that repeats the reference number of another."""
    index = head.columns[Column.REFERENCE][0]
    found = problem(head, row, index, Reason.REFERENCE_DUPLICATE, _DUPLICATE.format(first))
    return replace(found, metadata={"firstRow": str(first)})


def too_many(most: int) -> RosterTooLarge:
    return RosterTooLarge(
        f"the roster has more than {most} rows: import it in parts", limit=str(most)
    )


def _blocks(cutter: Cutter, chunks: Iterable[bytes]) -> Iterator[Block]:
    for chunk in chunks:
        yield from cutter.feed(chunk)
    yield from cutter.end()


def _rows(head: Head, blocks: Iterable[Block], most: int) -> Iterator[RosterRow | Problem]:
    first_row: dict[str, int] = {}
    tally = Tally()
    last = count = 0
    for block in blocks:
        for found in read_block(head, block, tally):
            count += found.row != last
            last = found.row
            if count > most:
                raise too_many(most)
            if not isinstance(found, RosterRow):
                yield found
            elif (first := first_row.setdefault(found.reference, found.row)) != found.row:
                yield duplicate(head, found.row, first)
            else:
                yield found
    tally.judge(head.header)
