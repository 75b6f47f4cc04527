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
ID_FORM = re.compile(r"[A-Za-z0-9-]{1,64}")


class NoSuchCard(Exception):  # noqa: N818 - named for the event
    """There is no card of this id in the folder."""


class CardLocked(Exception):  # noqa: N818 - named for the event
    """The PIN was wrong five times in a row; a real holder goes to the city hall's counter."""


class WrongPin(Exception):  # noqa: N818 - named for the event
    """The PIN is wrong; `tries_left` says how many remain before the card locks."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"wrong PIN, {tries_left} tries left")
        self.tries_left = tries_left


@dataclass(slots=True, kw_only=True)
class Card:
    """What a card knows besides its key; the serial number is fixed before the key is made."""

    id: str
    holder: Holder
    serial: int
    generation: str
    not_before: datetime
    not_after: datetime
    salt: bytes
    pin_hash: bytes
    tries_left: int = TRIES

    def accepts(self, pin: str) -> bool:
        return hmac.compare_digest(self.pin_hash, hash_pin(pin, self.salt))

    def save(self, folder: Path) -> None:
        record: dict[str, Any] = asdict(self)
        record["holder"]["birth_date"] = self.holder.birth_date.isoformat()
        record["serial"] = f"{self.serial:x}"
        for name in ("not_before", "not_after"):
            record[name] = record[name].isoformat()
        for name in ("salt", "pin_hash"):
            record[name] = record[name].hex()
        files.write(folder / "card.json", json.dumps(record, ensure_ascii=False).encode())


def load(folder: Path) -> Card:
    record = json.loads((folder / "card.json").read_bytes())
    holder = record.pop("holder")
    holder["birth_date"] = date.fromisoformat(holder["birth_date"])
    record["serial"] = int(record["serial"], 16)
    for name in ("not_before", "not_after"):
        record[name] = datetime.fromisoformat(record[name])
    for name in ("salt", "pin_hash"):
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


def hash_pin(pin: str, salt: bytes) -> bytes:
    # What protects the PIN is the counter; the hash only keeps it from being read off.
    return hashlib.scrypt(pin.encode(), salt=salt, n=1024, r=8, p=1)
