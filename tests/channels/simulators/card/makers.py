"""Cards of one holder, as tests want them."""

from datetime import date

from cryptography import x509

from channels.simulators.card import (
    Authority,
    Holder,
    Wallet,
)

PIN = "ABC123"


TEXT = "同意します".encode()


def a_holder(name: str = "黒桐　幹也", birth_date: date = date(1980, 2, 17)) -> Holder:
    address = "岡山県総社市中央１丁目１番１号"
    return Holder(name=name, birth_date=birth_date, sex="1", address=address)


def signed_certificate(authority: Authority, holder: Holder) -> x509.Certificate:
    card_id = authority.issue(holder, pin=PIN)
    return x509.load_der_x509_certificate(
        Wallet(authority.cards).sign(card_id, PIN, TEXT).certificate
    )
