"""Cards to sign with: a test authority whose cards share one key, so that a card costs nothing."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from channels.simulators.card import Authority, Holder, keys, profile
from channels.simulators.card.wallet import Signed
from tests.town import Clock

NUMBERS = count(1)


def a_holder(**changes) -> Holder:
    """Return a person unlike any other, apart from the `changes`."""
    number = next(NUMBERS)
    person = {
        "name": f"総社　{_kanji(number)}",
        "birth_date": date(1950, 4, 12) + timedelta(days=number),
        "sex": "2",
        "address": f"岡山県総社市中央１丁目{number}番地",
    }
    return Holder(**(person | changes))


@dataclass(frozen=True)
class Card:
    """A card of the test authority."""

    holder: Holder
    certificate: bytes
    serial: int
    key: RSAPrivateKey

    def sign(self, text: str) -> Signed:
        signature = self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return Signed(self.certificate, signature)


@dataclass
class Cards:
    """An authority in a folder, as of the day on which tests' clocks begin.

    One that is there is opened: whoever needs many copies one, whose key then need not be made.
    """

    folder: Path
    withdrawals: list[profile.Withdrawal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = Clock().now
        if not (self.folder / "keys").exists():
            Authority.create(self.folder, clock=lambda: self.now)
        self._authority_key = keys.load((self.folder / "keys" / "signca01.pem").read_bytes())
        self._key = _key()

    @property
    def settings(self) -> dict[str, Path]:
        """What a core is told that believes this authority."""
        return {
            "jpki_authorities": self.folder / "ca",
            "jpki_revocations": self.folder / "crl",
        }

    def issue(self, holder: Holder | None = None, *, not_after: datetime | None = None) -> Card:
        """Return a card, of somebody if nobody is named."""
        holder = holder or a_holder()
        serial = x509.random_serial_number()
        certificate = profile.signature_certificate(
            holder,
            self._key.public_key(),
            serial=serial,
            not_before=self.now - timedelta(days=100),
            not_after=not_after or self.now + timedelta(days=1000),
            authority_key=self._authority_key,
        )
        der = certificate.public_bytes(serialization.Encoding.DER)
        return Card(holder, der, serial, self._key)

    def revoke(self, card: Card) -> None:
        reason = x509.ReasonFlags.affiliation_changed
        self.withdrawals.append(profile.Withdrawal(card.serial, reason, self.now))
        signed = profile.revocation_list(
            self.withdrawals,
            this_update=self.now,
            next_update=self.now + timedelta(days=7),
            authority_key=self._authority_key,
        )
        content = signed.public_bytes(serialization.Encoding.DER)
        (self.folder / "crl" / "signca01.crl").write_bytes(content)


@cache
def _key() -> RSAPrivateKey:
    return keys.load(keys.new())


def _kanji(number: int) -> str:
    return "".join("零一二三四五六七八九"[int(digit)] for digit in str(number))
