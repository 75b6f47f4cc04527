"""Banks and branches of Japan, from the data that the `zengin_code` package carries.

The data are those of one day and have no history: an unknown code may also be a closed branch.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from core.banks import payee_name
from core.banks.account import WORDS, PayeeAccount, masked_number
from core.errors import BadRequest

NAME_BYTES = 15
JAPAN_POST = "9900"

# The signs in foreign banks' readings, which a bank name in a file may not have.
_SIGNS = re.compile(r"[．\s]")
# Domestic banks by code; the data leave their 銀行 out. Others carry their kind in the name.
_BANK_CODES = re.compile("00..|01..|02[89].|03..|05..|9900")
_WHOLE_BRANCH_NAMES = ("店", "所", "部", "課", "室")


class BankUnknown(BadRequest):
    """No bank has this code."""

    reason = "BANK_UNKNOWN"


class BranchUnknown(BadRequest):
    """The bank has no branch of this code."""

    reason = "BRANCH_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Bank:
    """A financial institution: `kana` is legal in bank files and fits 15 bytes."""

    code: str
    name: str
    kana: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of `bank`: `kana` is legal in bank files and fits 15 bytes."""

    bank: Bank
    code: str
    name: str
    kana: str


@dataclass(frozen=True, slots=True)
class Named:
    """A bank or a branch by all its names: as the data write and read it, as people say it."""

    code: str
    name: str
    reading: str
    title: str


def data_date() -> date:
    """Return the day the bank data were taken."""
    stamp = _package().__version__.rpartition(".")[2]
    return datetime.strptime(stamp, "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone


def bank(code: str) -> Bank:
    """Return the bank of a four-digit code. Raises `BankUnknown`."""
    record = _package().Bank.all.get(code)
    if record is None:
        raise BankUnknown(
            f"bank_code {code!r} is no bank in the data of {data_date()}: "
            "write the four-digit code",
            field="bank_code",
            bank=code,
            dataDate=str(data_date()),
        )
    return Bank(code, record.name, _kana(record.kana))


def branch(bank_code: str, code: str) -> Branch:
    """Return a branch by its bank's code and its own three digits.

    Raises `BankUnknown` and `BranchUnknown`.
    """
    owner = bank(bank_code)
    record = _package().Bank.all[bank_code].branches.get(code)
    if record is None:
        raise BranchUnknown(
            f"branch_code {code!r} is no branch of bank {bank_code} in the data of {data_date()}: "
            "write the three-digit code; a closed branch has a successor",
            field="branch_code",
            bank=bank_code,
            branch=code,
            dataDate=str(data_date()),
        )
    return Branch(owner, code, record.name, _kana(record.kana))


def every_bank() -> Iterator[Named]:
    """Yield each bank, by code."""
    for code, record in _package().Bank.all.items():
        title = _bank_title(Bank(code, record.name, ""))
        yield Named(code, record.name, record.kana, title)


def every_branch(bank_code: str) -> Iterator[Named]:
    """Yield each branch of a bank, by code. Raises `BankUnknown`."""
    owner = bank(bank_code)
    for code, record in _package().Bank.all[bank_code].branches.items():
        title = _branch_title(Branch(owner, code, record.name, ""))
        yield Named(code, record.name, record.kana, title)


def masked(account: PayeeAccount) -> str:
    """Return how an account is shown: 中国銀行 総社支店 普通 ****567.

    Raises `BankUnknown` and `BranchUnknown`.
    """
    place = branch(account.bank_code, account.branch_code)
    number = masked_number(account.account_number)
    return " ".join((*titles(place), WORDS[account.account_type], number))


def titles(branch: Branch) -> tuple[str, str]:
    """Return the names of a bank and its branch as people say them: 中国銀行, 総社支店."""
    return _bank_title(branch.bank), _branch_title(branch)


def _bank_title(bank: Bank) -> str:
    return f"{bank.name}銀行" if _BANK_CODES.fullmatch(bank.code) else bank.name


def _branch_title(branch: Branch) -> str:
    if branch.name.endswith(_WHOLE_BRANCH_NAMES):
        return branch.name
    return branch.name + ("店" if branch.bank.code == JAPAN_POST else "支店")


@cache
def _kana(reading: str) -> str:
    plain = _SIGNS.sub("", reading)
    return payee_name.fold(plain, payee_name.Characters.BANK_NAME, field="kana")


def _package() -> Any:
    import zengin_code  # noqa: PLC0415 - reads 29,000 branches for half a second: only who asks pays

    return zengin_code
