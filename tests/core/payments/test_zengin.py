"""The transfer file is right in every byte, and a damaged one is refused by its record."""

import pytest

from core.banks import payee_name
from core.banks.account import AccountType
from core.payments.zengin import layout
from core.payments.zengin.records import (
    BankFormat,
    Designation,
    LineEnd,
)
from core.payments.zengin.writing import TransferFieldInvalid, write
from tests.core.payments.makers import a_transfer, an_originator
from tests.core.payments.transfer_files import DAY, GOLDEN, PLAIN, a_file


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
