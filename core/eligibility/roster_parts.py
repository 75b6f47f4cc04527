"""Reads and seals a part of a roster: the work of a process of its own, or of a thread."""

import hashlib
import os
import pickle
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from core.crypto import Vault
from core.eligibility import accounts
from core.eligibility.rules import AmountProblem, AmountRefused
from core.eligibility.terms import Terms, amount_of
from core.rosters.blocks import Block
from core.rosters.cells import problem
from core.rosters.columns import Column
from core.rosters.file import Head, read_block
from core.rosters.own_numbers import Tally
from core.rosters.rows import Problem, Reason, RosterRow

DIGEST = 32
"""Bytes of each digest and blind index."""

COLUMNS = (
    "municipality",
    "id",
    "program_id",
    "roster_id",
    "reference",
    "reference_index",
    "household",
    "name",
    "kana",
    "birth_date",
    "sex",
    "postal_code",
    "address",
    "amount",
    "account_text",
    "suppressed",
    "birth_index",
    "content_digest",
    "household_size",
)
"""What of an entitlement is written, in the order of the values of a row."""

_BLAMED = {
    AmountProblem.HOUSEHOLD_SIZE_MISSING: Column.HOUSEHOLD_SIZE,
    AmountProblem.BIRTH_DATE_MISSING: Column.BIRTH_DATE,
    AmountProblem.IN_NO_BAND: Column.BIRTH_DATE,
}
_INTEGER = struct.Struct(">ii")
_LENGTH = struct.Struct(">i")
_FIELDS = struct.pack(">h", len(COLUMNS))
_NULL = _LENGTH.pack(-1)
COPY_BEGINS = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_ENDS = struct.pack(">h", -1)


@dataclass(frozen=True, slots=True)
class Task:
    """What a part of a roster is read for; without `dialect` nothing of it is to be written.

    With `rehearses`, sound rows are handed back as they were read, for a run that keeps nothing.
    """

    head: Head
    today: date
    terms: Terms
    municipality: str
    program_id: str
    roster_id: str
    dialect: str = ""
    rehearses: bool = False

    def without_writing(self) -> "Task":
        return replace(self, dialect="")


@dataclass(slots=True)
class Part:
    """A part that was read, of the rows `numbers`; `rows` counts those with problems, too.

    For each sound row `references` and `contents` hold a digest, `digests` the content's SHA-256.
    `payload` are the rows as the database takes them, `people` those of a rehearsal with their
    amounts.
    """

    end: int
    rows: int = 0
    total: int = 0
    numbers: list[int] = field(default_factory=list)
    digests: bytes = b""
    references: bytes = b""
    contents: bytes = b""
    problems: list[Problem] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    payload: bytes = b""
    people: list[tuple[RosterRow, int]] = field(default_factory=list)


def read(vault: Vault, task: Task, block: Block) -> Part:
    """Read a block of rows. Raises what `read_block` raises."""
    part = Part(block.end)
    digests, references, contents = bytearray(), bytearray(), bytearray()
    values: list[tuple[Any, ...]] = []
    seal = sealer(vault, task) if task.dialect else None
    last = 0
    for found in read_block(task.head, block, part.tally):
        part.rows += found.row != last
        last = found.row
        if isinstance(found, Problem):
            part.problems.append(found)
            continue
        amount, wrong = _amount(task, found)
        content = found.content
        reference = vault.index(found.reference, "entitlements.reference")
        digest = vault.digest(b"%d %s" % (amount, content), "entitlements.content_digest")
        part.total += amount
        part.numbers.append(found.row)
        digests += hashlib.sha256(content).digest()
        references += reference
        contents += digest
        if wrong:
            part.problems += wrong
        elif task.rehearses:
            part.people.append((found, amount))
        elif seal is not None:
            values.append(seal(found, amount, reference, digest))
    part.digests, part.references, part.contents = map(bytes, (digests, references, contents))
    part.tally.judge(task.head.header)
    if values and not part.problems:
        part.payload = _payload(task.dialect, values)
    return part


def sealer(vault: Vault, task: Task) -> Callable[[RosterRow, int, bytes, bytes], tuple[Any, ...]]:
    """Return what makes the values of a table's row of a roster's row, personal ones sealed."""
    began = int(task.roster_id.replace("-", "")[:12], 16)

    def sealed(name: str, text: str) -> bytes:
        return vault.seal(text, f"entitlements.{name}")

    def seal(row: RosterRow, amount: int, reference: bytes, digest: bytes) -> tuple[Any, ...]:
        born, account = row.birth_date, row.account
        return (
            task.municipality,
            _id(began, row.row),
            task.program_id,
            task.roster_id,
            sealed("reference", row.reference),
            reference,
            sealed("household", row.household),
            sealed("name", row.name),
            sealed("kana", row.name_kana),
            sealed("birth_date", born),
            sealed("sex", row.sex or ""),
            sealed("postal_code", row.postcode),
            sealed("address", row.address),
            amount,
            account and sealed("account_text", accounts.to_text(account)),
            row.suppressed,
            vault.index(born, "entitlements.birth_date") if _is_whole(born) else None,
            digest,
            row.household_size,
        )

    return seal


def _id(began: int, row: int) -> str:
    """Return a UUIDv7 (RFC 9562) of the roster's moment that counts its rows, so that ids sort."""
    low = 0b10 << 62 | (row & 0xFFFFF) << 42 | int.from_bytes(os.urandom(6), "big") >> 6
    text = f"{began << 80 | (0x7000 | row >> 20) << 64 | low:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _payload(dialect: str, values: Sequence[tuple[Any, ...]]) -> bytes:
    """Return rows as one database takes them fastest, made here so that the core need not."""
    if dialect != "postgresql":
        return pickle.dumps(values, protocol=pickle.HIGHEST_PROTOCOL)
    written = bytearray(COPY_BEGINS)
    for row in values:
        written += _FIELDS
        for value in row:
            match value:
                case None:
                    written += _NULL
                case bool():
                    written += _LENGTH.pack(1) + (b"\1" if value else b"\0")
                case int():
                    written += _INTEGER.pack(4, value)
                case _:
                    data = value.encode() if isinstance(value, str) else value
                    written += _LENGTH.pack(len(data)) + data
    return bytes(written + COPY_ENDS)


def _amount(task: Task, row: RosterRow) -> tuple[int, list[Problem]]:
    """Return what a row gives, and what is wrong with one that can be read but not be paid."""
    wrong: list[Problem] = []
    born = row.birth_date
    if born > task.today.isoformat():
        wrong.append(
            _problem(task, row, Column.BIRTH_DATE, Reason.DATE_INVALID, "is in the future")
        )
    try:
        amount = amount_of(
            task.terms,
            given=row.amount,
            birth_date=date.fromisoformat(born) if _is_whole(born) else None,
            household_size=row.household_size,
        )
    except AmountRefused as refused:
        column = _BLAMED.get(refused.reason, Column.AMOUNT)
        found = _problem(task, row, column, Reason.AMOUNT_INVALID, refused.message)
        wrong.append(replace(found, metadata={"amountProblem": refused.reason.value}))
        amount = 0
    return amount, wrong


def _is_whole(born: str) -> bool:
    return bool(born) and "-00" not in born


def _problem(task: Task, row: RosterRow, column: Column, reason: Reason, wrong: str) -> Problem:
    places = task.head.columns.get(column)
    if places:
        return problem(task.head, row.row, places[0], reason, wrong)
    message = f"row {row.row} {wrong}"
    return Problem(row=row.row, position=0, title="", reason=reason, message=message)
