"""The endpoints about the channel itself: its people, its webhook, its tokens."""

import base64
import hashlib
import hmac
import sqlite3
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from channels.simulators.line import answers, people, webhook
from channels.simulators.line.answers import Answer, Refused, body_has_errors
from channels.simulators.line.checks import Checks
from channels.simulators.line.platform import Call, Platform
from channels.simulators.line.settings import Settings

TOKEN_SECONDS = 900
LOADING_SECONDS = range(5, 61, 5)


async def profile(call: Call) -> Answer:
    id = call.path.rpartition("/")[2]
    try:
        person = await call.platform.store.read(partial(people.get, id=id))
    except people.NoSuchPerson as wrong:
        raise Refused(404, answers.NOT_FOUND) from wrong
    if person.state != "friend":
        raise Refused(404, answers.NOT_FOUND)
    return Answer(body={"userId": person.id, "displayName": person.name, "language": "ja"})


async def info(call: Call) -> Answer:
    settings = call.platform.settings
    return Answer(
        body={
            "userId": settings.bot_user_id,
            "basicId": "@simulated",
            "displayName": settings.account_name,
            "chatMode": "bot",
            "markAsReadMode": "auto",
        }
    )


async def get_endpoint(call: Call) -> Answer:
    url = call.platform.mailbag.url
    if not url:
        raise Refused(404, answers.NOT_FOUND)
    return Answer(body={"endpoint": url, "active": True})


async def set_endpoint(call: Call) -> Answer:
    body = call.json()
    checks = Checks()
    checks.text(body, "endpoint", "", 500)
    url = body.get("endpoint")
    if not checks.found and not is_endpoint(str(url)):
        checks.blame("endpoint", "Invalid webhook endpoint URL")
    if checks.found:
        raise body_has_errors(checks.found)
    await keep_endpoint(call.platform, str(url))
    return Answer()


async def keep_endpoint(platform: Platform, url: str) -> None:
    """Deliver to this URL from now on, also after a restart."""

    def keep(db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM channel")
        db.execute("INSERT INTO channel (webhook_url) VALUES (?)", (url,))

    await platform.store.write(keep)
    platform.mailbag.url = url


def kept_endpoint(db: sqlite3.Connection) -> str:
    row = db.execute("SELECT webhook_url FROM channel").fetchone()
    return str(row[0]) if row else ""


def is_endpoint(url: str) -> bool:
    """LINE takes HTTPS only; the simulator also what is on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    )


async def test_endpoint(call: Call) -> Answer:
    platform = call.platform
    body: dict[str, Any] = call.json() if call.body else {}
    url = body.get("endpoint") or platform.mailbag.url
    if not isinstance(url, str) or not url:
        raise Refused(404, answers.NOT_FOUND)
    status, reason = await webhook.post(
        platform.http,
        url,
        destination=platform.settings.bot_user_id,
        events=[],
        secret=platform.settings.channel_secret,
        patience=platform.settings.webhook_timeout,
    )
    return Answer(
        body={
            "success": not reason,
            "timestamp": datetime.fromtimestamp(platform.now() / 1_000, UTC).isoformat(),
            "statusCode": status,
            "reason": reason.upper() or "OK",
            "detail": str(status) if status else reason,
        }
    )


async def start_loading(call: Call) -> Answer:
    body = call.json()
    checks = Checks()
    checks.text(body, "chatId", "", 100)
    seconds = body.get("loadingSeconds", 20)
    if not isinstance(seconds, int) or not 5 <= seconds <= 60:
        checks.blame("loadingSeconds", "Must be between 5 and 60")
    elif seconds not in LOADING_SECONDS:
        checks.blame("loadingSeconds", "must be a multiple of five")
    if checks.found:
        raise body_has_errors(checks.found)
    call.platform.typing[body["chatId"]] = call.platform.now() + seconds * 1_000
    call.platform.bell.ring(body["chatId"])
    return Answer(202)


async def issue_token(call: Call) -> Answer:
    """Issue a stateless token: it carries its own end, so that no restart forgets it."""
    settings = call.platform.settings
    form = {name: values[0] for name, values in parse_qs(call.body.decode("latin-1")).items()}
    if form.get("grant_type") != "client_credentials":
        return Answer(400, {"error": "unsupported_grant_type"})
    if "client_assertion" in form:
        return Answer(
            400,
            {
                "error": "invalid_request",
                "error_description": "the simulator takes client_id and client_secret only",
            },
        )
    is_known = form.get("client_id") == settings.channel_id and hmac.compare_digest(
        form.get("client_secret", "").encode(), settings.channel_secret.encode()
    )
    if not is_known:
        return Answer(
            400, {"error": "invalid_client", "error_description": "invalid client_secret"}
        )
    ends = str(call.platform.now() + TOKEN_SECONDS * 1_000)
    return Answer(
        body={
            "token_type": "Bearer",
            "access_token": f"{ends}.{_seal(settings, ends)}",
            "expires_in": TOKEN_SECONDS,
        }
    )


def authenticate(settings: Settings, header: bytes | None, now: int) -> None:
    """Let in the channel's own token and its stateless ones; raises Refused 401."""
    scheme, _, token = (header or b"").decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise answers.not_authenticated(
            "no bearer token. Give the header 'Authorization: Bearer {channel access token}'."
        )
    if hmac.compare_digest(token.encode(), settings.channel_access_token.encode()):
        return
    ends, _, seal = token.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(settings, ends).encode()):
        raise answers.not_authenticated(
            "invalid token. Confirm that the access token in the authorization header is valid."
        )
    if int(ends) <= now:
        raise answers.not_authenticated("The access token expired")


def _seal(settings: Settings, ends: str) -> str:
    digest = hmac.digest(settings.channel_secret.encode(), ends.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode()
