"""Reads the first sheet of a workbook (XLSX) as text: what Excel keeps, written as CSV in UTF-8."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from core.errors import BadRequest
from core.rosters.text import RosterBroken

MOST_UNPACKED = 3 << 30
MOST_CELLS = 40_000_000
"""Of the sheet's whole rectangle, which is held in memory."""
_CHUNK = 1 << 18
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,8})"')
_WIDE = re.compile(rb'\br="([A-Z]{2,3})\d+"')
_WITHOUT_VALUE = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*?\br="([A-Z]{1,3})(\d{1,8})")[^>]*?'
    rb'(?:\bt="e"[^>]*>|(?<!/)><(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)'
    rb"(?:</(?:\w+:)?c>|<(?:\w+:)?v(?:\s*/>|></)))"
)
_LOST = "\ufffd"
_EXACT = 10**15
"""Numbers of more digits are kept by Excel with noughts at their end."""


class WorkbookUnreadable(BadRequest):
    """The workbook cannot be read; metadata hold the `problem`: PROTECTED, BROKEN or TOO_LARGE."""

    reason = "ROSTER_WORKBOOK_UNREADABLE"


def unreadable(problem: str) -> WorkbookUnreadable:
    remedy = {
        "PROTECTED": "it has a password, or is of the form before 2007: save it as .xlsx without",
        "BROKEN": "it is damaged, or no workbook: save it anew, or as CSV",
        "TOO_LARGE": "its sheet is too large to be read: save it as CSV",
    }[problem]
    return WorkbookUnreadable(f"the workbook cannot be read: {remedy}", problem=problem)


def text_of(data: bytes) -> Iterator[bytes]:
    """Yield the text of the first sheet; raise WorkbookUnreadable, RosterBroken.

    Rows keep their numbers: one without any value is an empty line. A cell whose value is lost (an
    error, a formula that was never computed, a number of more digits than Excel keeps) becomes the
    mark of a lost character, by which its row is refused.
    """
    lost = _checked(data)
    sheet = _first_sheet(data)
    if sheet.end is None:
        raise RosterBroken("the first sheet of the workbook is empty: move the list there")
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    # Rows come from the first of the sheet, their cells from the first column that holds any.
    before = [""] * (sheet.start or (0, 0))[1]
    for number, row in enumerate(sheet.iter_rows()):
        cells = before + [_text(cell) for cell in row]
        for column in lost.get(number, ()):
            if column < len(cells):
                cells[column] = _LOST
        if any(cells):
            writer.writerow(cells)
        else:
            written.write("\n")
        if written.tell() > _CHUNK:
            yield written.getvalue().encode()
            written.seek(0)
            written.truncate()
    yield written.getvalue().encode()


def _text(value: Any) -> str:
    text = ""
    match value:
        case str():
            text = value
        case bool():
            text = str(value).upper()
        case int() | float() if abs(value) >= _EXACT:
            text = _LOST
        case int() | float():
            text = str(int(value)) if value == int(value) else repr(value)
        case datetime() if value.time() == time():
            text = value.date().isoformat()
        case datetime():
            text = value.isoformat(" ")
        case date() | time():
            text = value.isoformat()
        case timedelta():
            text = str(value)
    return text


def _first_sheet(data: bytes) -> CalamineSheet:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    except (CalamineError, ValueError, OSError, EOFError, IndexError) as broken:
        raise unreadable("BROKEN") from broken
    except BaseException as broken:
        # What the reader itself did not foresee comes as an exception outside of all others.
        if type(broken).__name__ == "PanicException":
            raise unreadable("BROKEN") from None
        raise


def _checked(data: bytes) -> dict[int, list[int]]:
    """Bound what is in the archive before it is opened; return the cells whose values are lost."""
    lost: dict[int, list[int]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if any(one.flag_bits & 1 for one in infos):
                raise unreadable("PROTECTED")
            if sum(one.file_size for one in infos) > MOST_UNPACKED:
                raise unreadable("TOO_LARGE")
            for info in infos:
                if _SHEET.fullmatch(info.filename):
                    _scan(archive, info, lost)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError, ValueError) as broken:
        raise unreadable("BROKEN") from broken
    except (NotImplementedError, RuntimeError, zipfile.zlib.error) as broken:  # type: ignore[attr-defined]  # What zipfile unpacks by.
        raise unreadable("BROKEN") from broken
    return lost


def _scan(archive: zipfile.ZipFile, info: zipfile.ZipInfo, lost: dict[int, list[int]]) -> None:
    """Look through a sheet without understanding it: how large it says it is, and what it lost."""
    rows, columns, held, unpacked = 0, 26, b"", 0
    with archive.open(info) as part:
        while chunk := part.read(_CHUNK):
            unpacked += len(chunk)
            if unpacked > info.file_size:
                raise unreadable("BROKEN")
            text = held + chunk
            rows = max([rows, *map(int, _ROW.findall(text))])
            for letters in set(_WIDE.findall(text)):
                columns = max(columns, _column(letters) + 1)
            if rows * columns > MOST_CELLS:
                raise unreadable("TOO_LARGE")
            for letters, number in _WITHOUT_VALUE.findall(text):
                places = lost.setdefault(int(number) - 1, [])
                if len(places) <= columns:
                    places.append(_column(letters))
            held = text[text.rfind(b"<", 0, max(len(text) - 2_000, 0)) :] if text else b""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
