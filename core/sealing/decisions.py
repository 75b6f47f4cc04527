"""Decisions on their way into the closed network, which pays: sealed to the city's key."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

from core.sealing import age, sheets
from core.sealing.keys import CityKey, fingerprint
from core.sealing.refusals import SealBroken
from core.sealing.sheets import HASH, ROW, Beginning, Digest

KIND = "todoke-decisions"
COLUMNS = ("registration_id", "reference", "amount", "decision", "decide_date")
APPROVED, REJECTED = "approved", "rejected"
_AMOUNT = re.compile("[1-9][0-9]{0,9}")


class Decided(NamedTuple):
    """What was decided for a reference; `amount` is in yen, `decide_date` ISO 8601."""

    registration_id: str
    reference: str
    amount: str
    decision: str
    decide_date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a parcel of decisions says of itself: `total` is the sum of what is to be paid."""

    municipality: str
    program_id: str
    program_code: str
    crossing_id: str
    count: int
    total: int
    create_time: str
    key: str
    proposer: str
    approver: str


def total_of(rows: Sequence[Decided]) -> int:
    """Return what is to be paid, in yen."""
    return sum(int(row.amount) for row in rows if row.decision == APPROVED)


def write_decisions(out: BinaryIO, parcel: Parcel, rows: Sequence[Decided], public_key: str) -> str:
    """Write decisions sealed; return the hash of what is inside."""
    if parcel.key != fingerprint(public_key):
        raise ValueError("the parcel names another key")
    digest = Digest()
    age.seal(out, sheets.written(_lines(parcel, rows, digest)), public_key)
    return digest.hexdigest()


def open_decisions(sealed: BinaryIO, keys: Sequence[CityKey]) -> tuple[Parcel, list[Decided], str]:
    """Open a parcel whole; return what it says of itself, its rows and their hash.

    Raises `SealBroken`.
    """
    with TemporaryFile() as opened:
        age.unseal(sealed, opened, keys)
        lines = sheets.lines_of(opened)
        digest = Digest()
        parcel = _read(sheets.read_beginning(lines, KIND), digest)
        rows = _rows(lines, digest)
    if (len(rows), total_of(rows)) != (parcel.count, parcel.total):
        raise SealBroken("COUNT_WRONG", "the rows are not as many, or not as much, as were sent")
    return parcel, rows, digest.hexdigest()


def _beginning(parcel: Parcel) -> Beginning:
    header = {name: str(getattr(parcel, name)) for name in parcel.__dataclass_fields__}
    return Beginning(KIND, header, COLUMNS)


def _lines(parcel: Parcel, rows: Sequence[Decided], digest: Digest) -> Iterator[Sequence[str]]:
    for line in (*_beginning(parcel).lines(), *([ROW, *row] for row in rows)):
        digest.add(line)
        yield line
    yield [HASH, digest.hexdigest()]


def _read(beginning: Beginning, digest: Digest) -> Parcel:
    for line in beginning.lines():
        digest.add(line)
    header = dict(beginning.header)
    try:
        count, total = int(header.pop("count")), int(header.pop("total"))
        parcel = Parcel(count=count, total=total, **header)
    except (KeyError, TypeError, ValueError) as wrong:
        raise SealBroken("HEADER_BROKEN", "the header of the parcel is not whole") from wrong
    if beginning.columns != COLUMNS:
        raise SealBroken("HEADER_BROKEN", "the header of the parcel is not as it was made")
    return parcel


def _rows(lines: Iterator[list[str]], digest: Digest) -> list[Decided]:
    rows: list[Decided] = []
    for kind, *cells in lines:
        if kind != ROW:
            if [kind, *cells] != [HASH, digest.hexdigest()] or next(lines, None) is not None:
                raise SealBroken("HASH_WRONG", "the rows are not those that were sent")
            return rows
        rows.append(_row(cells))
        digest.add([ROW, *cells])
    raise SealBroken("CUT_OFF", "the parcel has no end")


def _row(cells: list[str]) -> Decided:
    if len(cells) != len(COLUMNS):
        raise SealBroken("ROW_BROKEN", "a row has another number of cells than it was made with")
    row = Decided(*cells)
    if row.decision not in {APPROVED, REJECTED} or not _AMOUNT.fullmatch(row.amount):
        raise SealBroken("ROW_BROKEN", "a row has a decision or an amount that is none")
    return row
