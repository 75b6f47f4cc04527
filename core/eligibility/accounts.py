"""The account that the city holds of a person: how it is kept, and how little of it is shown."""

import json
from dataclasses import asdict

from core.banks import bank_master
from core.banks.account import WORDS, AccountType, PayeeAccount, masked_number
from core.rosters.rows import AccountOnFile


def to_text(account: AccountOnFile) -> str:
    """Return an account as it is kept, before it is sealed."""
    return json.dumps(asdict(account), ensure_ascii=False)


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
