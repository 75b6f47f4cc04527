"""What becomes of an application on its way into a bank file, and how that is kept."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from core.applications import deciding as applications
from core.applications import payee as payees
from core.applications.rows import Application
from core.banks import bank_master, payee_name
from core.banks.account import AccountType, account_number, account_type
from core.eligibility import accounts
from core.eligibility.rows import Entitlement
from core.errors import Refusal
from core.payments.zengin import writing
from core.payments.zengin.records import BankFormat, Designation, LineEnd, Originator, Transfer
from core.rosters.rows import AccountOnFile

NAME_WIDTH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Whom a line pays, in the words of the file; the names are those of the day it was proposed.

    Bank names are kept so, since the file of a batch must not change with the bank master.
    """

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    account_type: AccountType
    account_number: str
    payee_name: str

    @property
    def account(self) -> str:
        """Return the account alone, equal for equal accounts."""
        return f"{self.bank_code}-{self.branch_code}-{self.account_type}-{self.account_number}"


def payee(application: Application, entitlement: Entitlement) -> Payee:
    """Return whom the city pays for an application: by the account that was answered, if any.

    Raises what `applications.check_payable` raises, with the application in the metadata.
    """
    try:
        held = payees.account(application, entitlement)
        applications.check_payable(held)
    except Refusal as refusal:
        refusal.metadata["applicationId"] = application.id
        raise
    assert held is not None  # noqa: S101 - an entitlement without an account is not payable.
    branch = bank_master.branch(held.bank_code, held.branch_code)
    return Payee(
        bank_code=branch.bank.code,
        bank_name=branch.bank.kana,
        branch_code=branch.code,
        branch_name=branch.kana,
        account_type=account_type(held.account_type),
        account_number=account_number(held.account_number),
        payee_name=payee_name.cut(payee_name.fold(held.account_name), NAME_WIDTH),
    )


def payee_text(payee: Payee) -> str:
    """Return a payee as it is kept, before it is sealed."""
    return json.dumps(asdict(payee), ensure_ascii=False, separators=(",", ":"))


def payee_of(text: str) -> Payee:
    values: dict[str, Any] = json.loads(text)
    return Payee(**values | {"account_type": AccountType(values["account_type"])})


def masked(payee: Payee) -> str:
    """Return the account as people are shown it: 中国銀行 総社支店 普通 ****567."""
    return accounts.masked(
        AccountOnFile(
            bank_code=payee.bank_code,
            branch_code=payee.branch_code,
            account_type=payee.account_type.value,
            account_number=payee.account_number,
            account_name=payee.payee_name,
        )
    )


def transfer(payee: Payee, *, amount: int, payment_number: str) -> Transfer:
    return Transfer(
        bank_code=payee.bank_code,
        bank_name=payee.bank_name,
        branch_code=payee.branch_code,
        branch_name=payee.branch_name,
        account_type=payee.account_type,
        account_number=payee.account_number,
        payee_name=payee.payee_name,
        amount=amount,
        payment_id=payment_number,
    )


@dataclass(frozen=True, slots=True)
class Order:
    """Who orders the transfers, and how their bank wants the file: fixed when proposed."""

    originator: Originator
    format: BankFormat

    def text(self) -> str:
        """Return the order as it is kept, before it is sealed."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def of(text: str) -> "Order":
        values: dict[str, Any] = json.loads(text)
        originator, format = values["originator"], values["format"]
        originator["account_type"] = AccountType(originator["account_type"])
        format["line_end"] = LineEnd(format["line_end"])
        format["designation"] = Designation(format["designation"])
        return Order(Originator(**originator), BankFormat(**format))


def bank_file(order: Order, transfers: Sequence[Transfer], transfer_date: date) -> bytes:
    """Return the bytes of the file, equal for equal arguments."""
    return writing.write(order.originator, transfers, transfer_date, order.format)
