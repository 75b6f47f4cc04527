"""What payments do with applications: into a batch and out of it, if the account can be paid."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import rows
from core.applications.moving import move
from core.applications.rules import Verb
from core.banks import account as accounts
from core.banks import bank_master, payee_name
from core.callers import Caller
from core.rosters.rows import AccountOnFile


def put_into_batch(session: Session, by: Caller, row: rows.Application, now: datetime) -> None:
    """Take an approved application into a transfer batch."""
    move(session, by, row, Verb.PUT_INTO_BATCH, now)


def take_out_of_batch(session: Session, by: Caller, row: rows.Application, now: datetime) -> None:
    """Let an application wait for another batch."""
    move(session, by, row, Verb.TAKE_OUT_OF_BATCH, now)


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
