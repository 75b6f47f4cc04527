"""Makers of transfer orders, to real banks."""

from core.banks.account import AccountType
from core.payments.zengin.records import NewCode, Originator, Transfer


def an_originator(**changes: object) -> Originator:
    values: dict[str, object] = {
        "code": "0123456789",
        "name": "ｿｳｼﾞﾔｼ ｶｲｹｲｶﾝﾘｼﾔ",
        "bank_code": "0168",
        "bank_name": "ﾁﾕｳｺﾞｸ",
        "branch_code": "191",
        "branch_name": "ｿｳｼﾞﾔ",
        "account_type": AccountType.ORDINARY,
        "account_number": "0001234",
    }
    return Originator(**values | changes)  # type: ignore[arg-type]  # a maker takes any field


def a_transfer(**changes: object) -> Transfer:
    values: dict[str, object] = {
        "bank_code": "0001",
        "bank_name": "ﾐｽﾞﾎ",
        "branch_code": "001",
        "branch_name": "ﾄｳｷﾖｳ",
        "account_type": AccountType.ORDINARY,
        "account_number": "1234567",
        "payee_name": "ｿｳｼﾞﾔ ﾀﾛｳ",
        "amount": 30_000,
        "payment_id": "00000000000000000001",
        "new_code": NewCode.OTHER,
    }
    return Transfer(**values | changes)  # type: ignore[arg-type]  # a maker takes any field
