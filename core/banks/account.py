"""The account money is paid to: the rules of its numbers, and how little of it is ever shown."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from core.errors import BadRequest

SHOWN_DIGITS = 3


class AccountType(StrEnum):
    """預金種目 as 総合振込 takes them; the values are the codes of the file."""

    ORDINARY = "1"
    CURRENT = "2"
    SAVINGS = "4"
    OTHER = "9"


WORDS: dict[AccountType, str] = {
    AccountType.ORDINARY: "普通",
    AccountType.CURRENT: "当座",
    AccountType.SAVINGS: "貯蓄",
    AccountType.OTHER: "その他",
}


class AccountInvalid(BadRequest):
    """An account's number or type is not one; metadata hold the `problem`, never the number."""

    reason = "ACCOUNT_INVALID"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeAccount:
    """An account as a transfer names it: codes and digits only, zero-filled."""

    bank_code: str
    branch_code: str
    account_type: AccountType
    account_number: str


def account_number(text: str, *, field: str = "account_number") -> str:
    """Return the seven zero-filled digits of an account number written in any width.

    Raises `AccountInvalid`; its words never hold the number.
    """
    digits = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch("[0-9]{1,7}", digits) or not int(digits):
        raise AccountInvalid(
            f"{field} must be 1 to 7 digits, not all zero; a Japan Post symbol and number "
            "(記号・番号) must be converted first",
            field=field,
            problem="NUMBER_INVALID",
        )
    return digits.zfill(7)


def account_type(text: str, *, field: str = "account_type") -> AccountType:
    """Return the type by its code or its Japanese word. Raises `AccountInvalid`."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for kind, word in WORDS.items():
        if plain in (kind.value, word, f"{word}預金"):
            return kind
    known = ", ".join(f"{kind.value} ({word})" for kind, word in WORDS.items())
    raise AccountInvalid(f"{field} must be one of {known}", field=field, problem="TYPE_INVALID")


def masked_number(number: str) -> str:
    """Return a zero-filled account number with only its last three digits shown."""
    return "*" * (len(number) - SHOWN_DIGITS) + number[-SHOWN_DIGITS:]
