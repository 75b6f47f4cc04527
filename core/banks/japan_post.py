"""Turns a Japan Post passbook's symbol and number (記号・番号) into an account of bank 9900.

The rule is Japan Post Bank's conversion as several publishers give it. The check digits of symbol
and number are not published; the table of branches is the filter against typing errors.
"""

import re
import unicodedata

from core.banks import bank_master
from core.banks.account import AccountInvalid, AccountType, PayeeAccount

# The sixth digit, on a reissued passbook or a transfer account, plays no part.
_SYMBOL = re.compile(r"([01])([0-9]{2})[0-9]0(?:-?[0-9])?")
_SAVINGS_NUMBER = re.compile("([0-9]{1,7})1")
_TRANSFER_NUMBER = re.compile("([0-9]{1,6})")


def payee_account(symbol: str, number: str) -> PayeeAccount:
    """Return the account that other banks know a symbol and number by.

    12340/12345671 is branch 238, ordinary, 1234567; 01940/123456 is branch 199, current, 0123456.
    Raises `AccountInvalid`; its words never hold the number.
    """
    head = _SYMBOL.fullmatch(_plain(symbol))
    if not head:
        raise AccountInvalid(
            "symbol must be 5 digits that begin with 0 or 1 and end in 0, such as 12340",
            field="symbol",
            problem="JAPAN_POST_SYMBOL_INVALID",
        )
    is_savings = head[1] == "1"
    branch_code = head[2] + ("8" if is_savings else "9")
    try:
        bank_master.branch(bank_master.JAPAN_POST, branch_code)
    except bank_master.BranchUnknown as unknown:
        raise AccountInvalid(
            f"symbol leads to branch {branch_code}, which does not exist: check its digits",
            field="symbol",
            problem="JAPAN_POST_SYMBOL_INVALID",
            branch=branch_code,
        ) from unknown
    tail = (_SAVINGS_NUMBER if is_savings else _TRANSFER_NUMBER).fullmatch(_plain(number))
    if not tail or not int(tail[1]):
        raise AccountInvalid(
            "number must be at most 8 digits ending in 1 for a symbol that begins with 1, "
            "at most 6 digits for one that begins with 0",
            field="number",
            problem="JAPAN_POST_NUMBER_INVALID",
        )
    return PayeeAccount(
        bank_code=bank_master.JAPAN_POST,
        branch_code=branch_code,
        account_type=AccountType.ORDINARY if is_savings else AccountType.CURRENT,
        account_number=tail[1].zfill(7),
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
