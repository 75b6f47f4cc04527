"""Transfer files, and two transfers written by hand from the layout of the standard."""

from datetime import date

from core.banks.account import AccountType
from core.payments.zengin.records import (
    BankFormat,
    NewCode,
    Transfer,
)
from core.payments.zengin.writing import write
from tests.core.payments.makers import a_transfer, an_originator

DAY = date(2026, 11, 30)


PLAIN = BankFormat()


# Written by hand from the layout of the standard, field by field.
HEADER = (
    "1" "21" "0" "0123456789"
    "ｿｳｼﾞﾔｼ ｶｲｹｲｶﾝﾘｼﾔ                        "
    "1130" "0168" "ﾁﾕｳｺﾞｸ         " "191" "ｿｳｼﾞﾔ          " "1" "0001234"
    "                 "
)  # fmt: skip


FIRST = (
    "2" "0001" "ﾐｽﾞﾎ           " "001" "ﾄｳｷﾖｳ          " "0000" "1" "1234567"
    "ｿｳｼﾞﾔ ﾀﾛｳ                     "
    "0000030000" "0" "0000000000" "0000000001" "7" " " "       "
)  # fmt: skip


SECOND = (
    "2" "9900" "ﾕｳﾁﾖ           " "238" "ﾆｻﾝﾊﾁ          " "0000" "4" "0000012"
    "KIBI HANAKO                   "
    "9999999999" "1" "0123456789" "0000000002" "7" " " "       "
)  # fmt: skip


TRAILER = "8" "000002" "010000029999" + " " * 101  # fmt: skip


END = "9" + " " * 119


GOLDEN = [HEADER, FIRST, SECOND, TRAILER, END]


def golden_transfers() -> list[Transfer]:
    return [
        a_transfer(),
        a_transfer(
            bank_code="9900",
            bank_name="ユウチヨ",
            branch_code="238",
            branch_name="ニサンハチ",
            account_type=AccountType.SAVINGS,
            account_number="0000012",
            payee_name="Ｋｉｂｉ　Ｈａｎａｋｏ",
            amount=9_999_999_999,
            payment_id="01234567890000000002",
            new_code=NewCode.FIRST,
        ),
    ]


def a_file(*transfers: Transfer, format: BankFormat = PLAIN) -> bytes:
    return write(an_originator(), transfers or golden_transfers(), DAY, format)
