"""The rows of a roster, what can be wrong with one, and what all of them add up to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.rosters.values import Sex

# Part of what is hashed: a change of the form must not make an old roster look like another.
_FORM = "todoke roster 1"
# Characters that CP932 and Unicode tables pair in two ways, by the tool that made the file.
_ONE_OF_TWO = str.maketrans("〜‖−¢£¬—", "～∥－￠￡￢―")


class Reason(StrEnum):
    """Why a row cannot be taken."""

    BYTES_UNDECODABLE = "BYTES_UNDECODABLE"
    CHARACTER_LOST = "CHARACTER_LOST"
    CONTROL_CHARACTER = "CONTROL_CHARACTER"
    CELL_COUNT_WRONG = "CELL_COUNT_WRONG"
    VALUE_MISSING = "VALUE_MISSING"
    VALUE_TOO_LONG = "VALUE_TOO_LONG"
    DATE_INVALID = "DATE_INVALID"
    SEX_INVALID = "SEX_INVALID"
    AMOUNT_INVALID = "AMOUNT_INVALID"
    POSTCODE_INVALID = "POSTCODE_INVALID"
    ACCOUNT_INVALID = "ACCOUNT_INVALID"
    ACCOUNT_INCOMPLETE = "ACCOUNT_INCOMPLETE"
    REFERENCE_DUPLICATE = "REFERENCE_DUPLICATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a cell; never holds what is in it.

    `row` is numbered from 1, the header; `position` is the column from 1, or 0 for the row as a
    whole, and `title` that column's header.
    """

    row: int
    position: int
    title: str
    reason: Reason
    message: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOnFile:
    """The account that the city holds: zero-filled codes, the holder's name as it was written."""

    bank_code: str
    branch_code: str
    account_type: str
    account_number: str
    account_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One person of a roster; `row` is its number in the file, empty cells are "" or `None`."""

    row: int
    reference: str
    household: str
    name: str
    name_kana: str
    birth_date: date
    sex: Sex | None
    postcode: str
    address: str
    amount: int | None
    account: AccountOnFile | None
    suppressed: bool


class Contents:
    """Counts, sums and hashes the rows of a roster in their order.

    The same rows give the same hash in whatever encoding, with or without a byte order mark, and
    with whatever line ends, separators and ways to write a date.
    """

    def __init__(self) -> None:
        self.count = 0
        self.total = 0
        self._hash = hashlib.sha256(_FORM.encode())

    def add(self, row: RosterRow) -> None:
        """Take in the next row; its amount, if it has one, counts to the total in yen."""
        self.count += 1
        self.total += row.amount or 0
        account = row.account
        values = [
            row.reference,
            row.household,
            row.name,
            row.name_kana,
            row.birth_date.isoformat(),
            row.sex,
            row.postcode,
            row.address,
            row.amount,
            account
            and [
                account.bank_code,
                account.branch_code,
                account.account_type,
                account.account_number,
                account.account_name,
            ],
            row.suppressed,
        ]
        line = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        self._hash.update(b"\n" + line.translate(_ONE_OF_TWO).encode())

    def hash(self) -> str:
        """Return the SHA-256 so far, in hexadecimal, over the rows, their count and their total."""
        whole = self._hash.copy()
        whole.update(f"\n{self.count} {self.total}".encode())
        return whole.hexdigest()
