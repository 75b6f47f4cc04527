"""Whether LINE wrote a webhook body: HMAC-SHA256 under the channel secret over the raw bytes.

Source: Messaging API reference, "Signature validation".
"""

import base64
import hashlib
import hmac


def sign(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def is_signed(body: bytes, signature: str | None, secret: str) -> bool:
    """Compare in constant time; no signature is a wrong one."""
    return hmac.compare_digest(sign(body, secret).encode(), (signature or "").encode())
