"""Banks and branches are the real ones, and accounts show three digits at most."""

from datetime import date

import pytest
from zengin_code import Bank as Record

from core.banks import bank_master
from core.banks.account import (
    AccountInvalid,
    AccountType,
    PayeeAccount,
    account_number,
    account_type,
    masked_number,
)
from core.banks.bank_master import BankUnknown, BranchUnknown, masked
from core.banks.payee_name import LEGAL, Characters


def an_account(**changes: object) -> PayeeAccount:
    values: dict[str, object] = {
        "bank_code": "0168",
        "branch_code": "191",
        "account_type": AccountType.ORDINARY,
        "account_number": "1234567",
    }
    return PayeeAccount(**values | changes)  # type: ignore[arg-type]  # a maker takes any field


def test_the_data_say_their_day() -> None:
    assert bank_master.data_date() >= date(2026, 1, 1)


def test_a_bank_and_a_branch_are_found_by_code() -> None:
    assert bank_master.bank("0005").name == "三菱ＵＦＪ"
    assert bank_master.bank("0005").kana == "ﾐﾂﾋﾞｼﾕ-ｴﾌｼﾞｴｲ"
    found = bank_master.branch("0168", "191")
    assert (found.name, found.kana, found.bank.kana) == ("総社", "ｿｳｼﾞﾔ", "ﾁﾕｳｺﾞｸ")


@pytest.mark.parametrize("code", ["9999", "", "168", "０１６８", "0168 "])
def test_an_unknown_bank_is_refused_with_the_date_of_the_data(code: str) -> None:
    with pytest.raises(BankUnknown, match="write the four-digit code") as refused:
        bank_master.bank(code)
    assert refused.value.metadata["dataDate"] == str(bank_master.data_date())


def test_an_unknown_branch_is_refused() -> None:
    with pytest.raises(BranchUnknown, match="no branch of bank 0168"):
        bank_master.branch("0168", "999")
    with pytest.raises(BankUnknown):
        bank_master.branch("9999", "999")


def test_every_name_of_the_data_fits_a_bank_file() -> None:
    for code, record in Record.all.items():
        for branch_code in record.branches:
            branch = bank_master.branch(code, branch_code)
            for kana in (branch.kana, branch.bank.kana):
                assert 1 <= len(kana) <= bank_master.NAME_BYTES
                assert set(kana) <= LEGAL[Characters.BANK_NAME]


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        (an_account(), "中国銀行 総社支店 普通 ****567"),
        (an_account(branch_code="101"), "中国銀行 本店営業部 普通 ****567"),
        (
            an_account(bank_code="9900", branch_code="238", account_type=AccountType.SAVINGS),
            "ゆうちょ銀行 二三八店 貯蓄 ****567",
        ),
        (
            an_account(bank_code="1001", branch_code="001", account_number="0000012"),
            "北海道信金 本店営業部 普通 ****012",
        ),
    ],
)
def test_a_masked_account_shows_its_last_three_digits(account: PayeeAccount, shown: str) -> None:
    assert masked(account) == shown


def test_a_masked_number_hides_all_but_three_digits() -> None:
    assert masked_number("1234567") == "****567"


@pytest.mark.parametrize(
    ("text", "number"), [("1", "0000001"), ("１２３４５６７", "1234567"), (" 0012 ", "0000012")]
)
def test_an_account_number_is_filled_to_seven_digits(text: str, number: str) -> None:
    assert account_number(text) == number


@pytest.mark.parametrize("text", ["", "12345678", "12-345", "0000000", "abc", "١٢٣"])
def test_another_account_number_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(AccountInvalid) as refused:
        account_number(text, field="payee.account_number")
    assert refused.value.violations[0][0] == "payee.account_number"
    assert not text or text not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1", "1"),
        ("普通", "1"),
        ("普通預金", "1"),
        ("２", "2"),
        ("当座", "2"),
        ("貯蓄", "4"),
        ("9", "9"),
    ],
)
def test_an_account_type_is_known_by_code_and_by_word(text: str, kind: str) -> None:
    assert account_type(text) == kind


@pytest.mark.parametrize("text", ["", "3", "定期", "12"])
def test_a_type_no_transfer_goes_to_is_refused(text: str) -> None:
    with pytest.raises(AccountInvalid, match="普通"):
        account_type(text)
