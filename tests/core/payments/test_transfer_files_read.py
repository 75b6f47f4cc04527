"""A transfer file is read as it was written; a damaged one is refused by its record."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.banks import payee_name
from core.banks.account import AccountType
from core.payments.zengin.decoding import TransferFileBroken
from core.payments.zengin.reading import read
from core.payments.zengin.records import (
    BankFormat,
    Designation,
    LineEnd,
    NewCode,
    Originator,
    Transfer,
)
from core.payments.zengin.writing import write
from tests.core.payments.transfer_files import a_file


def digits(width: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=width, max_size=width)


def names(characters: str) -> st.SearchStrategy[str]:
    def is_foldable(text: str) -> bool:
        try:
            return bool(payee_name.fold(text))
        except (payee_name.IllegalCharacter, payee_name.NameEmpty):
            return False

    return st.text(st.sampled_from(characters), min_size=1, max_size=45).filter(is_foldable)


PAYEES = names("アイガギパヴャッンーA9 (.")


BANKS = names("アイガパA9-")


ORIGINATORS = st.builds(
    Originator,
    code=digits(10),
    name=PAYEES,
    bank_code=digits(4),
    bank_name=BANKS,
    branch_code=digits(3),
    branch_name=BANKS,
    account_type=st.sampled_from([AccountType.ORDINARY, AccountType.CURRENT, AccountType.OTHER]),
    account_number=digits(7),
)


TRANSFERS = st.lists(
    st.builds(
        Transfer,
        bank_code=digits(4),
        bank_name=BANKS,
        branch_code=digits(3),
        branch_name=BANKS,
        account_type=st.sampled_from(AccountType),
        account_number=digits(7),
        payee_name=PAYEES,
        amount=st.integers(min_value=1, max_value=9_999_999_999),
        payment_id=digits(20),
        new_code=st.sampled_from(NewCode),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda transfer: transfer.payment_id,
)


FORMATS = st.builds(
    BankFormat,
    line_end=st.sampled_from(LineEnd),
    bank_names=st.booleans(),
    clearing_house=st.sampled_from("0 "),
    end_record=st.booleans(),
    designation=st.sampled_from(Designation),
)


@given(ORIGINATORS, TRANSFERS, FORMATS, st.dates())
def test_what_is_written_is_read_again(
    originator: Originator, transfers: Sequence[Transfer], format: BankFormat, day: date
) -> None:
    data = write(originator, transfers, day, format)

    assert len(data) % (120 + len(format.line_end.value)) == 0
    found = read(data)
    assert found.format == format
    assert found.month_day == f"{day:%m%d}"
    assert found.total == sum(transfer.amount for transfer in transfers)
    assert [(t.account_number, t.amount, t.payment_id) for t in found.transfers] == [
        (t.account_number, t.amount, t.payment_id) for t in transfers
    ]
    assert write(found.originator, found.transfers, day, found.format) == data


@pytest.mark.parametrize(
    ("damage", "record", "problem"),
    [
        (lambda d: b"", "1", "WRONG_LENGTH"),
        (lambda d: d[:-1], "5", "WRONG_LENGTH"),
        (lambda d: d + b"\x1a", "6", "WRONG_LENGTH"),
        (lambda d: d[:120] + b"\r\n" + d[120:], "2", "WRONG_LENGTH"),
        (lambda d: d[120:], "1", "WRONG_ORDER"),
        (lambda d: d[:120] + d[360:], "2", "WRONG_ORDER"),
        (lambda d: d[:360] + d[480:], "4", "WRONG_ORDER"),
        (lambda d: d[:120] + d, "2", "WRONG_ORDER"),
        (lambda d: d + d, "6", "WRONG_ORDER"),
        (lambda d: d[:120] + b"3" + d[121:], "2", "WRONG_ORDER"),
        (lambda d: d[:240] + d[360:], "3", "TOTALS_DIFFER"),
        (lambda d: d[:209] + b"1" + d[210:], "4", "TOTALS_DIFFER"),
        (lambda d: d[:366] + b"3" + d[367:], "4", "TOTALS_DIFFER"),
        (lambda d: d[:170] + "総".encode("cp932") + d[172:], "2", "ILLEGAL_CHARACTER"),
        (lambda d: d[:170] + b"s" + d[171:], "2", "ILLEGAL_CHARACTER"),
        (lambda d: d[:170] + "ﾞ".encode("cp932") + d[171:], "2", "ILLEGAL_CHARACTER"),
        (lambda d: d[:170] + b" " + d[171:], "2", "ILLEGAL_CHARACTER"),
        (lambda d: d[:170] + b"\xff" + d[171:], "2", "ILLEGAL_CHARACTER"),
        (lambda d: d[:170] + b" " * 30 + d[200:], "2", "FIELD_INVALID"),
        (lambda d: d[:199] + b"\x81" + d[200:], "2", "FIELD_INVALID"),
        (lambda d: d[:163] + b" " + d[164:], "2", "FIELD_INVALID"),
        (lambda d: d[:162] + b"3" + d[163:], "2", "FIELD_INVALID"),
        (lambda d: d[:158] + b"1111" + d[162:], "3", "FIELD_INVALID"),
        (lambda d: d[:231] + b"8" + d[232:], "3", "FIELD_INVALID"),
        (lambda d: d[:232] + b"Y" + d[233:], "2", "FIELD_INVALID"),
        (lambda d: d[:239] + b"x" + d[240:], "2", "FIELD_INVALID"),
        (lambda d: d[:125] + b" " * 15 + d[140:], "2", "FIELD_INVALID"),
        (lambda d: d[:331] + d[211:231] + d[351:], "3", "FIELD_INVALID"),
        (lambda d: d[:200] + b"0" * 10 + d[210:], "2", "FIELD_INVALID"),
        (lambda d: d[:54] + b"0230" + d[58:], "1", "FIELD_INVALID"),
        (lambda d: d[:1] + b"11" + d[3:], "1", "FIELD_INVALID"),
        (lambda d: d[:95] + b"4" + d[96:], "1", "FIELD_INVALID"),
    ],
)
def test_a_damaged_file_is_refused_by_record_and_problem(damage, record: str, problem: str) -> None:
    with pytest.raises(TransferFileBroken) as refused:
        read(damage(a_file()))
    assert refused.value.metadata == {"record": record, "problem": problem}


@given(st.integers(min_value=0, max_value=599), st.sampled_from(LineEnd))
def test_every_dropped_byte_is_detected(at: int, line_end: LineEnd) -> None:
    data = a_file(format=BankFormat(line_end=line_end))
    with pytest.raises(TransferFileBroken):
        read(data[:at] + data[at + 1 :])


@given(
    st.sampled_from([*range(200, 210), *range(320, 330), *range(361, 379)]),
    st.sampled_from("0123456789"),
)
def test_every_changed_digit_of_an_amount_or_a_total_is_detected(at: int, digit: str) -> None:
    data = a_file()
    changed = data[:at] + digit.encode() + data[at + 1 :]
    if changed != data:
        with pytest.raises(TransferFileBroken):
            read(changed)


def assert_read_as_it_was_or_refused(data: bytes) -> None:
    try:
        found = read(data)
    except TransferFileBroken:
        return
    day = date(2000, int(found.month_day[:2]), int(found.month_day[2:]))
    assert write(found.originator, found.transfers, day, found.format) == data


@given(st.binary(max_size=400), st.integers(min_value=0, max_value=600))
def test_any_bytes_are_read_or_refused(data: bytes, kept: int) -> None:
    assert_read_as_it_was_or_refused(a_file()[:kept] + data)


@given(st.integers(min_value=0, max_value=599), st.binary(min_size=1, max_size=1))
def test_a_changed_file_that_is_still_read_is_read_whole(at: int, byte: bytes) -> None:
    assert_read_as_it_was_or_refused(a_file()[:at] + byte + a_file()[at + 1 :])
