"""The private key by which the city proves to the authentication app that it is the client."""

import json
import stat
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from core.crypto import KeysUnusable

ClientKey = ECKey | RSAKey

SHORTEST_RSA = 2048


def load(path: Path) -> ClientKey:
    """Read a JWK or PEM of P-256 or RSA; raise KeysUnusable with the remedy where it is none."""
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise KeysUnusable(f"{path} is missing: put the client's private key there") from None
    except (OSError, ValueError) as problem:
        raise KeysUnusable(f"{path} cannot be read: {problem}") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeysUnusable(f"{path} is open to others: run `chmod 600 {path}`")
    key = _read(content)
    if key is None or not key.is_private:
        raise KeysUnusable(f"{path} is no private key of P-256 or RSA, as JWK or PEM")
    if isinstance(key, RSAKey) and key.public_key.key_size < SHORTEST_RSA:
        raise KeysUnusable(f"{path} is an RSA key of fewer than {SHORTEST_RSA} bits")
    if isinstance(key, ECKey) and key.curve_name != "P-256":
        raise KeysUnusable(f"{path} is a key of {key.curve_name}; the provider takes P-256")
    key.ensure_kid()
    return key


def algorithm(key: ClientKey) -> str:
    return "ES256" if isinstance(key, ECKey) else "RS256"


def _read(content: str) -> ClientKey | None:
    kinds: tuple[type[ECKey], type[RSAKey]] = (ECKey, RSAKey)
    for kind in kinds:
        try:
            return kind.import_key(json.loads(content) if content[:1] == "{" else content)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return None
