"""The transfer file is right in every byte, and a damaged one is refused by its record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.banks import payee_name
from core.banks.account import AccountType
from core.payments.zengin import layout
from core.payments.zengin.decoding import TransferFileBroken
from core.payments.zengin.identity import fingerprint
from core.payments.zengin.reading import read
from core.payments.zengin.records import (
    BankFormat,
    Designation,
    LineEnd,
    NewCode,
    Originator,
    Transfer,
)
from core.payments.zengin.writing import TransferFieldInvalid, write
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


def test_the_file_is_byte_for_byte_the_one_written_by_hand() -> None:
    assert [len(record.encode("cp932")) for record in GOLDEN] == [120] * 5
    assert a_file() == "".join(GOLDEN).encode("cp932")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            layout.HEADER,
            [(0, 1), (1, 2), (3, 1), (4, 10), (14, 40), (54, 4), (58, 4), (62, 15), (77, 3),
             (80, 15), (95, 1), (96, 7), (103, 17)],
        ),
        (
            layout.DATA,
            [(0, 1), (1, 4), (5, 15), (20, 3), (23, 15), (38, 4), (42, 1), (43, 7), (50, 30),
             (80, 10), (90, 1), (91, 10), (101, 10), (111, 1), (112, 1), (113, 7)],
        ),
        (layout.TRAILER, [(0, 1), (1, 6), (7, 12), (19, 101)]),
        (layout.END, [(0, 1), (1, 119)]),
    ],
)  # fmt: skip
def test_every_field_stands_where_the_standard_puts_it(
    fields: tuple[layout.Field, ...], expected: list[tuple[int, int]]
) -> None:
    assert [(field.offset, field.width) for field in fields] == expected


def test_each_bank_gets_the_form_it_wants() -> None:
    data = a_file(
        format=BankFormat(
            line_end=LineEnd.CRLF,
            bank_names=False,
            clearing_house=" ",
            end_record=False,
            designation=Designation.NONE,
        )
    )
    records = data.split(b"\r\n")
    assert [record[:1] for record in records] == [b"1", b"2", b"2", b"8", b""]
    assert [len(record) for record in records] == [120, 120, 120, 120, 0]
    assert records[0][62:77] == records[1][5:20] == records[1][23:38] == b" " * 15
    assert records[1][38:42] == b"    "
    assert records[1][111:112] == b"0"
    with pytest.raises(ValueError, match="clearing_house"):
        BankFormat(clearing_house="x")


def test_a_long_name_is_cut_but_not_inside_a_letter() -> None:
    data = a_file(a_transfer(payee_name="ア" * 29 + "ガ"))
    assert data[120 + 50 : 120 + 80].decode("cp932") == "ｱ" * 29 + " "
    data = a_file(a_transfer(payee_name="ア" * 28 + "ガガ"))
    assert data[120 + 50 : 120 + 80].decode("cp932") == "ｱ" * 28 + "ｶﾞ"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bank_code": "001"}, "bank_code"),
        ({"bank_code": "00001"}, "bank_code"),
        ({"branch_code": "1"}, "branch_code"),
        ({"account_number": "123456"}, "account_number"),
        ({"account_number": "12345678"}, "account_number"),
        ({"account_number": "１２３４５６７"}, "account_number"),
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"amount": 10_000_000_000}, "amount"),
        ({"payment_id": "1"}, "payment_id"),
        ({"payment_id": "0" * 21}, "payment_id"),
    ],
)
def test_a_field_that_does_not_fit_is_refused_by_its_place(
    change: dict[str, object], field: str
) -> None:
    with pytest.raises(TransferFieldInvalid) as refused:
        a_file(a_transfer(payment_id="9" * 20), a_transfer(**change))
    assert refused.value.violations[0][0] == f"transfers[1].{field}"
    assert refused.value.metadata == {"field": f"transfers[1].{field}"}


@pytest.mark.parametrize("field", ["payee_name", "bank_name", "branch_name"])
def test_a_name_without_a_legal_form_is_refused_by_its_place(field: str) -> None:
    with pytest.raises(payee_name.IllegalCharacter) as refused:
        a_file(a_transfer(**{field: "総社"}))
    assert refused.value.violations[0][0] == f"transfers[0].{field}"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "1"}, "code"),
        ({"account_type": AccountType.SAVINGS}, "account_type"),
        ({"account_number": "1"}, "account_number"),
    ],
)
def test_an_originator_that_does_not_fit_is_refused(change: dict[str, object], field: str) -> None:
    with pytest.raises(TransferFieldInvalid) as refused:
        write(an_originator(**change), [a_transfer()], DAY, PLAIN)
    assert refused.value.violations[0][0] == f"originator.{field}"


def test_a_file_has_at_least_one_transfer_and_each_once() -> None:
    with pytest.raises(TransferFieldInvalid, match="are 0"):
        write(an_originator(), [], DAY, PLAIN)
    with pytest.raises(TransferFieldInvalid, match="unique"):
        a_file(a_transfer(), a_transfer())


def test_a_total_of_thirteen_digits_is_refused() -> None:
    with pytest.raises(TransferFieldInvalid) as refused:
        a_file(*(a_transfer(amount=9_999_999_999, payment_id=f"{n:020}") for n in range(101)))
    assert refused.value.violations[0][0] == "transfers.total"


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


def test_the_same_batch_has_one_fingerprint_whatever_its_file_looks_like() -> None:
    one, two = golden_transfers()
    paid_for = {one.payment_id: "entitlement-1", two.payment_id: "entitlement-2"}
    again = [
        replace(two, payment_id="5" * 20, payee_name="ｷﾋﾞ ﾊﾅｺ", new_code=NewCode.OTHER),
        replace(one, payment_id="6" * 20, bank_name="", branch_name=""),
    ]
    paid_again_for = {"5" * 20: "entitlement-2", "6" * 20: "entitlement-1"}
    assert fingerprint([one, two], paid_for) == fingerprint(again, paid_again_for)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 30_001},
        {"account_number": "1234568"},
        {"account_type": AccountType.CURRENT},
        {"branch_code": "002"},
        {"bank_code": "0005"},
    ],
)
def test_another_account_or_amount_is_another_batch(change: dict[str, object]) -> None:
    paid_for = {a_transfer().payment_id: "entitlement-1"}
    assert fingerprint([a_transfer()], paid_for) != fingerprint([a_transfer(**change)], paid_for)


def test_the_same_money_for_another_entitlement_is_another_batch() -> None:
    id = a_transfer().payment_id
    assert fingerprint([a_transfer()], {id: "november"}) != fingerprint(
        [a_transfer()], {id: "december"}
    )


def test_a_line_more_is_another_batch_even_when_it_is_the_same_line() -> None:
    paid_for = {a_transfer().payment_id: "entitlement-1"}
    twice = [a_transfer(), a_transfer()]
    assert fingerprint([a_transfer()], paid_for) != fingerprint(twice, paid_for)
