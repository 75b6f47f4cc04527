"""Where an application is paid: into the account that was answered, or the one on the roster."""

import json
from typing import Any

from sqlalchemy.orm import Session

from core.applications.rows import Application
from core.eligibility import accounts, entitlement_rows
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


def entitlement_of(session: Session, row: Application) -> Entitlement | None:
    """Return what an application is for; None where it is for none, or for none yet."""
    if not row.entitlement_id:
        return None
    return entitlement_rows.get(session, row.municipality, row.entitlement_id)
