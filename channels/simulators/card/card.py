"""A card as it is kept on disk: one folder with the card's record, its key and its certificate."""

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from channels.simulators.card import files
from channels.simulators.card.holder import Holder

TRIES = 5
PIN_FORM = re.compile(r"[A-Z0-9]{6,16}")
AUTH_TRIES = 3
AUTH_PIN_FORM = re.compile(r"[0-9]{4}")
ID_FORM = re.compile(r"[A-Za-z0-9-]{1,64}")
BYTES = {"salt", "pin_hash", "auth_pin_hash"}


class NoSuchCard(Exception):  # noqa: N818 - named for the event
    """There is no card of this id in the folder."""


class CardLocked(Exception):  # noqa: N818 - named for the event
    """The PIN was wrong too often in a row; a real holder goes to the city hall's counter."""


class NotValid(Exception):  # noqa: N818 - named for the event
    """The PIN is right, but the card has expired or is revoked as a whole."""


class WrongPin(Exception):  # noqa: N818 - named for the event
    """The PIN is wrong; `tries_left` says how many remain before the card locks."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"wrong PIN, {tries_left} tries left")
        self.tries_left = tries_left


@dataclass(slots=True, kw_only=True)
class Card:
    """What a card knows besides its key; the serial number is fixed before the key is made.

    Of its two PINs, `pin` signs and `auth_pin` says who the holder is; each has a counter. A card
    without an `auth_pin_hash`, as cards were before there was one, has the default of its id.
    """

    id: str
    holder: Holder
    serial: int
    generation: str
    not_before: datetime
    not_after: datetime
    salt: bytes
    pin_hash: bytes
    tries_left: int = TRIES
    auth_pin_hash: bytes = b""
    auth_tries_left: int = AUTH_TRIES

    def accepts(self, pin: str) -> bool:
        return hmac.compare_digest(self.pin_hash, hash_pin(pin, self.salt))

    def accepts_auth(self, pin: str) -> bool:
        if not self.auth_pin_hash:
            return hmac.compare_digest(default_auth_pin(self.id).encode(), pin.encode())
        return hmac.compare_digest(self.auth_pin_hash, hash_pin(pin, self.salt))

    def save(self, folder: Path) -> None:
        record: dict[str, Any] = asdict(self)
        record["holder"]["birth_date"] = self.holder.birth_date.isoformat()
        record["serial"] = f"{self.serial:x}"
        for name in ("not_before", "not_after"):
            record[name] = record[name].isoformat()
        for name in BYTES:
            record[name] = record[name].hex()
        files.write(folder / "card.json", json.dumps(record, ensure_ascii=False).encode())


def load(folder: Path) -> Card:
    record = json.loads((folder / "card.json").read_bytes())
    holder = record.pop("holder")
    holder["birth_date"] = date.fromisoformat(holder["birth_date"])
    record["serial"] = int(record["serial"], 16)
    for name in ("not_before", "not_after"):
        record[name] = datetime.fromisoformat(record[name])
    for name in BYTES & record.keys():
        record[name] = bytes.fromhex(record[name])
    return Card(holder=Holder(**holder), **record)


def folder_of(cards: Path, card_id: str) -> Path:
    """Return the folder of a card, or raise `NoSuchCard`."""
    folder = cards / card_id
    # An id comes from a phone: it must not lead out of the folder of cards.
    if not ID_FORM.fullmatch(card_id) or not (folder / "card.json").is_file():
        raise NoSuchCard(f"no card {card_id!r} in {cards}; issue one first")
    return folder


def new_pin(pin: str) -> tuple[bytes, bytes]:
    """Return salt and hash of a new PIN; `ValueError` unless it is 6 to 16 of A-Z and 0-9."""
    if not PIN_FORM.fullmatch(pin):
        raise ValueError("a signature PIN is 6 to 16 characters of A-Z and 0-9")
    salt = secrets.token_bytes(16)
    return salt, hash_pin(pin, salt)


def new_auth_pin(pin: str, salt: bytes) -> bytes:
    """Return the hash of a new user-authentication PIN; `ValueError` unless it is four digits."""
    if not AUTH_PIN_FORM.fullmatch(pin):
        raise ValueError("a user-authentication PIN is four digits")
    return hash_pin(pin, salt)


def default_auth_pin(card_id: str) -> str:
    """Return the four digits of a card that was issued without a user-authentication PIN."""
    digest = hashlib.sha256(f"user-authentication:{card_id}".encode()).digest()
    return f"{int.from_bytes(digest) % 10_000:04}"


def hash_pin(pin: str, salt: bytes) -> bytes:
    # What protects the PIN is the counter; the hash only keeps it from being read off.
    return hashlib.scrypt(pin.encode(), salt=salt, n=1024, r=8, p=1)
