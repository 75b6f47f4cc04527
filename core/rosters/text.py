"""Turns the bytes of a roster, as they come, into rows of cells.

Rows are parted before they are decoded: quotes, separators and line ends are the same single bytes
in CP932 and UTF-8 and never part of another character, so a broken byte has a row and a column.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice

from core.errors import BadRequest

MOST_LINE_BYTES = 1 << 18
LOOK_AHEAD = 200

# Bytes as characters, one for one, while they are being parted.
_BYTES = "latin-1"
_BOM = b"\xef\xbb\xbf".decode(_BYTES)
_FOREIGN = {
    b"PK\x03\x04": "an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
# Bytes that Python's CP932 lets by although they stand for nothing: 0x80, 0xA0, 0xFD to 0xFF.
NOTHING = re.compile("[\x80\xa0\uf8f0-\uf8f3]")


class Encoding(StrEnum):
    """How the characters of a roster are written; the values are Python's names, but for the last.

    The rows of a workbook are read as CSV in UTF-8 (`core.rosters.workbook`).
    """

    UTF_8 = "utf-8"
    UTF_8_BOM = "utf-8-sig"
    CP932 = "cp932"
    WORKBOOK = "xlsx"


class EncodingUnknown(BadRequest):
    """The file is not text in UTF-8 or CP932; metadata hold `row`, from 1, where it shows."""

    reason = "ROSTER_ENCODING_UNKNOWN"


class RosterBroken(BadRequest):
    """The text is no table, and nothing after `row`, from 1, can be trusted."""

    reason = "ROSTER_UPLOAD_BROKEN"


class Undecodable(ValueError):  # noqa: N818 - named for the event, not as an error
    """The bytes of a cell are no characters of the roster's encoding."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a roster, numbered as a spreadsheet does: from 1, the header, blank rows too.

    Cells are still bytes, kept as characters; `decoded` makes text of them.
    """

    encoding: Encoding
    delimiter: str
    header: list[str]
    rows: Iterator[tuple[int, list[str]]]


def open_table(chunks: Iterable[bytes]) -> Table:
    """Read the header, decide encoding and delimiter by it, and leave the rows to be read.

    A header in plain letters tells no encoding: then the rows under it do.

    Raises `EncodingUnknown`, and `RosterBroken` also from the rows.
    """
    lines = _lines(chunks)
    first = next(lines, "")
    refuse_foreign(first)
    has_bom = first.startswith(_BOM)
    first = first.removeprefix(_BOM)
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    ahead = list(islice(lines, LOOK_AHEAD)) if first.isascii() else []
    rows = _rows(chain([first], ahead, lines), delimiter)
    _, cells = next(rows, (1, []))
    encoding = encoding_of(cells, ahead, has_bom=has_bom)
    return Table(encoding, delimiter, header_of(cells, encoding), rows)


def refuse_foreign(first: str) -> None:
    """Raise `EncodingUnknown` where a file's first line, still bytes, is that of no text."""
    for mark, kind in _FOREIGN.items():
        if first.startswith(mark.decode(_BYTES)):
            raise EncodingUnknown(
                f"the file is {kind}: save it as CSV (UTF-8 or CP932)", row="1", found=kind
            )


def encoding_of(cells: list[str], ahead: list[str], *, has_bom: bool) -> Encoding:
    """Decide by the header and the mark before it, or by the lines ahead where it is ASCII alone.

    Raises `EncodingUnknown`.
    """
    if has_bom:
        return Encoding.UTF_8_BOM
    if all(cell.isascii() for cell in cells) and _is_cp932(ahead[:LOOK_AHEAD]):
        return Encoding.CP932
    return _encoding(cells)


def header_of(cells: list[str], encoding: Encoding) -> list[str]:
    """Return the titles; raise `EncodingUnknown` where they are not in this encoding."""
    return [_header_cell(cell, encoding) for cell in cells]


def decoded(cell: str, encoding: Encoding) -> str:
    """Return the text of a cell. Raises `Undecodable`."""
    if cell.isascii():
        return cell
    is_cp932 = encoding is Encoding.CP932
    try:
        text = cell.encode(_BYTES).decode("cp932" if is_cp932 else "utf-8")
    except UnicodeDecodeError as broken:
        raise Undecodable from broken
    if is_cp932 and NOTHING.search(text):
        raise Undecodable
    return text


def _encoding(cells: list[str]) -> Encoding:
    """Decide by the header alone, or one broken byte further down would turn all into nonsense."""
    for encoding in (Encoding.UTF_8, Encoding.CP932):
        try:
            for cell in cells:
                decoded(cell, encoding)
        except Undecodable:
            continue
        return encoding
    raise EncodingUnknown(
        "row 1 is neither UTF-8 nor CP932: save the file as CSV in one of them", row="1"
    )


def _is_cp932(lines: list[str]) -> bool:
    """Tell by the lines under a header in plain letters, most of which must not be broken."""
    telling = [line for line in lines if not line.isascii()]
    return _readable(telling, Encoding.CP932) > _readable(telling, Encoding.UTF_8)


def _readable(lines: list[str], encoding: Encoding) -> int:
    count = 0
    for line in lines:
        with suppress(Undecodable):
            decoded(line, encoding)
            count += 1
    return count


def _header_cell(cell: str, encoding: Encoding) -> str:
    try:
        return decoded(cell, encoding)
    except Undecodable as broken:
        raise EncodingUnknown("row 1 is not the UTF-8 that its mark promises", row="1") from broken


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), 1):
            if row:
                yield number, row
    except csv.Error as broken:
        raise RosterBroken(
            f"row {number + 1} is no CSV ({broken}): check its quotes", row=str(number + 1)
        ) from broken


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield lines that end in LF, whichever line ends the file has, also inside of quotes."""
    newlines = io.IncrementalNewlineDecoder(decoder=None, translate=True)
    rest = ""
    for chunk in chunks:
        *lines, rest = (rest + newlines.decode(chunk.decode(_BYTES))).split("\n")
        for line in lines:
            yield line + "\n"
        if len(rest) > MOST_LINE_BYTES:
            raise RosterBroken(f"a line is longer than {MOST_LINE_BYTES} bytes: check its quotes")
    if rest:
        yield rest
