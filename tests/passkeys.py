"""An authenticator in software, with a browser around it: ES256, no attestation; and faults."""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def to_text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Kept:
    """A passkey on the device."""

    id: bytes
    key: ec.EllipticCurvePrivateKey
    user_handle: bytes
    rp_id: str


@dataclass
class Authenticator:
    """A device on a page of `origin`; `flags`, `count` and the rest may be set wrong by a test."""

    origin: str
    flags: int = PRESENT | VERIFIED
    count: int = 0
    kept: list[Kept] = field(default_factory=list)
    rp_id: str = ""

    def create(self, options_json: str, **client_data) -> str:
        """Make a passkey, as `navigator.credentials.create` does."""
        options = json.loads(options_json)
        excluded = {from_text(one["id"]) for one in options.get("excludeCredentials", ())}
        assert not excluded & {one.id for one in self.kept}, "the device has one already"
        key = ec.generate_private_key(ec.SECP256R1())
        made = Kept(os.urandom(32), key, from_text(options["user"]["id"]), options["rp"]["id"])
        self.kept.append(made)
        numbers = key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: _32(numbers.x), -3: _32(numbers.y)}
        attested = bytes(16) + struct.pack(">H", len(made.id)) + made.id + cbor2.dumps(cose)
        data = self._data(made.rp_id, ATTESTED) + attested
        response = {
            "clientDataJSON": self._client_data("webauthn.create", options, client_data),
            "attestationObject": to_text(
                cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
            ),
        }
        return self._credential(made, response)

    def sign_in(self, options_json: str, *, kept: Kept | None = None, **client_data) -> str:
        """Sign, as `navigator.credentials.get` does; by the newest passkey, if none is named."""
        options = json.loads(options_json)
        kept = kept or self.kept[-1]
        data = self._data(kept.rp_id, 0)
        said = self._client_data("webauthn.get", options, client_data)
        signed = data + hashlib.sha256(from_text(said)).digest()
        response = {
            "clientDataJSON": said,
            "authenticatorData": to_text(data),
            "signature": to_text(kept.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": to_text(kept.user_handle),
        }
        return self._credential(kept, response)

    def _data(self, rp_id: str, more: int) -> bytes:
        host = hashlib.sha256((self.rp_id or rp_id).encode()).digest()
        return host + struct.pack(">BI", self.flags | more, self.count)

    def _client_data(self, kind: str, options: dict, changes: dict) -> str:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return to_text(json.dumps(said | changes).encode())

    def _credential(self, kept: Kept, response: dict[str, str]) -> str:
        id = to_text(kept.id)
        return json.dumps({"id": id, "rawId": id, "type": "public-key", "response": response})


def _32(number: int) -> bytes:
    return number.to_bytes(32, "big")
