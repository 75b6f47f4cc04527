"""What an application rests on: its row on the list, its match, and the account to pay into."""

from sqlalchemy.orm import Session

from core.applications import rows, rules
from core.applications.rules import Verb
from core.banks import account as accounts
from core.banks import bank_master, payee_name
from core.eligibility import entitlement_rows, match_rows
from core.eligibility import rows as eligibility
from core.rosters.rows import AccountOnFile


def require_linked(session: Session, row: rows.Application) -> None:
    """Raise WrongState unless the match that the application rests on still stands."""
    linked = match_rows.is_accepted(
        session,
        row.municipality,
        entitlement_id=row.entitlement_id,
        resident_id=row.resident_id,
    )
    if not linked:
        raise rules.WrongState(
            "the match of this application is open again: decide the match first",
            state=row.state,
            verb=Verb.APPROVE,
        )


def require_not_held(row: rows.Application) -> None:
    if row.is_held:
        raise rules.LeftRoster(
            "the row of this application left the roster: keep the application, or reject it",
            version=str(row.left_version),
        )


def entitlement_of(session: Session, row: rows.Application) -> eligibility.Entitlement | None:
    """Return what an application is for; None where it is for none, or for none yet."""
    if not row.entitlement_id:
        return None
    return entitlement_rows.get(session, row.municipality, row.entitlement_id)


def check_payable(account: AccountOnFile | None) -> None:
    """Raise the refusal of an account or name that a bank file could not hold."""
    if account is None:
        raise accounts.AccountInvalid(
            "there is no account to pay into: ask the resident for one",
            problem="MISSING",
        )
    bank_master.branch(account.bank_code, account.branch_code)
    accounts.account_number(account.account_number)
    accounts.account_type(account.account_type)
    payee_name.fold(account.account_name, payee_name.Characters.NAME, field="account_name")
