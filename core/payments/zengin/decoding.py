"""Reads the single records of a 総合振込 file strictly, and says what is wrong with which."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from core.banks import payee_name
from core.banks.account import AccountType
from core.banks.payee_name import Characters
from core.errors import BadRequest
from core.payments.zengin import layout
from core.payments.zengin.records import NewCode, Originator, Transfer
from core.payments.zengin.writing import ORIGINATOR_ACCOUNTS

_LAYOUTS = {"1": layout.HEADER, "2": layout.DATA, "8": layout.TRAILER, "9": layout.END}

Code = TypeVar("Code", bound=StrEnum)


class Problem(StrEnum):
    """What is wrong with a file."""

    WRONG_LENGTH = "WRONG_LENGTH"
    WRONG_ORDER = "WRONG_ORDER"
    TOTALS_DIFFER = "TOTALS_DIFFER"
    ILLEGAL_CHARACTER = "ILLEGAL_CHARACTER"
    FIELD_INVALID = "FIELD_INVALID"


class TransferFileBroken(BadRequest):
    """The bytes are no 総合振込 file; metadata hold `record` (from 1) and `problem`."""

    reason = "TRANSFER_FILE_BROKEN"


def fields(raw: bytes, number: int) -> dict[str, str]:
    """Return the values of the record of this number, its names and unused bytes checked."""
    known = _LAYOUTS.get(chr(raw[0]))
    if known is None:
        raise invalid(number, Problem.WRONG_ORDER, "a record must begin with 1, 2, 8 or 9")
    try:
        values = layout.decode(known, raw)
    except layout.Unfit as unfit:
        raise invalid(number, Problem.FIELD_INVALID, str(unfit)) from unfit
    if values["blank"]:
        raise invalid(number, Problem.FIELD_INVALID, "unused bytes must be spaces")
    for name in ("bank_name", "branch_name"):
        _check_name(values.get(name, ""), Characters.BANK_NAME, name, number)
    for name in ("originator_name", "payee_name"):
        if name in values and not values[name]:
            raise invalid(number, Problem.FIELD_INVALID, f"{name} must not be blank")
        _check_name(values.get(name, ""), Characters.NAME, name, number)
    return values


def _check_name(name: str, characters: Characters, field: str, number: int) -> None:
    if not name:
        return
    try:
        folded = payee_name.fold(name, characters, wo=characters is Characters.NAME)
    except payee_name.IllegalCharacter as illegal:
        raise invalid(
            number,
            Problem.ILLEGAL_CHARACTER,
            f"{field} has {illegal.metadata['codePoint']} at position "
            f"{illegal.metadata['position']}",
        ) from illegal
    if folded != name:
        raise invalid(
            number, Problem.ILLEGAL_CHARACTER, f"{field} is not in the legal characters of a file"
        )


def originator(record: Mapping[str, str]) -> Originator:
    """Return what the header, record 1, says of the originator."""
    if (record["file_kind"], record["code_kind"]) != ("21", "0"):
        raise invalid(1, Problem.FIELD_INVALID, "must be a 総合振込 (21) in JIS (0)")
    account_type = choice(AccountType, record["account_type"], "account_type", 1)
    if account_type not in ORIGINATOR_ACCOUNTS:
        raise invalid(1, Problem.FIELD_INVALID, "account_type must be 1, 2 or 9")
    return Originator(
        code=record["originator_code"],
        name=record["originator_name"],
        bank_code=record["bank_code"],
        bank_name=record["bank_name"],
        branch_code=record["branch_code"],
        branch_name=record["branch_name"],
        account_type=account_type,
        account_number=record["account_number"],
    )


def transfer(record: Mapping[str, str], number: int) -> Transfer:
    """Return what a data record says."""
    if record["edi_mark"]:
        raise invalid(number, Problem.FIELD_INVALID, "EDI information (識別表示 Y) is not read")
    amount = int(record["amount"])
    if not amount:
        raise invalid(number, Problem.FIELD_INVALID, "amount must be at least 1 yen")
    return Transfer(
        bank_code=record["bank_code"],
        bank_name=record["bank_name"],
        branch_code=record["branch_code"],
        branch_name=record["branch_name"],
        account_type=choice(AccountType, record["account_type"], "account_type", number),
        account_number=record["account_number"],
        payee_name=record["payee_name"],
        amount=amount,
        payment_id=record["customer_code_1"] + record["customer_code_2"],
        new_code=choice(NewCode, record["new_code"], "new_code", number),
    )


def month_day(header: Mapping[str, str]) -> str:
    """Return the header's day, MMDD."""
    text = header["month_day"]
    try:
        date(2000, int(text[:2]), int(text[2:]))  # A leap year: 0229 is a day.
    except ValueError as wrong:
        raise invalid(1, Problem.FIELD_INVALID, "month_day must be a day, MMDD") from wrong
    return text


def choice(kind: type[Code], value: str, field: str, number: int) -> Code:
    """Return the code that a field says, or refuse it."""
    try:
        return kind(value)
    except ValueError as unknown:
        raise invalid(number, Problem.FIELD_INVALID, f"{field} has no such code") from unknown


def invalid(number: int, problem: Problem, message: str) -> TransferFileBroken:
    """Return the refusal of a file for what is wrong with one of its records."""
    return TransferFileBroken(
        f"record {number}: {message}", field="file", record=str(number), problem=problem.value
    )
