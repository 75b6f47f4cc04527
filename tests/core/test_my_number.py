"""My Numbers are found however they are written, and other numbers are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.my_number import REDACTED, check_digit, contains_my_number, redact

ELEVEN = st.text("0123456789", min_size=11, max_size=11)


@pytest.mark.parametrize(
    ("eleven", "digit"),
    [
        ("12345678901", 8),
        ("00000000000", 0),
        ("00000000001", 9),  # 11 − 2
        ("00000000006", 0),  # a remainder of 1
        ("10000000000", 5),  # the highest digit weighs 6
        ("00000100000", 4),  # the sixth weighs 7
        ("00001000000", 9),  # the seventh weighs 2
    ],
)
def test_the_check_digit_follows_the_ordinance(eleven: str, digit: int) -> None:
    assert check_digit(eleven) == digit


@pytest.mark.parametrize(
    "wrong", ["", "1234567890", "123456789012", "1234567890a", "１２３４５６７８９０１"]
)
def test_a_check_digit_is_made_of_eleven_digits_only(wrong: str) -> None:
    with pytest.raises(ValueError, match="11 ASCII digits"):
        check_digit(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "123456789018",
        "1234-5678-9018",
        "1234 5678 9018",
        "1234　5678　9018",
        "1234 - 5678 - 9018",
        "１２３４５６７８９０１８",
        "１２３４－５６７８－９０１８",
        "1234−5678–9018",
        "1 2 3 4 5 6 7 8 9 0 1 8",
        "番号は123456789018です",
        "123456\u200b789018",
        "①②③④⑤⑥⑦⑧⑨018",
        "123456789018 2026-11-23",
        "提出日 2026 1234 5678 9018",
        "N123456789018",
        "a\n123456789018\nb",
    ],
)
def test_a_my_number_is_found_however_it_is_written(text: str) -> None:
    assert contains_my_number(text)
    assert not contains_my_number(redact(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1234567",
        "123456789012",  # Not the right check digit.
        "123456789017",
        "1234567890185",  # Inside a longer number.
        "5123456789018",
        "12345678901",
        "+81 90 1234 5674",
        "+819012345674",
        "090-1234-5678",
        "1234/5678/9018",
        "1234\n5678\n9018",
        "01930c5a-1234-5678-9018-123456789018",
        "0123456789abcdef0123456789abcdefa123456789018b",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not contains_my_number(text)
    assert redact(text) == text


def test_only_the_number_is_taken_out_of_a_text() -> None:
    assert redact("私の番号は１２３４－５６７８－９０１８です。") == f"私の番号は{REDACTED}です。"
    assert redact("123456789018,7,123456789018") == f"{REDACTED},7,{REDACTED}"


@given(ELEVEN, st.text("あ-x、\n", max_size=5))
def test_every_valid_number_is_found_and_no_other_last_digit(eleven: str, before: str) -> None:
    valid = check_digit(eleven)
    for digit in range(10):
        assert contains_my_number(f"{before}\n{eleven}{digit}") == (digit == valid)


@given(st.text(st.sampled_from("0123456789- 　－＋+８１あa"), max_size=60))
def test_a_redacted_text_holds_none(text: str) -> None:
    assert not contains_my_number(redact(text))
