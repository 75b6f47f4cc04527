"""Reads a municipality's roster row by row while it arrives, and says what is wrong with which row.

Nothing is kept of a row once it is handed on, but its reference number, which must be unique.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from core.errors import TooMany
from core.rosters import values
from core.rosters.cells import problem, text_of
from core.rosters.columns import ACCOUNT, REQUIRED, Column, guess
from core.rosters.rows import AccountOnFile, Problem, Reason, RosterRow
from core.rosters.text import Encoding, Table, open_table

MOST_ROWS = 1_000_000
MOST_CHARACTERS: dict[Column, int] = {
    Column.REFERENCE: 20,
    Column.HOUSEHOLD: 20,
    Column.NAME: 100,
    Column.NAME_KANA: 100,
    Column.ADDRESS: 300,
    Column.ACCOUNT_NAME: 100,
}
_MOST_OTHERWISE = 40

_EMPTY = "must not be empty"
_DUPLICATE = "repeats the reference number of row {}: keep one of them"
# What is said of a cell that cannot be read.
_UNREADABLE: dict[Column, tuple[Reason, str]] = {
    Column.BIRTH_DATE: (
        Reason.DATE_INVALID,
        "must be a date such as 1950-01-02, 1950/1/2, 19500102, 昭和25年1月2日 or S25.1.2",
    ),
    Column.SEX: (Reason.SEX_INVALID, "must be 男, 女, 1, 2, M, F or empty"),
    Column.POSTCODE: (Reason.POSTCODE_INVALID, "must be 7 digits or empty"),
    Column.AMOUNT: (Reason.AMOUNT_INVALID, "must be whole yen from 1, or empty"),
    Column.BANK_CODE: (Reason.ACCOUNT_INVALID, "must be at most 4 digits"),
    Column.BRANCH_CODE: (Reason.ACCOUNT_INVALID, "must be at most 3 digits"),
    Column.ACCOUNT_TYPE: (
        Reason.ACCOUNT_INVALID,
        "must be 1 (普通), 2 (当座), 4 (貯蓄) or 9 (その他)",
    ),
    Column.ACCOUNT_NUMBER: (
        Reason.ACCOUNT_INVALID,
        "must be at most 7 digits; a Japan Post symbol and number must be converted first",
    ),
}

Value = TypeVar("Value")


class RosterTooLarge(TooMany):
    """The roster has more rows than are taken at once; metadata hold the `limit`."""

    reason = "ROSTER_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class OpenRoster:
    """A roster whose header is understood; reading `rows` gives each row, or what is wrong with it.

    `columns` says where each column stands, from 0. Reading may raise `MyNumberInRoster`,
    `RosterTooLarge` and `RosterBroken`: then nothing of the roster is to be taken.
    """

    encoding: Encoding
    delimiter: str
    header: tuple[str, ...]
    columns: Mapping[Column, tuple[int, ...]]
    rows: Iterator[RosterRow | Problem]


def open_roster(
    chunks: Iterable[bytes],
    *,
    required: frozenset[Column] = REQUIRED,
    names: Mapping[str, Column] | None = None,
    most_rows: int = MOST_ROWS,
) -> OpenRoster:
    """Understand the header of a roster that arrives in chunks of bytes, and read on from there.

    `required` adds columns that this program cannot do without, and whose cells must be filled;
    `names` are headers of this roster's own. Raises `EncodingUnknown`, `RosterBroken`,
    `ColumnsMissing`, `ColumnAmbiguous` and `MyNumberInRoster`.
    """
    required = REQUIRED | required
    table = open_table(chunks)
    columns = guess(table.header, required=required, names=names)
    return OpenRoster(
        encoding=table.encoding,
        delimiter=table.delimiter,
        header=tuple(table.header),
        columns=columns,
        rows=_rows(table, columns, required, most_rows),
    )


def _rows(
    table: Table, columns: Mapping[Column, tuple[int, ...]], required: frozenset[Column], most: int
) -> Iterator[RosterRow | Problem]:
    first_row: dict[str, int] = {}
    for count, (number, raw) in enumerate(table.rows, 1):
        if count > most:
            raise RosterTooLarge(
                f"the roster has more than {most} rows: import it in parts", limit=str(most)
            )
        texts, problems = text_of(table, number, raw)
        if problems:
            yield from problems
            continue
        cells = _Cells(table, columns, required, number, texts)
        row = cells.row()
        if row.reference and first_row.setdefault(row.reference, number) != number:
            first = first_row[row.reference]
            cells.refuse(
                Column.REFERENCE,
                Reason.REFERENCE_DUPLICATE,
                _DUPLICATE.format(first),
                firstRow=str(first),
            )
        if cells.problems:
            yield from cells.problems
        else:
            yield row


class _Cells:
    """The cells of one row by column, and what is found wrong while they are read."""

    def __init__(
        self,
        table: Table,
        columns: Mapping[Column, tuple[int, ...]],
        required: frozenset[Column],
        number: int,
        texts: list[str],
    ) -> None:
        self.problems: list[Problem] = []
        self._table = table
        self._columns = columns
        self._required = required
        self._number = number
        self._texts = {
            # An address may be spread over columns, like 住所 and 方書.
            column: "　".join(filter(None, (texts[index].strip() for index in places)))
            for column, places in columns.items()
        }

    def row(self) -> RosterRow:
        """Return the row; it is only to be used when there are no `problems`."""
        return RosterRow(
            row=self._number,
            reference=self._read(Column.REFERENCE, values.plain, ""),
            household=self._read(Column.HOUSEHOLD, values.plain, ""),
            name=self._read(Column.NAME, str, ""),
            name_kana=self._read(Column.NAME_KANA, str, ""),
            birth_date=self._read(Column.BIRTH_DATE, values.birth_date, date.min),
            sex=self._read(Column.SEX, values.sex, None),
            postcode=self._read(Column.POSTCODE, values.postcode, ""),
            address=self._read(Column.ADDRESS, str, ""),
            amount=self._read(Column.AMOUNT, values.yen, None),
            account=self._account(),
            suppressed=self._read(Column.SUPPRESSION, values.suppressed, False),
        )

    def refuse(self, column: Column, reason: Reason, wrong: str, **metadata: str) -> None:
        """Note that the cell of this column cannot be taken."""
        index = self._columns[column][0]
        found = problem(self._table, self._number, index, reason, wrong)
        self.problems.append(replace(found, metadata=metadata))

    def _account(self) -> AccountOnFile | None:
        """Return the account on file; a row has all of it or nothing."""
        filled = [column for column in ACCOUNT if self._texts.get(column)]
        if not filled:
            return None
        for column in Column:
            if column in ACCOUNT and column not in filled:
                self.refuse(column, Reason.ACCOUNT_INCOMPLETE, f"{_EMPTY} beside an account")
        return AccountOnFile(
            bank_code=self._read(Column.BANK_CODE, values.bank_code, ""),
            branch_code=self._read(Column.BRANCH_CODE, values.branch_code, ""),
            account_type=self._read(Column.ACCOUNT_TYPE, values.account_type, ""),
            account_number=self._read(Column.ACCOUNT_NUMBER, values.account_number, ""),
            account_name=self._read(Column.ACCOUNT_NAME, str, ""),
        )

    def _read(self, column: Column, reader: Callable[[str], Value], otherwise: Value) -> Value:
        """Return what the reader makes of the cell, or `otherwise` where it cannot be read."""
        text = self._texts.get(column, "")
        most = MOST_CHARACTERS.get(column, _MOST_OTHERWISE)
        if not text:
            if column in self._required:
                self.refuse(column, Reason.VALUE_MISSING, _EMPTY)
        elif len(text) > most:
            wrong = f"must be at most {most} characters"
            self.refuse(column, Reason.VALUE_TOO_LONG, wrong, most=str(most))
        else:
            try:
                return reader(text)
            except ValueError:
                self.refuse(column, *_UNREADABLE[column])
        return otherwise
