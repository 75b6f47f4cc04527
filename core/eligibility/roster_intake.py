"""Takes a whole roster in for a program: what it adds up to, what is wrong, its rows sealed.

It runs before the writing transaction and outside of it, since sealing takes longer than writing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from core.crypto import Vault
from core.eligibility import accounts
from core.eligibility.rules import RosterRowsRefused
from core.ids import new_id
from core.rosters.columns import Column
from core.rosters.file import OpenRoster, open_roster
from core.rosters.rows import Contents, Problem, Reason, RosterRow
from core.rosters.text import RosterBroken

MOST_ROWS = 300_000
"""Rows of one roster, which are held in memory, sealed, until they are written."""

MOST_PROBLEMS = 1_000
"""Problems that are told; the others are only counted."""

_ROWS_NAMED = 10

Values: TypeAlias = dict[str, Any]
Seal: TypeAlias = Callable[[RosterRow], Values]


@dataclass(slots=True)
class Intake:
    """A roster that was read; `total` is in yen, `values` are its rows as the table takes them."""

    encoding: str
    rows: int = 0
    total: int = 0
    content_hash: str = ""
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    values: list[Values] = field(default_factory=list)

    def require_sound(self) -> None:
        """Raise RosterRowsRefused where there is any problem."""
        if not self.problem_count:
            return
        numbers = list(dict.fromkeys(str(one.row) for one in self.problems))
        named = ", ".join(numbers[:_ROWS_NAMED])
        raise RosterRowsRefused(
            f"{self.problem_count} problems, the first in rows {named}: nothing was taken; "
            "look at them in a preview, mend the file and import it again",
            problems=str(self.problem_count),
            rows=named,
        )


def take(chunks: Sequence[bytes], *, amount: int, today: date, seal: Seal) -> Intake:
    """Read a roster to its end for a program of this `amount` in yen.

    Raises what `open_roster` and its rows raise; what is wrong with single rows is in the intake.
    """
    roster = open_roster(chunks, most_rows=MOST_ROWS)
    contents = Contents()
    intake = Intake(roster.encoding.value)
    for found in roster.rows:
        problems = (
            [found]
            if isinstance(found, Problem)
            else list(_beyond(roster, found, amount=amount, today=today))
        )
        if problems:
            intake.problem_count += len(problems)
            intake.problems += problems[: MOST_PROBLEMS - len(intake.problems)]
            intake.values.clear()
        if isinstance(found, RosterRow):
            contents.add(found)
            intake.total += found.amount or amount
            if not intake.problem_count:
                intake.values.append(seal(found))
    if not contents.count and not intake.problem_count:
        raise RosterBroken("the file holds a header and no rows: export it again")
    intake.rows, intake.content_hash = contents.count, contents.hash()
    return intake


def sealer(
    vault: Vault, *, municipality: str, program_id: str, roster_id: str, amount: int
) -> Seal:
    """Return what makes the values of a table's row, personal ones sealed, of a roster's row."""

    def sealed(name: str, text: str) -> bytes:
        return vault.seal(text, f"entitlements.{name}")

    def seal(row: RosterRow) -> Values:
        account = row.account
        return {
            "municipality": municipality,
            "id": new_id(),
            "program_id": program_id,
            "roster_id": roster_id,
            "reference": sealed("reference", row.reference),
            "reference_index": vault.index(row.reference, "entitlements.reference"),
            "household": sealed("household", row.household),
            "name": sealed("name", row.name),
            "kana": sealed("kana", row.name_kana),
            "birth_date": sealed("birth_date", row.birth_date.isoformat()),
            "sex": sealed("sex", row.sex or ""),
            "postal_code": sealed("postal_code", row.postcode),
            "address": sealed("address", row.address),
            "amount": row.amount or amount,
            "account_text": account and sealed("account_text", accounts.to_text(account)),
            "suppressed": row.suppressed,
        }

    return seal


def unkept(row: RosterRow) -> Values:
    """Make nothing of a row: for a preview."""
    del row
    return {}


def _beyond(roster: OpenRoster, row: RosterRow, *, amount: int, today: date) -> Iterator[Problem]:
    """Yield what is wrong with a row that can be read but not be true, or not be paid."""
    if row.birth_date > today:
        yield _problem(roster, row, Column.BIRTH_DATE, Reason.DATE_INVALID, "is in the future")
    if row.amount is not None and row.amount > amount:
        wrong = f"is more than the program's amount of {amount} yen"
        yield _problem(roster, row, Column.AMOUNT, Reason.AMOUNT_INVALID, wrong)


def _problem(
    roster: OpenRoster, row: RosterRow, column: Column, reason: Reason, wrong: str
) -> Problem:
    index = roster.columns[column][0]
    title = roster.header[index]
    return Problem(
        row=row.row,
        position=index + 1,
        title=title,
        reason=reason,
        message=f"row {row.row}, column {index + 1} ({title}) {wrong}",
    )
