"""A batch is known by whom it pays what, however its file looks."""

from dataclasses import replace

import pytest

from core.banks.account import AccountType
from core.payments.zengin.identity import fingerprint
from core.payments.zengin.records import (
    NewCode,
)
from tests.core.payments.makers import a_transfer
from tests.core.payments.transfer_files import golden_transfers


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
