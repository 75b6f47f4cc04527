"""The simulated card: what is in its certificate, how its PIN guards it, how it is revoked."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from asn1crypto import core as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.oid import ExtensionOID, NameOID

from channels.simulators.card import (
    Authority,
    CardLocked,
    NoSuchCard,
    Order,
    Wallet,
    WrongPin,
)
from channels.simulators.card.authority import fifth_birthday
from channels.simulators.card.holder import substitute
from tests.channels.simulators.card.makers import PIN, TEXT, a_holder, signed_certificate

pytestmark = pytest.mark.xdist_group("card")  # One worker makes them all.


FACTS = "1.2.392.200149.8.5.5"


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("authority"))


def test_the_certificate_carries_the_facts_in_the_order_found_on_cards(authority):
    certificate = signed_certificate(authority, a_holder())

    san = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    facts = [
        (name.type_id.dotted_string, asn1.UTF8String.load(name.value, strict=True).native)
        for name in san.value
    ]

    assert not san.critical
    assert facts == [
        (f"{FACTS}.1", "黒桐　幹也"),
        (f"{FACTS}.4", "319800217"),
        (f"{FACTS}.3", "1"),
        (f"{FACTS}.5", "岡山県総社市中央１丁目１番１号"),
        (f"{FACTS}.2", "00000"),
        (f"{FACTS}.6", "000000000000000"),
    ]


def test_the_certificate_has_the_profile_of_a_signature_certificate(authority):
    certificate = signed_certificate(authority, a_holder())
    extensions = {each.oid: each for each in certificate.extensions}

    usage = extensions[ExtensionOID.KEY_USAGE]
    assert usage.critical
    assert usage.value.public_bytes().hex() == "030206c0"
    policies = extensions[ExtensionOID.CERTIFICATE_POLICIES]
    assert policies.critical
    assert policies.value[0].policy_identifier.dotted_string == "1.2.392.200149.8.5.1.0.20"
    assert policies.value[0].policy_qualifiers == ["http://www.jpki.go.jp/cps.html"]
    service = extensions[ExtensionOID.ISSUER_ALTERNATIVE_NAME].value[0].value
    assert service.rfc4514_string() == "O=公的個人認証サービス,C=JP"
    point = extensions[ExtensionOID.CRL_DISTRIBUTION_POINTS].value[0].full_name[0].value
    assert point.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "Soja-shi CRLDP"
    assert [each.value for each in certificate.subject][:3] == ["JP", "Okayama-ken", "Soja-shi"]
    assert "黒桐" not in certificate.subject.rfc4514_string()
    assert certificate.public_key().key_size == 2048
    assert isinstance(certificate.signature_hash_algorithm, hashes.SHA256)


def test_generations_share_a_name_and_only_the_right_one_verifies(tmp_path):
    authority = Authority.create(tmp_path / "authority")
    old = signed_certificate(authority, a_holder())
    authority.new_generation()
    new = signed_certificate(authority, a_holder())

    first, second = (
        x509.load_pem_x509_certificate(path.read_bytes())
        for path in sorted((tmp_path / "authority" / "ca").glob("*.pem"))
    )

    assert first.subject == second.subject
    old.verify_directly_issued_by(first)
    new.verify_directly_issued_by(second)
    with pytest.raises(InvalidSignature):
        new.verify_directly_issued_by(first)


@pytest.mark.parametrize(
    ("text", "held", "flags"),
    [
        ("髙﨑　德子", "高崎　徳子", "11010"),
        ("渡邉　齋", "渡邉　齋", "0000"),
        ("𠮷田　濵", "吉田　濵", "1000"),
        ("鷗　１－２", "鷗　１－２", "00000"),
        ("😀", "〓", "1"),
    ],
)
def test_characters_outside_the_certificates_set_are_replaced_and_flagged(text, held, flags):
    assert substitute(text) == (held, flags)


@pytest.mark.parametrize(
    ("birth_date", "issued", "last_day"),
    [
        (date(1980, 2, 17), datetime(2025, 10, 27, tzinfo=UTC), "2030-02-17"),
        (date(1980, 10, 27), datetime(2025, 10, 27, tzinfo=UTC), "2030-10-27"),
        (date(1980, 12, 1), datetime(2025, 10, 27, tzinfo=UTC), "2029-12-01"),
        (date(1980, 2, 29), datetime(2025, 10, 27, tzinfo=UTC), "2030-02-28"),
    ],
)
def test_a_card_is_valid_until_the_end_of_the_fifth_birthday(birth_date, issued, last_day):
    end = fifth_birthday(birth_date, issued)

    assert (end + timedelta(hours=9)).strftime("%Y-%m-%d %H:%M:%S") == f"{last_day} 23:59:59"


@pytest.mark.parametrize(
    ("birth_date", "text"),
    [
        (date(1899, 12, 1), "118991201"),
        (date(1926, 12, 24), "219261224"),
        (date(1989, 1, 7), "319890107"),
        (date(1989, 1, 8), "419890108"),
        (date(2019, 5, 1), "520190501"),
    ],
)
def test_a_birth_date_is_an_era_digit_and_the_gregorian_date(birth_date, text):
    assert a_holder(birth_date=birth_date).birth == text


def test_a_signature_verifies_with_the_certificates_key(authority):
    card_id = authority.issue(a_holder(), pin=PIN)

    signed = Wallet(authority.cards).sign(card_id, PIN, TEXT)

    key = x509.load_der_x509_certificate(signed.certificate).public_key()
    key.verify(signed.signature, TEXT, padding.PKCS1v15(), hashes.SHA256())


def test_five_wrong_pins_lock_the_card_over_restarts(authority):
    card_id = authority.issue(a_holder(), pin=PIN)

    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongPin) as refused:
            Wallet(authority.cards).sign(card_id, "WRONG1", TEXT)
        assert refused.value.tries_left == left

    with pytest.raises(CardLocked):
        Wallet(authority.cards).sign(card_id, PIN, TEXT)


def test_a_right_pin_gives_the_tries_back(authority):
    card_id = authority.issue(a_holder(), pin=PIN)
    wallet = Wallet(authority.cards)
    with pytest.raises(WrongPin):
        wallet.sign(card_id, "WRONG1", TEXT)

    wallet.sign(card_id, PIN, TEXT)

    with pytest.raises(WrongPin) as refused:
        wallet.sign(card_id, "WRONG1", TEXT)
    assert refused.value.tries_left == 4


def test_wrong_pins_tried_at_once_are_all_counted(authority):
    card_id = authority.issue(a_holder(), pin=PIN)
    wallet = Wallet(authority.cards)
    seen = []

    def attempt() -> None:
        try:
            wallet.sign(card_id, "WRONG1", TEXT)
        except WrongPin as refused:
            seen.append(refused.tries_left)
        except CardLocked:
            seen.append(-1)

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen) == [-1, -1, -1, 0, 1, 2, 3, 4]


@pytest.mark.parametrize("card_id", ["none", "../keys", ""])
def test_a_card_that_is_not_there_is_refused(authority, card_id):
    with pytest.raises(NoSuchCard):
        Wallet(authority.cards).sign(card_id, PIN, TEXT)


def test_a_card_used_by_two_phones_at_first_has_one_key(authority):
    card_id = authority.issue(a_holder(), pin=PIN)
    certificates = []

    def use() -> None:
        certificates.append(Wallet(authority.cards).sign(card_id, PIN, TEXT).certificate)

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(certificates) == 3
    assert len(set(certificates)) == 1


@pytest.mark.parametrize("pin", ["12345", "abc123", "A" * 17, "ABC 123"])
def test_a_pin_of_the_wrong_form_is_refused_at_issue(authority, pin):
    with pytest.raises(ValueError, match="6 to 16"):
        authority.issue(a_holder(), pin=pin)


def test_an_id_in_use_is_refused(authority):
    authority.issue(a_holder(), pin=PIN, card_id="twice")

    with pytest.raises(FileExistsError):
        authority.issue(a_holder(), pin=PIN, card_id="twice")


def test_many_cards_are_issued_and_keyed_with_progress(authority):
    orders = [Order(holder=a_holder(), pin=PIN, card_id=f"many-{n}") for n in range(3)]
    issued, keyed = [], []

    ids = authority.issue_many(orders, progress=lambda *seen: issued.append(seen))
    authority.make_keys(ids, processes=2, progress=lambda *seen: keyed.append(seen))

    assert ids == ["many-0", "many-1", "many-2"]
    assert issued == keyed == [(1, 3), (2, 3), (3, 3)]
    assert all((authority.cards / card_id / "certificate.der").exists() for card_id in ids)
