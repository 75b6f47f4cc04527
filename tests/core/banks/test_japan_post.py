"""A passbook's symbol and number become the account other banks know."""

import pytest

from core.banks import japan_post
from core.banks.account import AccountInvalid


@pytest.mark.parametrize(
    ("symbol", "number", "account"),
    [
        ("12340", "12345671", ("238", "1", "1234567")),
        ("01940", "123456", ("199", "2", "0123456")),
        ("１２３４０", "１２３４５６７１", ("238", "1", "1234567")),
        ("15430", "101", ("548", "1", "0000010")),
        ("12340-2", "12345671", ("238", "1", "1234567")),
        ("01310-1", "57890", ("139", "2", "0057890")),
    ],
)
def test_symbol_and_number_become_an_account(
    symbol: str, number: str, account: tuple[str, str, str]
) -> None:
    found = japan_post.payee_account(symbol, number)
    assert found.bank_code == "9900"
    assert (found.branch_code, found.account_type, found.account_number) == account


@pytest.mark.parametrize(
    ("symbol", "number", "field"),
    [
        ("22340", "12345671", "symbol"),
        ("12345", "12345671", "symbol"),
        ("1234", "12345671", "symbol"),
        ("11980", "12345671", "symbol"),  # Branch 198 does not exist.
        ("12340", "12345670", "number"),
        ("12340", "123456781", "number"),
        ("12340", "00000001", "number"),
        ("12340", "", "number"),
        ("01940", "1234567", "number"),
        ("01940", "12a", "number"),
    ],
)
def test_what_japan_post_never_gave_out_is_refused_and_not_repeated(
    symbol: str, number: str, field: str
) -> None:
    with pytest.raises(AccountInvalid) as refused:
        japan_post.payee_account(symbol, number)
    assert refused.value.violations[0][0] == field
    assert refused.value.metadata["problem"] == f"JAPAN_POST_{field.upper()}_INVALID"
    assert not number or number not in str(refused.value)
