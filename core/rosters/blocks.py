"""Cuts the bytes of a file, as they come, into blocks of whole rows, which are read each by itself.

Bytes stand for characters one for one until they are parted, as in `core.rosters.text`.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from core.rosters.text import MOST_LINE_BYTES, Encoding, RosterBroken, decoded, refuse_foreign

_BYTES = "latin-1"
_BOM = b"\xef\xbb\xbf".decode(_BYTES)


@dataclass(frozen=True, slots=True)
class Block:
    """Whole rows; `row` is the number of the first, from 1, and `end` the bytes read until here."""

    row: int
    data: bytes
    end: int

    def lines(self, most: int) -> list[str]:
        """Return the first lines, still bytes."""
        return list(islice(io.StringIO(self.data.decode(_BYTES), newline="\n"), most))

    def rows(self, delimiter: str) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that are not blank, numbered, still bytes; raise `RosterBroken`."""
        return parted(self.data.decode(_BYTES), delimiter, self.row)

    def decoded_rows(self, delimiter: str, encoding: Encoding) -> Iterator[tuple[int, list[str]]]:
        """Yield the same rows decoded. Raises `Undecodable` where any cell cannot be, too."""
        return parted(decoded(self.data.decode(_BYTES), encoding), delimiter, self.row)


def parted(text: str, delimiter: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a text that are not blank, numbered from `first`; raise `RosterBroken`."""
    number = first - 1
    lines = io.StringIO(text, newline="\n")
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), first):
            if row:
                yield number, row
    except csv.Error as broken:
        raise RosterBroken(
            f"row {number + 1} is no CSV ({broken}): check its quotes", row=str(number + 1)
        ) from broken


class Cutter:
    """Takes chunks and gives blocks of about `size` bytes; what it holds back is no longer.

    What parts the columns is known by the first line, unless a `delimiter` is given.
    """

    def __init__(self, size: int = MOST_LINE_BYTES, *, delimiter: str = "") -> None:
        self.delimiter = delimiter
        self.has_bom = False
        self._size = size
        self._newlines = io.IncrementalNewlineDecoder(decoder=None, translate=True)
        self._held = ""
        self._begun = False
        self._row = 1
        self._read = 0

    def feed(self, chunk: bytes) -> Iterator[Block]:
        """Yield the blocks that are whole now; raise `RosterBroken` for an endless row."""
        self._held += self._newlines.decode(chunk.decode(_BYTES))
        self._read += len(chunk)
        while len(self._held) > self._size:
            if not self._begun:
                self._begin()
            cut, rows = self._whole(self._held[: self._size])
            if not cut:
                # Never of a file that can be read: the row itself, or its line, is too long.
                held = Block(self._row, self._held[: self._size].encode(_BYTES), self._read)
                list(held.rows(self.delimiter))
                raise _endless()
            yield self._block(cut, rows)

    def end(self) -> Iterator[Block]:
        """Yield the last block, if there is any more."""
        self._held += self._newlines.decode("", final=True)
        if not self._begun:
            self._begin()
        if self._held:
            yield self._block(len(self._held), 0)

    def _begin(self) -> None:
        """Know the file by its first line: a mark of its encoding, and what parts its columns."""
        self._begun = True
        first, newline, _ = self._held[: self._size + 1].partition("\n")
        refuse_foreign(first)
        if not newline and len(first) > self._size:
            raise _endless()
        if first.startswith(_BOM):
            self.has_bom = True
            self._held = self._held.removeprefix(_BOM)
        if not self.delimiter:
            self.delimiter = "\t" if first.count("\t") > first.count(",") else ","

    def _block(self, cut: int, rows: int) -> Block:
        data = self._held[:cut].encode(_BYTES)
        self._held = self._held[cut:]
        block = Block(self._row, data, self._read - len(self._held))
        self._row += rows
        return block

    def _whole(self, text: str) -> tuple[int, int]:
        """Return where the last whole row of a text ends, and how many rows there are."""
        cut = text.rfind("\n") + 1
        if not cut:
            raise _endless()
        if '"' not in text:
            return cut, text.count("\n")
        lines = io.StringIO(text[:cut], newline="\n")
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        rows = whole = 0
        try:
            for _ in reader:
                rows, whole = rows + 1, reader.line_num
        except csv.Error:
            # The last row goes on behind the cut, or is none: whoever reads its block will tell.
            pass
        lines.seek(0)
        return sum(len(lines.readline()) for _ in range(whole)), rows


def _endless() -> RosterBroken:
    return RosterBroken(f"a line is longer than {MOST_LINE_BYTES} bytes: check its quotes")
