"""The way to LINE's API: a client of our own, which takes no message apart that is whole already.

LINE's SDK takes apart and puts together each message twice, and looks for a proxy's password in
files with every request: four fifths of what a push costs; and to load it takes as long as all of
the adapter's own start.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import orjson

from channels.line.messages import Message
from channels.line.outcomes import NO_ANSWER, LineAnswer

CONNECT_SECONDS = 3
SERVER_TROUBLE = 500
PUSH, MULTICAST = "/v2/bot/message/push", "/v2/bot/message/multicast"
REPLY, LOADING = "/v2/bot/message/reply", "/v2/bot/chat/loading/start"


class LineApi:
    """One client for life: making one costs more than twenty sends.

    Make it within the running loop, and close it there.
    """

    def __init__(
        self, *, url: str, access_token: str, timeout_seconds: float, connections: int
    ) -> None:
        self._url = url.rstrip("/")
        self._http = aiohttp.ClientSession(
            headers={"authorization": f"Bearer {access_token}", "content-type": "application/json"},
            connector=aiohttp.TCPConnector(limit=connections),
            timeout=aiohttp.ClientTimeout(
                total=timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds)
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            proxy=_proxy(url),
        )

    async def reply(self, token: str, messages: list[Message]) -> LineAnswer:
        """Answer an event, free of charge; its token works once."""
        return await self._post(REPLY, {"replyToken": token, "messages": messages})

    async def push(
        self, recipients: list[str], messages: list[Message], retry_key: str
    ) -> LineAnswer:
        """Send to one person or to at most 500; the key makes a repeat harmless for 24 hours."""
        path, to = (PUSH, recipients[0]) if len(recipients) == 1 else (MULTICAST, recipients)
        return await self._post(path, {"to": to, "messages": messages}, retry_key)

    async def show_loading(self, person: str, seconds: int) -> LineAnswer:
        """Show that an answer is on its way, until the next message or for so long."""
        return await self._post(LOADING, {"chatId": person, "loadingSeconds": seconds})

    async def close(self) -> None:
        await self._http.close()

    async def _post(self, path: str, body: dict[str, Any], retry_key: str = "") -> LineAnswer:
        try:
            async with self._http.post(
                self._url + path,
                data=orjson.dumps(body),
                headers={"x-line-retry-key": retry_key} if retry_key else {},
                allow_redirects=False,
            ) as answer:
                said = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as lost:
            return LineAnswer(NO_ANSWER, f"no answer from LINE: {type(lost).__name__}")
        ids = _ids(answer.headers)
        if not ids and answer.status < SERVER_TROUBLE:
            # A proxy's page, or a stranger's: it says nothing of what LINE took or refused.
            return LineAnswer(NO_ANSWER, f"an answer that is not LINE's: {answer.status}")
        return LineAnswer(answer.status, "" if answer.ok else _words(said), ids)


def _proxy(url: str) -> str | None:
    """Return the proxy that the environment names for an address."""
    parts = urlsplit(url)
    if parts.hostname is None or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)


def _ids(headers: Mapping[str, str]) -> tuple[str, ...]:
    names = ("x-line-request-id", "x-line-accepted-request-id")
    return tuple(str(headers[name]) for name in names if name in headers)


def _words(body: bytes) -> str:
    """Take LINE's words from an error's body, and the properties it blames without their values."""
    try:
        error = json.loads(body)
        blamed = [f"{d.get('property')}: {d.get('message')}" for d in error.get("details") or []]
        return "; ".join([str(error.get("message", "")), *blamed])[:400]
    except (ValueError, AttributeError):
        return "LINE's answer cannot be read"
