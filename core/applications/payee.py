"""Where an application is paid: into the account that was answered, or the one on the roster."""

import json
from typing import Any

from core.applications.rows import Application
from core.eligibility import accounts
from core.eligibility import rows as eligibility
from core.eligibility.rows import Entitlement
from core.rosters.rows import AccountOnFile


def account(row: Application, entitlement: Entitlement | None) -> AccountOnFile | None:
    """Return the account to pay into; None where nobody has given one."""
    if row.payee_json is not None:
        return as_account(json.loads(row.payee_json))
    return entitlement.account if entitlement else None


def masked(row: Application, entitlement: Entitlement | None) -> str:
    """Return 中国銀行 総社支店 普通 ****567; empty where there is no account."""
    if row.payee_json is not None:
        return accounts.masked(as_account(json.loads(row.payee_json)))
    return eligibility.masked_account(entitlement) if entitlement else ""


def as_account(answer: dict[str, Any]) -> AccountOnFile:
    """Return the answer to an account block as rosters hold accounts."""
    return AccountOnFile(
        bank_code=answer["bank"],
        branch_code=answer["branch"],
        account_type=str(answer["account_type"]),
        account_number=answer["account_number"],
        account_name=answer["holder_kana"],
    )
