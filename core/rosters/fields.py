"""Reads the cells of one row by what their columns hold, and says what is wrong with which."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from core.rosters import births, values
from core.rosters.cells import Sheet, problem
from core.rosters.columns import ACCOUNT, Column
from core.rosters.rows import AccountOnFile, Problem, Reason, RosterRow

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
# What is said of a cell that cannot be read.
_UNREADABLE: dict[Column, tuple[Reason, str]] = {
    Column.BIRTH_DATE: (
        Reason.DATE_INVALID,
        "must be a date such as 1950-01-02, 1950/1/2, 19500102, 昭和25年1月2日 or S25.1.2",
    ),
    Column.SEX: (Reason.SEX_INVALID, "must be 男, 女, 1, 2, M, F or empty"),
    Column.POSTCODE: (Reason.POSTCODE_INVALID, "must be 7 digits or empty"),
    Column.AMOUNT: (Reason.AMOUNT_INVALID, "must be whole yen from 1, or empty"),
    Column.HOUSEHOLD_SIZE: (
        Reason.HOUSEHOLD_SIZE_INVALID,
        "must be a number of people from 1 to 99, or empty",
    ),
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

READERS: dict[Column, tuple[Callable[[str], Any], Any]] = {
    Column.REFERENCE: (values.plain, ""),
    Column.HOUSEHOLD: (values.plain, ""),
    Column.NAME: (str, ""),
    Column.NAME_KANA: (str, ""),
    Column.BIRTH_DATE: (births.read, ""),
    Column.SEX: (values.sex, None),
    Column.POSTCODE: (values.postcode, ""),
    Column.ADDRESS: (str, ""),
    Column.AMOUNT: (values.yen, None),
    Column.BANK_CODE: (values.bank_code, ""),
    Column.BRANCH_CODE: (values.branch_code, ""),
    Column.ACCOUNT_TYPE: (values.account_type, ""),
    Column.ACCOUNT_NUMBER: (values.account_number, ""),
    Column.ACCOUNT_NAME: (str, ""),
    Column.SUPPRESSION: (values.suppressed, False),
    Column.HOUSEHOLD_SIZE: (values.household_size, None),
}
"""What reads a cell that is filled, and what stands for an empty one."""


class Understood(Sheet, Protocol):
    """What must be known of a file to know what its cells hold."""

    @property
    def columns(self) -> Mapping[Column, tuple[int, ...]]: ...

    @property
    def required(self) -> frozenset[Column]: ...


class Cells:
    """The cells of one row by column, and what is found wrong while they are read."""

    def __init__(self, head: Understood, number: int, texts: list[str]) -> None:
        self.problems: list[Problem] = []
        self._table = head
        self._columns = head.columns
        self._required = head.required
        self._number = number
        self._texts = {column: joined(texts, places) for column, places in head.columns.items()}

    def row(self) -> RosterRow:
        """Return the row; it is only to be used when there are no `problems`."""
        return RosterRow(
            row=self._number,
            reference=self._read(Column.REFERENCE),
            household=self._read(Column.HOUSEHOLD),
            name=self._read(Column.NAME),
            name_kana=self._read(Column.NAME_KANA),
            birth_date=self._read(Column.BIRTH_DATE),
            sex=self._read(Column.SEX),
            postcode=self._read(Column.POSTCODE),
            address=self._read(Column.ADDRESS),
            amount=self._read(Column.AMOUNT),
            account=self._account(),
            suppressed=self._read(Column.SUPPRESSION),
            household_size=self._read(Column.HOUSEHOLD_SIZE),
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
            bank_code=self._read(Column.BANK_CODE),
            branch_code=self._read(Column.BRANCH_CODE),
            account_type=self._read(Column.ACCOUNT_TYPE),
            account_number=self._read(Column.ACCOUNT_NUMBER),
            account_name=self._read(Column.ACCOUNT_NAME),
        )

    def _read(self, column: Column) -> Any:
        """Return what its reader makes of the cell, or what stands for an empty one."""
        reader, otherwise = READERS[column]
        text = self._texts.get(column, "")
        most = most_of(column)
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


def most_of(column: Column) -> int:
    """Return the most characters that a cell of this column may have."""
    return MOST_CHARACTERS.get(column, _MOST_OTHERWISE)


def joined(texts: Sequence[str], places: Sequence[int]) -> str:
    """Return what a column holds; an address may be spread over several, like 住所 and 方書."""
    if len(places) == 1:
        return texts[places[0]].strip()
    return "　".join(filter(None, (texts[index].strip() for index in places)))
