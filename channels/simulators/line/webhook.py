"""One webhook request: signed as LINE signs, and what the receiver made of it."""

import base64
import hashlib
import hmac
import json
from typing import Any

import aiohttp

DELIVERED = ""


def signature(secret: str, body: bytes) -> str:
    """Sign a body: base64 of HMAC-SHA256 under the channel secret."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


async def post(
    http: aiohttp.ClientSession,
    url: str,
    *,
    destination: str,
    events: list[dict[str, Any]],
    secret: str,
    patience: float,
) -> tuple[int, str]:
    """Deliver events; return the status (0 when nothing answered) and LINE's word for the failure.

    The word is empty for a success, else `request_timeout`, `could_not_connect`, `unclassified` or
    `error_status_code`. `patience` is in seconds.
    """
    body = json.dumps(
        {"destination": destination, "events": events}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    headers = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "LineBotWebhook/2.0",
        "x-line-signature": signature(secret, body),
    }
    limit = aiohttp.ClientTimeout(total=patience)
    try:
        async with http.post(
            url, data=body, headers=headers, timeout=limit, allow_redirects=False
        ) as answer:
            status = answer.status
            await answer.read()
    except TimeoutError:
        return 0, "request_timeout"
    except aiohttp.ClientConnectorError:
        return 0, "could_not_connect"
    except (aiohttp.ClientError, OSError, ValueError):
        return 0, "unclassified"
    return status, DELIVERED if 200 <= status < 300 else "error_status_code"
