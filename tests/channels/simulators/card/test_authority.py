"""The authority of simulated cards: made once, its lists of what is revoked, its commands."""

import base64
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509

from channels.simulators.card import (
    Authority,
    Wallet,
)
from channels.simulators.card.cli import card
from tests.channels.simulators.card.makers import PIN, TEXT, a_holder

pytestmark = pytest.mark.xdist_group("card")  # One worker makes them all.


def test_a_revoked_card_is_on_the_list_of_its_generation_for_the_first_reason(tmp_path):
    authority = Authority.create(tmp_path)
    card_id = authority.issue(a_holder(), pin=PIN)
    serial = x509.load_der_x509_certificate(
        Wallet(authority.cards).sign(card_id, PIN, TEXT).certificate
    ).serial_number
    authority.new_generation()

    authority.revoke(card_id, "affiliationChanged")
    authority.revoke(card_id, "keyCompromise")

    old, new = (
        x509.load_der_x509_crl((tmp_path / "crl" / f"signca0{n}.crl").read_bytes()) for n in (1, 2)
    )
    line = old.get_revoked_certificate_by_serial_number(serial)
    reason = line.extensions.get_extension_for_class(x509.CRLReason).value.reason
    assert reason is x509.ReasonFlags.affiliation_changed
    assert len(old) == 1
    assert len(new) == 0
    issuer = x509.load_pem_x509_certificate((tmp_path / "ca" / "signca01.pem").read_bytes())
    assert old.is_signature_valid(issuer.public_key())


def test_an_authority_is_made_once_and_opened_after(tmp_path):
    with pytest.raises(FileNotFoundError):
        Authority.open(tmp_path)
    Authority.create(tmp_path)
    with pytest.raises(FileExistsError):
        Authority.create(tmp_path)

    assert Authority.open(tmp_path).generations() == ["signca01"]


def run(*arguments: str | Path, text: bytes = b""):
    return CliRunner().invoke(card, [str(each) for each in arguments], input=text)


def test_the_commands_issue_sign_and_revoke(tmp_path):
    person = ("--name", "黒桐　幹也", "--birth-date", "1980-02-17", "--sex", "1")
    home = ("--address", "岡山県総社市中央１丁目１番１号")
    assert run("ca", tmp_path).exit_code == 0

    issued = run("issue", tmp_path, *person, *home, "--pin", PIN)
    card_id = issued.output.strip()
    signed = json.loads(run("sign", tmp_path, card_id, "-", "--pin", PIN, text=TEXT).output)
    revoked = run("revoke", tmp_path, card_id)
    fresh = run("crl", tmp_path)

    certificate = x509.load_der_x509_certificate(base64.b64decode(signed["certificate"]))
    lists = x509.load_der_x509_crl((tmp_path / "crl" / "signca01.crl").read_bytes())
    assert revoked.exit_code == fresh.exit_code == 0
    assert lists.get_revoked_certificate_by_serial_number(certificate.serial_number)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sign", "{}", "none", "-", "--pin", PIN), "issue one first"),
        (("revoke", "{}", "none"), "no card"),
        (("ca", "{}"), "open it"),
        (("crl", "{}/elsewhere"), "no authority"),
    ],
)
def test_a_command_that_cannot_says_why(tmp_path, arguments, words):
    Authority.create(tmp_path)

    result = run(*(each.format(tmp_path) for each in arguments))

    assert result.exit_code == 1
    assert words in result.output
