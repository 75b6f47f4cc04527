"""The town of an address, as registers and cards write it."""

import pytest

from core.ledger.areas import kanji, town_of


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("岡山県総社市中央一丁目1番1号", "中央一丁目"),
        ("総社市中央１丁目１－１", "中央一丁目"),
        ("総社市中央十二丁目3", "中央十二丁目"),
        ("総社市大字井手１２番地", "井手"),
        ("総社市三須一二三番地", "三須"),
        ("総社市 三番町 4-5", "三番町"),
        ("中央二丁目 1-2", "中央二丁目"),
        ("", ""),
    ],
)
def test_house_and_building_are_left_out(address: str, town: str) -> None:
    assert town_of(address, "総社市") == town


def test_a_towns_number_is_written_as_its_sign() -> None:
    assert [kanji(number) for number in (1, 10, 12, 20, 35)] == [
        "一",
        "十",
        "十二",
        "二十",
        "三十五",
    ]
