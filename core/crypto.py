"""Personal data at rest: sealed columns, blind indexes to find them by, and the keys of both.

A sealed value is AES-256-GCM: one byte for the form, four for the key's id, twelve of nonce, then
the ciphertext, bound to its place ("table.column") so that values cannot be moved between columns.
A blind index is HMAC-SHA-256 of a normalised value under a key of its own, bound likewise.
"""

import base64
import json
import os
import secrets
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import constant_time
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

FORM = b"\x01"
KEY_ID_LENGTH = 4
NONCE_LENGTH = 12
PREFIX_LENGTH = len(FORM) + KEY_ID_LENGTH


class KeysUnusable(Exception):  # noqa: N818 - named for the event, as refusals are
    """The key file is missing, open to others or broken; the message says which and the remedy."""


class Unsealable(Exception):  # noqa: N818 - named for the event, as refusals are
    """A sealed value was changed, moved to another column, or its key is not in the key file."""


@dataclass(frozen=True, slots=True, eq=False)
class Vault:
    """The keys in memory: `keys` by id, the `active` one seals, `index_key` makes blind indexes.

    A key's id is drawn at random with it and never used for another: vaults are told by them.
    """

    keys: dict[bytes, AESGCM]
    active: bytes
    index_key: bytes

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vault) and (
            (self.index_key, self.active) == (other.index_key, other.active)
            and self.keys.keys() == other.keys.keys()
        )

    def __hash__(self) -> int:
        return hash(self.index_key)

    def seal(self, text: str, place: str) -> bytes:
        return self.seal_bytes(text.encode(), place)

    def seal_each(self, texts: Sequence[str], place: str) -> list[bytes]:
        """Seal many texts of one place, in less time than one by one."""
        encrypt, bound, begins = self.keys[self.active].encrypt, place.encode(), self.active_prefix
        drawn = os.urandom(NONCE_LENGTH * len(texts))
        nonces = [drawn[at : at + NONCE_LENGTH] for at in range(0, len(drawn), NONCE_LENGTH)]
        return [
            begins + nonce + encrypt(nonce, text.encode(), bound)
            for nonce, text in zip(nonces, texts, strict=True)
        ]

    def open(self, sealed: bytes, place: str) -> str:
        """Return the text; raise Unsealable where value, place or key do not fit."""
        return self.open_bytes(sealed, place).decode()

    def open_each(self, sealed: Sequence[bytes], place: str) -> list[str]:
        """Open many texts of one place, in less time than one by one; raise Unsealable."""
        bound, end = place.encode(), PREFIX_LENGTH + NONCE_LENGTH
        texts: list[str] = []
        try:
            for one in sealed:
                decrypt = self.keys[one[len(FORM) : PREFIX_LENGTH]].decrypt
                texts.append(decrypt(one[PREFIX_LENGTH:end], one[end:], bound).decode())
        except (KeyError, InvalidTag):
            # The one that cannot be opened says why.
            return [self.open(one, place) for one in sealed]
        return texts

    def seal_bytes(self, content: bytes, place: str) -> bytes:
        nonce = os.urandom(NONCE_LENGTH)
        sealed = self.keys[self.active].encrypt(nonce, content, place.encode())
        return FORM + self.active + nonce + sealed

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """Return the content; raise Unsealable where value, place or key do not fit."""
        key = self.keys.get(sealed[len(FORM) : PREFIX_LENGTH])
        if key is None or sealed[: len(FORM)] != FORM:
            raise Unsealable(f"{place}: no key in the key file opens this value")
        nonce = sealed[PREFIX_LENGTH : PREFIX_LENGTH + NONCE_LENGTH]
        try:
            return key.decrypt(nonce, sealed[PREFIX_LENGTH + NONCE_LENGTH :], place.encode())
        except InvalidTag:
            raise Unsealable(f"{place}: the value was changed or moved") from None

    def index(self, value: str, place: str) -> bytes:
        """Return the blind index of an already normalised value, 32 bytes."""
        return self.digest(value.encode(), place)

    def digest(self, content: bytes, place: str) -> bytes:
        """Return a digest, 32 bytes, by which nobody without the key can try out contents."""
        mac = HMAC(self.index_key, SHA256())
        mac.update(place.encode() + b"\0" + content)
        return mac.finalize()

    def digest_each(self, contents: Iterable[bytes], place: str) -> list[bytes]:
        """Return the digests of many contents of one place, in less time than one by one."""
        begun = HMAC(self.index_key, SHA256())
        begun.update(place.encode() + b"\0")
        digests: list[bytes] = []
        for content in contents:
            mac = begun.copy()
            mac.update(content)
            digests.append(mac.finalize())
        return digests

    @property
    def active_prefix(self) -> bytes:
        """Return how a value begins that the active key has sealed."""
        return FORM + self.active


def equal(left: bytes, right: bytes) -> bool:
    """Compare two secrets in a time that does not depend on where they differ."""
    return constant_time.bytes_eq(left, right)


def create_keys(path: Path) -> None:
    """Write a new key file that only its owner may read; never over one that is there."""
    _write(path, {"active": "", "keys": {}, "index_key": _secret()}, flags=os.O_EXCL)
    rotate_keys(path)


def rotate_keys(path: Path) -> str:
    """Add a key that seals from now on and return its id; the others open what they sealed."""
    held = _read(path)
    key_id = secrets.token_hex(KEY_ID_LENGTH)
    held["keys"][key_id] = _secret()
    held["active"] = key_id
    fresh = path.with_suffix(".new")
    _write(fresh, held, flags=os.O_TRUNC)
    fresh.replace(path)
    return key_id


def load_keys(path: Path) -> Vault:
    """Read the key file; raise KeysUnusable with the remedy where it cannot be used."""
    held = _read(path)
    keys = {bytes.fromhex(k): AESGCM(base64.b64decode(v)) for k, v in held["keys"].items()}
    return Vault(keys, bytes.fromhex(held["active"]), base64.b64decode(held["index_key"]))


def _secret() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write(path: Path, held: dict[str, Any], *, flags: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(held, file, indent=2)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> dict[str, Any]:
    try:
        mode = path.stat().st_mode
        held: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        raise KeysUnusable(f"{path} is missing: make it with `todoke keys create`") from None
    except (OSError, ValueError) as problem:
        raise KeysUnusable(f"{path} cannot be read: {problem}") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeysUnusable(f"{path} is open to others: run `chmod 600 {path}`")
    if not {"active", "keys", "index_key"} <= held.keys():
        raise KeysUnusable(f"{path} is not a key file of todoke: restore it from its backup")
    return held


def hold(dialect: Dialect, vault: Vault) -> None:
    """Give an engine's dialect the vault, where sealed columns find it."""
    dialect.todoke_vault = vault  # type: ignore[attr-defined]  # The one object a column type is handed.


def vault_of(session: Session) -> Vault:
    """Return the vault of the session's database."""
    return vault_held(session.get_bind().dialect)


def vault_held(dialect: Dialect) -> Vault:
    """Return the vault that `hold` gave."""
    vault: Vault = dialect.todoke_vault  # type: ignore[attr-defined]  # Given by `hold`.
    return vault


class SealedColumn:
    """What every sealed column is, whatever it holds: opened at its `place` only."""

    place: str


class Sealed(SealedColumn, TypeDecorator[str]):
    """A text that is sealed on its way into the database and opened on its way out."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else vault_held(dialect).seal(value, self.place)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        return None if value is None else vault_held(dialect).open(value, self.place)


class SealedBytes(SealedColumn, TypeDecorator[bytes]):
    """Bytes, such as a photograph's, that are sealed as texts are."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else vault_held(dialect).seal_bytes(value, self.place)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> bytes | None:
        return None if value is None else vault_held(dialect).open_bytes(value, self.place)
