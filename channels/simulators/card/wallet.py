"""The cards that a phone can read: sign with one by its PIN."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from channels.simulators.card import card as cards
from channels.simulators.card import files, keys
from channels.simulators.card.authority import Authority
from channels.simulators.card.holder import Holder


@dataclass(frozen=True, slots=True)
class Signed:
    """What comes off a card: its certificate (DER) and an RSASSA-PKCS1-v1_5/SHA-256 signature."""

    certificate: bytes
    signature: bytes


class Wallet:
    """The cards folder of an authority."""

    def __init__(self, directory: Path) -> None:
        self._cards = directory
        self._authority = Authority(directory.parent)

    def sign(self, card_id: str, pin: str, text: bytes) -> Signed:
        """Sign a text with a card's signature key.

        Raises `NoSuchCard`, `CardLocked` or `WrongPin`. The first use of a card makes its key,
        which takes about a tenth of a second of a core: do not call it on an event loop.
        """
        folder = cards.folder_of(self._cards, card_id)
        self._check_pin(folder, pin)
        self._authority.complete(card_id)
        key = keys.load((folder / "key.pem").read_bytes())
        signature = key.sign(text, padding.PKCS1v15(), hashes.SHA256())
        return Signed((folder / "certificate.der").read_bytes(), signature)

    def authenticate(self, card_id: str, pin: str, *, now: datetime) -> Holder:
        """Say who the holder is, by the four digits of the user-authentication certificate.

        Raises `NoSuchCard`, `CardLocked`, `WrongPin` or `NotValid`.
        """
        folder = cards.folder_of(self._cards, card_id)
        with files.locked(folder):
            card = cards.load(folder)
            if not card.auth_tries_left:
                raise cards.CardLocked(f"{card.id}: locked after {cards.AUTH_TRIES} wrong PINs")
            right = card.accepts_auth(pin)
            before = card.auth_tries_left
            card.auth_tries_left = cards.AUTH_TRIES if right else before - 1
            if card.auth_tries_left != before:
                card.save(folder)
        if not right:
            raise cards.WrongPin(card.auth_tries_left)
        if now > card.not_after:
            raise cards.NotValid(f"card {card.id} has expired")
        # A move or a new name ends the signature certificate only: it alone holds the address.
        if self._authority.revocation(card) not in {None, "affiliationChanged"}:
            raise cards.NotValid(f"card {card.id} is revoked")
        return card.holder

    def card_ids(self) -> list[str]:
        return sorted(path.parent.name for path in self._cards.glob("*/card.json"))

    def holder(self, card_id: str) -> Holder:
        """Return who holds a card, as its face shows without a PIN; raises `NoSuchCard`."""
        return cards.load(cards.folder_of(self._cards, card_id)).holder

    def _check_pin(self, folder: Path, pin: str) -> None:
        with files.locked(folder):
            card = cards.load(folder)
            if not card.tries_left:
                raise cards.CardLocked(f"card {card.id} is locked after {cards.TRIES} wrong PINs")
            right = card.accepts(pin)
            before = card.tries_left
            card.tries_left = cards.TRIES if right else before - 1
            # Durable before the answer is known, so that pulling the plug gives no free try.
            if card.tries_left != before:
                card.save(folder)
            if not right:
                raise cards.WrongPin(card.tries_left)
