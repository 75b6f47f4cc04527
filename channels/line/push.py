"""The way to LINE's API: through line-bot-sdk, but for what goes to many.

The SDK takes apart and puts together each message twice, and looks for a proxy's password in files
with every request: four fifths of what a push costs. Nothing else imports it, for that takes
seconds.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import orjson
from linebot.v3.messaging import (  # type: ignore[import-untyped]  # The SDK has no types.
    ApiException,
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
)
from linebot.v3.messaging import Message as SdkMessage

from channels.line.messages import Message
from channels.line.outcomes import NO_ANSWER, LineAnswer

CONNECT_SECONDS = 3
SERVER_TROUBLE = 500
PUSH, MULTICAST = "/v2/bot/message/push", "/v2/bot/message/multicast"


class LineApi:
    """One client for life: making one costs more than twenty sends.

    Make it within the running loop, and close it there.
    """

    def __init__(
        self, *, url: str, access_token: str, timeout_seconds: float, connections: int
    ) -> None:
        configuration = Configuration(host=url, access_token=access_token)
        configuration.connection_pool_maxsize = connections
        self._client = AsyncApiClient(configuration)
        self._api = AsyncMessagingApi(self._client)
        # Without it the SDK waits for five minutes.
        self._timeout = aiohttp.ClientTimeout(
            total=timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds)
        )
        self._url = url.rstrip("/")
        self._http = aiohttp.ClientSession(
            headers={"authorization": f"Bearer {access_token}", "content-type": "application/json"},
            connector=aiohttp.TCPConnector(limit=connections),
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            proxy=_proxy(url),
        )

    async def reply(self, token: str, messages: list[Message]) -> LineAnswer:
        """Answer an event, free of charge; its token works once."""
        request = ReplyMessageRequest(replyToken=token, messages=_of_sdk(messages))
        return await self._call(self._api.reply_message_with_http_info, request)

    async def push(
        self, recipients: list[str], messages: list[Message], retry_key: str
    ) -> LineAnswer:
        """Send to one person or to at most 500; the key makes a repeat harmless for 24 hours."""
        path, to = (PUSH, recipients[0]) if len(recipients) == 1 else (MULTICAST, recipients)
        body = orjson.dumps({"to": to, "messages": messages})
        try:
            async with self._http.post(
                self._url + path,
                data=body,
                headers={"x-line-retry-key": retry_key},
                allow_redirects=False,
            ) as answer:
                said = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as lost:
            return _lost(lost)
        ids = _ids(answer.headers)
        if not ids and answer.status < SERVER_TROUBLE:
            # A proxy's page, or a stranger's: it says nothing of what LINE took or refused.
            return LineAnswer(NO_ANSWER, f"an answer that is not LINE's: {answer.status}")
        return LineAnswer(answer.status, "" if answer.ok else _words(said), ids)

    async def show_loading(self, person: str, seconds: int) -> LineAnswer:
        """Show that an answer is on its way, until the next message or for so long."""
        shown = ShowLoadingAnimationRequest(chatId=person, loadingSeconds=seconds)
        return await self._call(self._api.show_loading_animation_with_http_info, shown)

    async def close(self) -> None:
        await self._http.close()
        await self._client.close()

    async def _call(self, method: Any, *arguments: object) -> LineAnswer:
        try:
            answer = await method(*arguments, _request_timeout=self._timeout)
        except ApiException as error:
            return LineAnswer(
                error.status or NO_ANSWER, _words(error.body), _ids(error.headers or {})
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as lost:
            return _lost(lost)
        except ValueError:
            # The SDK cannot read the body of a success; to ask again does not send again.
            return LineAnswer(NO_ANSWER, "LINE's answer cannot be read")
        return LineAnswer(answer.status_code, "", _ids(answer.headers))


def _lost(error: Exception) -> LineAnswer:
    return LineAnswer(NO_ANSWER, f"no answer from LINE: {type(error).__name__}")


def _proxy(url: str) -> str | None:
    """Return the proxy that the environment names for an address, as the SDK goes by it."""
    parts = urlsplit(url)
    if parts.hostname is None or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)


def _of_sdk(messages: list[Message]) -> list[SdkMessage]:
    return [SdkMessage.from_dict(message) for message in messages]


def _ids(headers: Mapping[str, str]) -> tuple[str, ...]:
    names = ("x-line-request-id", "x-line-accepted-request-id")
    return tuple(str(headers[name]) for name in names if name in headers)


def _words(body: str | bytes | None) -> str:
    """Take LINE's words from an error's body, and the properties it blames without their values."""
    try:
        error = json.loads(body or "")
        blamed = [f"{d.get('property')}: {d.get('message')}" for d in error.get("details") or []]
        return "; ".join([str(error.get("message", "")), *blamed])[:400]
    except (ValueError, AttributeError):
        return "LINE's answer cannot be read"
