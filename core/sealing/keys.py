"""The city's key for sealed files: of age (X25519), whose secret stays with the city."""

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyrage import IdentityError, RecipientError, x25519

from core.sealing.refusals import SealBroken

_SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - how age's keys begin, not one of them
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True, repr=False)
class CityKey:
    """A secret key; files sealed to its `public_key` open with it alone."""

    identity: x25519.Identity

    @property
    def public_key(self) -> str:
        return str(self.identity.to_public())


def new_key(path: Path, *, now: datetime) -> CityKey:
    """Make a key and write it where no file is yet, readable by its owner alone.

    Raises `FileExistsError`: a key is never written over.
    """
    key = CityKey(x25519.Identity.generate())
    text = f"# created: {now.isoformat()}\n# public key: {key.public_key}\n{key.identity}\n"
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(file, "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return key


def read_key(path: Path) -> CityKey:
    """Read a key's file. Raises `SealBroken`."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    secrets = [line.strip() for line in text.splitlines() if line.strip().startswith(_SECRET)]
    if len(secrets) != 1:
        raise SealBroken("KEY_INVALID", f"{path.name} is no key of the city")
    try:
        return CityKey(x25519.Identity.from_str(secrets[0]))
    except IdentityError as wrong:
        raise SealBroken("KEY_INVALID", f"the key in {path.name} is damaged") from wrong


def recipient(public_key: str) -> x25519.Recipient:
    """Return whom to seal to. Raises `SealBroken` for what is no public key."""
    try:
        return x25519.Recipient.from_str(public_key.strip())
    except RecipientError as wrong:
        raise SealBroken("KEY_INVALID", "this is no public key: it begins with age1") from wrong


def fingerprint(public_key: str) -> str:
    """Return the SHA-256 of a public key's text, in hexadecimal. Raises `SealBroken`."""
    return hashlib.sha256(str(recipient(public_key)).encode()).hexdigest()


def spoken(fingerprint: str) -> list[str]:
    """Return a fingerprint as it is read aloud: lines of four groups of four."""
    groups = re.findall("....", fingerprint)
    return [" ".join(groups[start : start + 4]) for start in range(0, len(groups), 4)]
