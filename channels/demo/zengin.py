"""Reads a bank's transfer file (全銀 総合振込) from outside: it shares nothing with its writer.

Strict: whatever a bank's machine would refuse raises FileBroken with the record and the field.
"""

import re
from dataclasses import dataclass

LENGTH = 120
# Half-width kana without small ones and the long mark, Latin capitals, digits, and four signs.
NAME = re.compile("[ﾞﾟｱ-ﾝA-Z0-9 ().-]+ *")
DIGITS = re.compile("[0-9]+")


class FileBroken(Exception):  # noqa: N818 - named for the event, not as an error.
    """The file is none that a bank would take; the message names the record."""


@dataclass(frozen=True, slots=True)
class Line:
    """One payment; `amount` in yen."""

    bank: str
    branch: str
    account_type: str
    account_number: str
    payee: str
    amount: int
    payment_number: str


@dataclass(frozen=True, slots=True)
class TransferFile:
    """Whom the file pays, and what its trailer says that they sum up to."""

    month_and_day: str
    lines: tuple[Line, ...]
    count: int
    total: int


def read(content: bytes) -> TransferFile:
    """Read a whole file. Raises FileBroken."""
    header, *middle, trailer, end = _records(content)
    _expect(header[:4] == "1210", 1, "data, kind and code are not 1, 21 and 0")
    _expect(end == "9" + " " * 119, len(middle) + 3, "the end record is not 9 and blanks")
    lines = tuple(_line(record, number) for number, record in enumerate(middle, 2))
    at = len(middle) + 2
    _expect(trailer[0] == "8" and not trailer[19:].strip(" "), at, "this is no trailer")
    file = TransferFile(
        _digits(header[54:58], 1, "transfer date"),
        lines,
        int(_digits(trailer[1:7], at, "count")),
        int(_digits(trailer[7:19], at, "total")),
    )
    _expect(file.count == len(lines), at, f"it counts {file.count} lines of {len(lines)}")
    total = sum(line.amount for line in lines)
    _expect(file.total == total, at, f"it sums up to {file.total} and not {total}")
    return file


def _records(content: bytes) -> list[str]:
    """Cut the file into records of 120 bytes, each with a line end or none with one."""
    step = LENGTH + 2 if content[LENGTH : LENGTH + 2] == b"\r\n" else LENGTH
    if not content or len(content) % step or len(content) < 3 * step:
        raise FileBroken(f"{len(content)} bytes are no records of {LENGTH}")
    records = []
    for number, start in enumerate(range(0, len(content), step), 1):
        record = content[start : start + LENGTH]
        _expect(content[start + LENGTH : start + step] in {b"", b"\r\n"}, number, "line end")
        try:
            text = record.decode("cp932")
        except UnicodeDecodeError:
            text = ""
        _expect(len(text) == LENGTH, number, "it has a character of two bytes")
        records.append(text)
    return records


def _line(record: str, number: int) -> Line:
    _expect(record[0] == "2", number, "this is no data record")
    payee = record[50:80]
    _expect(NAME.fullmatch(payee) is not None, number, "the payee's name has other characters")
    _expect(record[42] in "1249", number, "there is no such account type")
    amount = int(_digits(record[80:90], number, "amount"))
    _expect(amount > 0, number, "it pays nothing")
    return Line(
        bank=_digits(record[1:5], number, "bank"),
        branch=_digits(record[20:23], number, "branch"),
        account_type=record[42],
        account_number=_digits(record[43:50], number, "account"),
        payee=payee.rstrip(" "),
        amount=amount,
        payment_number=_digits(record[91:111], number, "payment number"),
    )


def _digits(text: str, number: int, field: str) -> str:
    _expect(DIGITS.fullmatch(text) is not None, number, f"the {field} is not all digits")
    return text


def _expect(holds: bool, number: int, broken: str) -> None:  # noqa: FBT001 - reads as a sentence.
    if not holds:
        raise FileBroken(f"record {number}: {broken}")
