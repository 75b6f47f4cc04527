"""A sheet: CSV whose first cell in each line says what the line is, with a hash of its content.

The hash is over cells and not over bytes. Whatever re-saves a file without changing what it says
keeps it: byte order marks, line ends, quotes, empty cells and lines at the end, and UTF-8 or CP932.

    todoke-links,1
    export_id,…                           the header, one value a line
    columns,registration_id,reference,…
    row,…                                 the rows
    count,2                               the trailer, one value a line
    sha256,…
"""

import codecs
import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from core.sealing.refusals import SealBroken

VERSION = "1"
COLUMNS, ROW = "columns", "row"
HASH = "sha256"

_CHUNK = 1 << 16
_ROWS_AT_ONCE = 2000
csv.field_size_limit(1 << 16)


class Digest:
    """Hashes lines of cells as they come: each as a JSON array in UTF-8 on a line of its own."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, cells: Sequence[str]) -> None:
        """Take in a line."""
        line = json.dumps(canonical(cells), ensure_ascii=False, separators=(",", ":"))
        self._hash.update(line.encode() + b"\n")

    def hexdigest(self) -> str:
        """Return the SHA-256 of all lines so far."""
        return self._hash.hexdigest()


def canonical(cells: Sequence[str]) -> list[str]:
    """Return cells as re-saving leaves them: one line end, no empty cells at the end."""
    kept = list(cells)
    if any("\r" in cell for cell in kept):
        kept = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in kept]
    while kept and not kept[-1]:
        kept.pop()
    return kept


@dataclass(frozen=True, slots=True)
class Beginning:
    """What stands before the rows of a sheet."""

    kind: str
    header: Mapping[str, str]
    columns: tuple[str, ...]

    def lines(self) -> Iterator[list[str]]:
        """Yield it as it is written."""
        yield [self.kind, VERSION]
        yield from ([name, value] for name, value in self.header.items())
        yield [COLUMNS, *self.columns]


def written(lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield lines of cells as the bytes of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for number, line in enumerate(lines, 1):
        writer.writerow(line)
        if number % _ROWS_AT_ONCE == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def lines_of(file: BinaryIO) -> Iterator[list[str]]:
    """Yield the lines of cells of a file that may have been re-saved. Raises `SealBroken`."""
    file.seek(0)
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline=None)
    try:
        for cells in csv.reader(text, strict=True):
            if kept := canonical(cells):
                yield kept
    except (csv.Error, UnicodeDecodeError) as wrong:
        raise SealBroken("NOT_A_SHEET", f"the file is no table of ours: {wrong}") from wrong
    finally:
        # The file is the caller's: it stays open, or is closed already.
        with suppress(ValueError):
            text.detach()


def read_beginning(lines: Iterator[list[str]], kind: str) -> Beginning:
    """Read up to the titles of the columns; the rows are next. Raises `SealBroken`."""
    first = next(lines, [])
    if first[:1] != [kind]:
        raise SealBroken("OTHER_KIND", f"the file does not begin with {kind}")
    if first != [kind, VERSION]:
        raise SealBroken("OTHER_VERSION", f"the file is not of version {VERSION}")
    header: dict[str, str] = {}
    for name, *values in lines:
        if name == COLUMNS:
            return Beginning(kind, header, tuple(values))
        if name in header or len(values) > 1:
            break
        header[name] = values[0] if values else ""
    raise SealBroken("HEADER_BROKEN", "the lines before the rows are not as they were made")


def _encoding(file: BinaryIO) -> str:
    """Tell what a spreadsheet may have made of the UTF-8 that was written."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while part := file.read(_CHUNK):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp932"
    return "utf-8-sig"
