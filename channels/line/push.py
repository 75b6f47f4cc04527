"""The way to LINE's API, through line-bot-sdk.

Nothing else imports the SDK, for that takes seconds.
"""

import json
from typing import Any

import aiohttp
from linebot.v3.messaging import (  # type: ignore[import-untyped]  # The SDK has no types.
    ApiException,
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    MulticastRequest,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
)
from linebot.v3.messaging import Message as SdkMessage

from channels.line.messages import Message
from channels.line.outcomes import NO_ANSWER, LineAnswer

CONNECT_SECONDS = 3


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

    async def reply(self, token: str, messages: list[Message]) -> LineAnswer:
        """Answer an event, free of charge; its token works once."""
        request = ReplyMessageRequest(replyToken=token, messages=_of_sdk(messages))
        return await self._call(self._api.reply_message_with_http_info, request)

    async def push(
        self, recipients: list[str], messages: list[Message], retry_key: str
    ) -> LineAnswer:
        """Send to one person or to at most 500; the key makes a repeat harmless for 24 hours."""
        said = _of_sdk(messages)
        if len(recipients) == 1:
            one = PushMessageRequest(to=recipients[0], messages=said)
            return await self._call(self._api.push_message_with_http_info, one, retry_key)
        many = MulticastRequest(to=recipients, messages=said)
        return await self._call(self._api.multicast_with_http_info, many, retry_key)

    async def show_loading(self, person: str, seconds: int) -> LineAnswer:
        """Show that an answer is on its way, until the next message or for so long."""
        shown = ShowLoadingAnimationRequest(chatId=person, loadingSeconds=seconds)
        return await self._call(self._api.show_loading_animation_with_http_info, shown)

    async def close(self) -> None:
        await self._client.close()

    async def _call(self, method: Any, *arguments: object) -> LineAnswer:
        try:
            answer = await method(*arguments, _request_timeout=self._timeout)
        except ApiException as error:
            return LineAnswer(
                error.status or NO_ANSWER, _words(error.body), _ids(error.headers or {})
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as lost:
            return LineAnswer(NO_ANSWER, f"no answer from LINE: {type(lost).__name__}")
        except ValueError:
            # The SDK cannot read the body of a success; to ask again does not send again.
            return LineAnswer(NO_ANSWER, "LINE's answer cannot be read")
        return LineAnswer(answer.status_code, "", _ids(answer.headers))


def _of_sdk(messages: list[Message]) -> list[SdkMessage]:
    return [SdkMessage.from_dict(message) for message in messages]


def _ids(headers: Any) -> tuple[str, ...]:
    names = ("x-line-request-id", "x-line-accepted-request-id")
    return tuple(str(headers[name]) for name in names if name in headers)


def _words(body: str | None) -> str:
    """Take LINE's words from an error's body, and the properties it blames without their values."""
    try:
        error = json.loads(body or "")
        blamed = [f"{d.get('property')}: {d.get('message')}" for d in error.get("details") or []]
        return "; ".join([str(error.get("message", "")), *blamed])[:400]
    except (ValueError, AttributeError):
        return "LINE's answer cannot be read"
