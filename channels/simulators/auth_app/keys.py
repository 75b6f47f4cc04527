"""The provider's own keys, on disk: what signs ID tokens, and what makes a `sub` pairwise."""

import hashlib
import hmac
import json
import secrets
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from channels.simulators.card import files

# The key that signs, and the one before it, whose tokens may still be about.
PUBLISHED = 2


class Keys:
    """The keys in a folder; made there at the first start."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "signing-keys.json"
        secret = folder / "pairwise-secret"
        with files.locked(folder):
            if not secret.exists():
                files.write(secret, secrets.token_bytes(32))
            self._secret = secret.read_bytes()
            if self._path.exists():
                kept = json.loads(self._path.read_bytes())["keys"]
                self._signing = [ECKey.import_key(each) for each in kept]
            else:
                self._signing = []
                self.rotate()

    @property
    def current(self) -> ECKey:
        return self._signing[0]

    def rotate(self) -> str:
        """Sign with a new key from now on, and return its kid; publish the last one beside it."""
        fresh = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        self._signing = [fresh, *self._signing][:PUBLISHED]
        private = {"keys": [each.as_dict(private=True) for each in self._signing]}
        files.write(self._path, json.dumps(private).encode())
        return str(fresh.kid)

    def public(self) -> dict[str, Any]:
        """Return the JWK set for clients."""
        return {"keys": [each.as_dict(private=False) for each in self._signing]}

    def subject(self, client_id: str, card_id: str) -> str:
        """Return the `sub` of a card for a client; no two clients can tell that it is one card."""
        text = f"{client_id}\n{card_id}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()
