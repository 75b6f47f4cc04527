"""Values of a roster are read in every way that municipal systems write them."""

from datetime import date

import pytest

from core.rosters import values
from core.rosters.values import Sex


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1950-01-02", (1950, 1, 2)),
        ("1950/1/2", (1950, 1, 2)),
        ("1950.1.2", (1950, 1, 2)),
        ("１９５０年１月２日", (1950, 1, 2)),
        ("19500102", (1950, 1, 2)),
        ("1950/01/02 0:00:00", (1950, 1, 2)),
        ("昭和25年1月2日", (1950, 1, 2)),
        ("昭和 25年 1月 2日", (1950, 1, 2)),
        ("㍼25年1月2日", (1950, 1, 2)),
        ("S25.1.2", (1950, 1, 2)),
        ("s25/01/02", (1950, 1, 2)),
        ("S.25.1.2", (1950, 1, 2)),
        ("S250102", (1950, 1, 2)),
        ("令和元年5月1日", (2019, 5, 1)),
        ("R1.5.1", (2019, 5, 1)),
        ("平成元年1月8日", (1989, 1, 8)),
        ("平成31年4月30日", (2019, 4, 30)),
        ("昭和64年1月7日", (1989, 1, 7)),
        ("昭和元年12月25日", (1926, 12, 25)),
        ("大正15年12月25日", (1926, 12, 25)),
        ("明治45年7月30日", (1912, 7, 30)),
        ("R6.2.29", (2024, 2, 29)),
    ],
)
def test_a_birth_date_is_read(text: str, day: tuple[int, int, int]) -> None:
    assert values.birth_date(text) == date(*day)


@pytest.mark.parametrize(
    "text",
    ["1950", "1950-13-01", "1950-02-30", "0195-01-02", "1950-1-2-3", "X25.1.2", "25.1.2", "不詳",
     "昭和64年1月8日", "昭和25年", "昭和0年1月2日", "昭和25年0月0日", "平成元年1月7日",
     "令和元年4月30日"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        values.birth_date(text)


@pytest.mark.parametrize(
    ("text", "sex"),
    [("男", Sex.MALE), ("１", Sex.MALE), ("m", Sex.MALE), ("女", Sex.FEMALE), ("2", Sex.FEMALE),
     ("Ｆ", Sex.FEMALE), ("不明", Sex.OTHER), ("9", Sex.OTHER)],
)  # fmt: skip
def test_a_sex_is_read(text: str, sex: Sex) -> None:
    assert values.sex(text) is sex


@pytest.mark.parametrize(
    ("text", "yen"), [("30000", 30_000), ("30,000", 30_000), ("３０，０００円", 30_000), ("¥1", 1)]
)
def test_an_amount_is_read(text: str, yen: int) -> None:
    assert values.yen(text) == yen


@pytest.mark.parametrize("text", ["0", "-1", "3.5", "3,0000", "三万", "10000000000", "1,000,00"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        values.yen(text)


@pytest.mark.parametrize("text", ["7191192", "719-1192", "〒７１９－１１９２", "719ー1192"])
def test_a_postcode_is_read(text: str) -> None:
    assert values.postcode(text) == "7191192"


@pytest.mark.parametrize("text", ["0", "００", "無", "なし", "対象外", "-", "false"])
def test_a_plain_no_is_no_suppression(text: str) -> None:
    assert not values.suppressed(text)


@pytest.mark.parametrize("text", ["1", "01", "有", "○", "DV", "支援措置", "?"])
def test_any_other_mark_suppresses(text: str) -> None:
    assert values.suppressed(text)


def test_codes_get_back_the_zeros_that_spreadsheets_drop() -> None:
    assert values.bank_code("１") == "0001"
    assert values.branch_code("1") == "001"
    assert values.account_number("34567") == "0034567"
    assert values.account_type("普通預金") == "1"
    for broken in ("00001", "a", "-1"):
        with pytest.raises(ValueError):
            values.bank_code(broken)
