"""The fields of the four records of a 総合振込 file, and their bytes.

A number (N) is right-aligned and zero-filled, characters (C) are left-aligned and space-filled.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

RECORD_BYTES = 120
ENCODING = "cp932"  # Only its single bytes, JIS X 0201, ever stand in a file.

_DIGITS = re.compile("[0-9]+")


class Kind(StrEnum):
    """How a field is filled."""

    NUMBER = "N"
    CHARACTERS = "C"
    NUMBER_OR_BLANK = "N or blank"  # 手形交換所番号: unused; zeros or spaces by bank.


@dataclass(frozen=True, slots=True)
class Field:
    """`width` bytes at `offset` from 0 of a record."""

    name: str
    offset: int
    width: int
    kind: Kind


class Unfit(ValueError):  # noqa: N818 - named for the event, not as an error
    """A field's value does not fit its bytes, or bytes their field."""

    def __init__(self, field: Field, problem: str) -> None:
        super().__init__(f"{field.name} at offset {field.offset}: {problem}")
        self.field = field


def _record(*fields: tuple[str, int, Kind]) -> tuple[Field, ...]:
    ends = accumulate(width for _, width, _ in fields)
    return tuple(
        Field(name, end - width, width, kind)
        for (name, width, kind), end in zip(fields, ends, strict=True)
    )


HEADER = _record(
    ("record_kind", 1, Kind.NUMBER),  # データ区分 1
    ("file_kind", 2, Kind.NUMBER),  # 種別コード 21
    ("code_kind", 1, Kind.NUMBER),  # コード区分 0: JIS
    ("originator_code", 10, Kind.NUMBER),  # 委託者コード
    ("originator_name", 40, Kind.CHARACTERS),  # 委託者名
    ("month_day", 4, Kind.NUMBER),  # 振込指定日 MMDD
    ("bank_code", 4, Kind.NUMBER),  # 仕向銀行番号
    ("bank_name", 15, Kind.CHARACTERS),
    ("branch_code", 3, Kind.NUMBER),
    ("branch_name", 15, Kind.CHARACTERS),
    ("account_type", 1, Kind.NUMBER),  # 預金種目
    ("account_number", 7, Kind.NUMBER),
    ("blank", 17, Kind.CHARACTERS),
)

DATA = _record(
    ("record_kind", 1, Kind.NUMBER),  # データ区分 2
    ("bank_code", 4, Kind.NUMBER),  # 被仕向銀行番号
    ("bank_name", 15, Kind.CHARACTERS),
    ("branch_code", 3, Kind.NUMBER),
    ("branch_name", 15, Kind.CHARACTERS),
    ("clearing_house", 4, Kind.NUMBER_OR_BLANK),  # 手形交換所番号
    ("account_type", 1, Kind.NUMBER),
    ("account_number", 7, Kind.NUMBER),
    ("payee_name", 30, Kind.CHARACTERS),  # 受取人名
    ("amount", 10, Kind.NUMBER),  # 振込金額
    ("new_code", 1, Kind.NUMBER),  # 新規コード
    ("customer_code_1", 10, Kind.NUMBER),  # 顧客コード1
    ("customer_code_2", 10, Kind.NUMBER),  # 顧客コード2
    ("designation", 1, Kind.NUMBER),  # 振込指定区分
    ("edi_mark", 1, Kind.CHARACTERS),  # 識別表示: `Y` would make the customer codes EDI information
    ("blank", 7, Kind.CHARACTERS),
)

TRAILER = _record(
    ("record_kind", 1, Kind.NUMBER),  # データ区分 8
    ("count", 6, Kind.NUMBER),  # 合計件数
    ("total", 12, Kind.NUMBER),  # 合計金額
    ("blank", 101, Kind.CHARACTERS),
)

END = _record(
    ("record_kind", 1, Kind.NUMBER),  # データ区分 9
    ("blank", 119, Kind.CHARACTERS),
)


def encode(fields: tuple[Field, ...], values: Mapping[str, str]) -> bytes:
    """Return the 120 bytes of a record; a field without a value is blank.

    Raises `Unfit` for a value too long or of the wrong kind: nothing is ever cut here.
    """
    return b"".join(_encoded(field, values.get(field.name, "")) for field in fields)


def decode(fields: tuple[Field, ...], record: bytes) -> dict[str, str]:
    """Return the values of a record: numbers with their zeros, characters without their fill.

    Raises `Unfit` for bytes that `encode` would not have written.
    """
    return {
        field.name: _decoded(field, record[field.offset : field.offset + field.width])
        for field in fields
    }


def _encoded(field: Field, value: str) -> bytes:
    if field.kind is Kind.NUMBER and not _DIGITS.fullmatch(value):
        raise Unfit(field, "must be digits")
    if len(value) > field.width:
        raise Unfit(field, f"is longer than {field.width}")
    is_number = field.kind is Kind.NUMBER
    filled = value.rjust(field.width, "0") if is_number else value.ljust(field.width, " ")
    encoded = filled.encode(ENCODING, errors="replace")
    if len(encoded) != field.width:
        raise Unfit(field, "holds characters of more than one byte")
    return encoded


def _decoded(field: Field, raw: bytes) -> str:
    try:
        text = raw.decode(ENCODING)
    except UnicodeDecodeError as broken:
        raise Unfit(field, "holds bytes that are no characters") from broken
    if field.kind is Kind.CHARACTERS:
        return text.rstrip(" ")
    if field.kind is Kind.NUMBER_OR_BLANK and text == " " * field.width:
        return text
    if not _DIGITS.fullmatch(text):
        raise Unfit(field, "must be digits")
    return text
