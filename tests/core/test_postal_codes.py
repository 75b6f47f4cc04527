"""The postal code of an address: of its town, where that is known and has one."""

import pytest

from core.postal_codes import postal_code_of


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("岡山県総社市中央一丁目１番１号", "7191131"),
        ("岡山県総社市大字三須１２番地", "7191124"),
        ("岡山県　総社市三須12", "7191124"),
        ("岡山県岡山市北区大供一丁目1-1", "7000913"),
        ("東京都千代田区霞が関2-1-3", "1000013"),
    ],
)
def test_a_town_of_a_city_has_its_code(address: str, code: str) -> None:
    assert postal_code_of(address) == code


@pytest.mark.parametrize("address", ["岡山県総社市", "岡山県総社市どこか1", "総社市三須12", ""])
def test_what_names_no_town_has_none(address: str) -> None:
    assert postal_code_of(address) == ""
