"""The four digits of the user-authentication certificate: whose they are, and how they lock."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from channels.simulators.card import (
    Authority,
    CardLocked,
    Holder,
    NoSuchCard,
    NotValid,
    Wallet,
    WrongPin,
    default_auth_pin,
)
from channels.simulators.card.cli import card

PIN = "ABC123"
TEXT = "同意します".encode()


def a_holder(name: str = "黒桐　幹也") -> Holder:
    address = "岡山県総社市中央１丁目１番１号"
    return Holder(name=name, birth_date=date(1980, 2, 17), sex="1", address=address)


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("authority"))


def test_the_four_digits_say_who_the_holder_is(authority):
    card_id = authority.issue(a_holder(), pin=PIN, auth_pin="0123")

    holder = Wallet(authority.cards).authenticate(card_id, "0123", now=datetime.now(UTC))

    assert holder == a_holder()


def test_three_wrong_four_digits_lock_them_and_leave_the_signature_alone(authority):
    card_id = authority.issue(a_holder(), pin=PIN, auth_pin="0123")
    wallet = Wallet(authority.cards)
    now = datetime.now(UTC)
    left = []

    for _ in range(2):
        with pytest.raises(WrongPin) as wrong:
            wallet.authenticate(card_id, "9999", now=now)
        left.append(wrong.value.tries_left)
    wallet.authenticate(card_id, "0123", now=now)
    for _ in range(3):
        with pytest.raises(WrongPin) as wrong:
            wallet.authenticate(card_id, "9999", now=now)
        left.append(wrong.value.tries_left)

    assert left == [2, 1, 2, 1, 0]
    with pytest.raises(CardLocked):
        wallet.authenticate(card_id, "0123", now=now)
    assert wallet.sign(card_id, PIN, TEXT).signature


def test_a_card_from_before_there_were_four_digits_has_the_default_of_its_id(authority):
    card_id = authority.issue(a_holder(), pin=PIN)
    path = authority.cards / card_id / "card.json"
    record = json.loads(path.read_text())
    del record["auth_pin_hash"], record["auth_tries_left"]
    path.write_text(json.dumps(record))
    wallet = Wallet(authority.cards)

    with pytest.raises(WrongPin):
        wallet.authenticate(card_id, "四けた", now=datetime.now(UTC))

    now = datetime.now(UTC)
    assert wallet.authenticate(card_id, default_auth_pin(card_id), now=now) == a_holder()


def test_an_expired_card_says_nobody_who_the_holder_is(authority):
    card_id = authority.issue(a_holder(), pin=PIN, auth_pin="0123")

    with pytest.raises(NotValid, match="expired"):
        Wallet(authority.cards).authenticate(
            card_id, "0123", now=datetime.now(UTC) + timedelta(days=6 * 366)
        )


@pytest.mark.parametrize(
    ("reason", "is_valid"),
    [("affiliationChanged", True), ("cessationOfOperation", False), ("keyCompromise", False)],
)
def test_a_move_ends_the_signature_only_and_a_loss_the_whole_card(authority, reason, is_valid):
    card_id = authority.issue(a_holder(), pin=PIN, auth_pin="0123")
    wallet = Wallet(authority.cards)
    authority.revoke(card_id, reason)

    if is_valid:
        assert wallet.authenticate(card_id, "0123", now=datetime.now(UTC)) == a_holder()
    else:
        with pytest.raises(NotValid, match="revoked"):
            wallet.authenticate(card_id, "0123", now=datetime.now(UTC))


def test_a_wallet_knows_who_holds_which_card(tmp_path):
    authority = Authority.create(tmp_path)
    first, second = a_holder(), a_holder("髙橋　花")
    authority.issue(second, pin=PIN, card_id="b")
    authority.issue(first, pin=PIN, card_id="a")

    wallet = Wallet(authority.cards)
    assert wallet.card_ids() == ["a", "b"]
    assert [wallet.holder(card_id) for card_id in ("a", "b")] == [first, second]
    with pytest.raises(NoSuchCard):
        wallet.holder("c")


@pytest.mark.parametrize("auth_pin", ["123", "12345", "12a4", "１２３４"])
def test_four_digits_of_the_wrong_form_are_refused_at_issue(authority, auth_pin):
    with pytest.raises(ValueError, match="four digits"):
        authority.issue(a_holder(), pin=PIN, auth_pin=auth_pin)


def test_the_command_prints_the_default_four_digits():
    printed = CliRunner().invoke(card, ["default-auth-pin", "card-00001"])

    assert printed.output.strip() == default_auth_pin("card-00001")
