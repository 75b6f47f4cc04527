"""The account that the city holds of a person: how it is kept, and how little of it is shown."""

import json

from core.banks import bank_master
from core.banks.account import WORDS, AccountType, PayeeAccount, masked_number
from core.rosters.rows import AccountOnFile

_written = json.JSONEncoder(ensure_ascii=False).encode


def to_text(account: AccountOnFile) -> str:
    """Return an account as it is kept, before it is sealed."""
    return _written(
        {
            "bank_code": account.bank_code,
            "branch_code": account.branch_code,
            "account_type": account.account_type,
            "account_number": account.account_number,
            "account_name": account.account_name,
        }
    )


def from_text(text: str) -> AccountOnFile:
    return AccountOnFile(**json.loads(text))


def masked(held: AccountOnFile) -> str:
    """Return 中国銀行 総社支店 普通 ****567.

    Codes stand for a bank or branch that the bank master lacks: it may have closed.
    """
    account = PayeeAccount(
        bank_code=held.bank_code,
        branch_code=held.branch_code,
        account_type=AccountType(held.account_type),
        account_number=held.account_number,
    )
    try:
        return bank_master.masked(account)
    except (bank_master.BankUnknown, bank_master.BranchUnknown):
        number = masked_number(held.account_number)
        words = WORDS[account.account_type]
        return f"{held.bank_code} {held.branch_code} {words} {number}"
