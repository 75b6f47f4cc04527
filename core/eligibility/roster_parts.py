"""Reads and seals a part of a roster: the work of a process of its own, or of a thread."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date

from core.crypto import Vault
from core.eligibility import roster_payload
from core.eligibility.roster_payload import is_whole
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

_BLAMED = {
    AmountProblem.HOUSEHOLD_SIZE_MISSING: Column.HOUSEHOLD_SIZE,
    AmountProblem.BIRTH_DATE_MISSING: Column.BIRTH_DATE,
    AmountProblem.IN_NO_BAND: Column.BIRTH_DATE,
}


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
    rows, amounts = _rows(task, block, part)
    part.total = sum(amounts)
    part.numbers = [row.row for row in rows]
    contents = [row.content for row in rows]
    references = vault.digest_each(
        (row.reference.encode() for row in rows), "entitlements.reference"
    )
    digests = vault.digest_each(
        (b"%d %s" % one for one in zip(amounts, contents, strict=True)),
        "entitlements.content_digest",
    )
    part.digests = b"".join(hashlib.sha256(content).digest() for content in contents)
    part.references, part.contents = b"".join(references), b"".join(digests)
    part.tally.judge(task.head.header)
    if rows and task.dialect and not task.rehearses and not part.problems:
        sealed = roster_payload.sealed(
            vault,
            rows,
            amounts=amounts,
            references=references,
            digests=digests,
            municipality=task.municipality,
            program_id=task.program_id,
            roster_id=task.roster_id,
        )
        part.payload = roster_payload.packed(task.dialect, sealed)
    return part


def _rows(task: Task, block: Block, part: Part) -> tuple[list[RosterRow], list[int]]:
    """Return the rows that can be read, with their amounts; put what is wrong into the part."""
    rows: list[RosterRow] = []
    amounts: list[int] = []
    today = task.today.isoformat()
    last = 0
    for found in read_block(task.head, block, part.tally):
        part.rows += found.row != last
        last = found.row
        if isinstance(found, Problem):
            part.problems.append(found)
            continue
        amount, wrong = _amount(task, found, today)
        part.problems += wrong
        if task.rehearses and not wrong:
            part.people.append((found, amount))
        rows.append(found)
        amounts.append(amount)
    return rows, amounts


def _amount(task: Task, row: RosterRow, today: str) -> tuple[int, list[Problem]]:
    """Return what a row gives, and what is wrong with one that can be read but not be paid."""
    wrong: list[Problem] = []
    born = row.birth_date
    if born > today:
        wrong.append(
            _problem(task, row, Column.BIRTH_DATE, Reason.DATE_INVALID, "is in the future")
        )
    try:
        amount = amount_of(
            task.terms,
            given=row.amount,
            birth_date=date.fromisoformat(born) if is_whole(born) else None,
            household_size=row.household_size,
        )
    except AmountRefused as refused:
        column = _BLAMED.get(refused.reason, Column.AMOUNT)
        found = _problem(task, row, column, Reason.AMOUNT_INVALID, refused.message)
        wrong.append(replace(found, metadata={"amountProblem": refused.reason.value}))
        amount = 0
    return amount, wrong


def _problem(task: Task, row: RosterRow, column: Column, reason: Reason, wrong: str) -> Problem:
    places = task.head.columns.get(column)
    if places:
        return problem(task.head, row.row, places[0], reason, wrong)
    message = f"row {row.row} {wrong}"
    return Problem(row=row.row, position=0, title="", reason=reason, message=message)
