"""LINE's API as an ASGI app of its own: the path that benches run thousands of times a second."""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.types import Receive, Scope, Send

from channels.simulators.line import (
    answers,
    channel,
    login,
    media,
    menu_batches,
    messaging,
    rich_menus,
)
from channels.simulators.line.answers import Answer, Refused
from channels.simulators.line.platform import Call, Platform

Handler = Callable[[Call], Awaitable[Answer]]

MOST_BYTES = 2 * 1024 * 1024
# Set by `serve`: cuts the connection, as an answer lost on its way would look to the caller.
CUT = "todoke.cut"

ENDPOINTS: dict[str, Handler] = {
    "POST /v2/bot/message/push": messaging.push,
    "POST /v2/bot/message/reply": messaging.reply,
    "POST /v2/bot/message/multicast": messaging.multicast,
    "POST /v2/bot/message/validate/push": messaging.validate,
    "POST /v2/bot/message/validate/reply": messaging.validate,
    "POST /v2/bot/message/validate/multicast": messaging.validate,
    "GET /v2/bot/message/quota": messaging.quota,
    "GET /v2/bot/message/quota/consumption": messaging.consumption,
    "GET /v2/bot/profile/{userId}": channel.profile,
    "GET /v2/bot/info": channel.info,
    "GET /v2/bot/channel/webhook/endpoint": channel.get_endpoint,
    "PUT /v2/bot/channel/webhook/endpoint": channel.set_endpoint,
    "POST /v2/bot/channel/webhook/test": channel.test_endpoint,
    "POST /v2/bot/chat/loading/start": channel.start_loading,
    "GET /v2/bot/message/{messageId}/content": media.content,
    "POST /v2/bot/richmenu": rich_menus.create,
    "GET /v2/bot/richmenu/list": rich_menus.list_all,
    "POST /v2/bot/richmenu/batch": menu_batches.begin,
    "GET /v2/bot/richmenu/progress/batch": menu_batches.progress,
    "DELETE /v2/bot/richmenu/{richMenuId}": rich_menus.delete,
    "POST /v2/bot/richmenu/{richMenuId}/content": rich_menus.upload,
    "GET /v2/bot/richmenu/{richMenuId}/content": rich_menus.download,
    "POST /v2/bot/user/all/richmenu/{richMenuId}": rich_menus.make_default,
    "POST /v2/bot/user/{userId}/richmenu/{richMenuId}": rich_menus.link,
    "DELETE /v2/bot/user/{userId}/richmenu": rich_menus.unlink,
    "POST /oauth2/v3/token": channel.issue_token,
    "POST /oauth2/v2.1/token": login.issue_tokens,
    "POST /oauth2/v2.1/verify": login.verify,
    "GET /oauth2/v2.1/certs": login.certs,
}
LOGIN = {"POST /oauth2/v2.1/token", "POST /oauth2/v2.1/verify", "GET /oauth2/v2.1/certs"}
WITH_FAULTS = LOGIN | {
    "POST /v2/bot/message/push",
    "POST /v2/bot/message/reply",
    "POST /v2/bot/message/multicast",
}
WITH_RETRY_KEY = {"POST /v2/bot/message/push", "POST /v2/bot/message/multicast"}
REFUSALS = (
    ("too_many_requests", 429, answers.RATE_LIMIT),
    ("too_many_to_one", 429, answers.TOO_MANY_TO_ONE),
    ("monthly_limit", 429, answers.MONTHLY_LIMIT),
    ("error_before_accept", 500, answers.INTERNAL),
)
OF_PUSHES = {"too_many_to_one", "monthly_limit"}
OPEN = LOGIN | {"POST /oauth2/v3/token"}
TEMPLATES = (
    (re.compile(r"/v2/bot/profile/[^/]*"), "/v2/bot/profile/{userId}"),
    (re.compile(r"/v2/bot/message/[^/]+/content"), "/v2/bot/message/{messageId}/content"),
    (re.compile(r"/v2/bot/richmenu/(?!list$|batch$)[^/]+"), "/v2/bot/richmenu/{richMenuId}"),
    (re.compile(r"/v2/bot/richmenu/[^/]+/content"), "/v2/bot/richmenu/{richMenuId}/content"),
    (re.compile(r"/v2/bot/user/all/richmenu/[^/]+"), "/v2/bot/user/all/richmenu/{richMenuId}"),
    (
        re.compile(r"/v2/bot/user/(?!all/)[^/]+/richmenu/[^/]+"),
        "/v2/bot/user/{userId}/richmenu/{richMenuId}",
    ),
    (re.compile(r"/v2/bot/user/[^/]+/richmenu"), "/v2/bot/user/{userId}/richmenu"),
)


class AnswerLost(Exception):  # noqa: N818 - named for the event, not as an error.
    """The request was dealt with, and its caller shall not learn of it."""


class LineApi:
    def __init__(self, platform: Callable[[], Platform]) -> None:
        self._platform = platform

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # By chance, and no secret: drawn without asking the system, which costs a thread its turn.
        request_id = str(UUID(int=random.getrandbits(128), version=4))
        try:
            answer = await self._answer(scope, receive, request_id)
        except Refused as refused:
            answer = refused.answer()
        except AnswerLost:
            if CUT not in scope.get("extensions", {}):
                raise RuntimeError(
                    "only `serve.serving` can lose an answer; run it by that"
                ) from None
            scope["extensions"][CUT]()
            return
        body = answer.encoded()
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [
                    (b"content-type", answer.media_type.encode()),
                    (b"content-length", str(len(body)).encode()),
                    (b"x-line-request-id", request_id.encode()),
                    *answer.headers,
                ],
            }
        )
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive, request_id: str) -> Answer:
        platform = self._platform()
        endpoint = name(scope["method"], scope["path"])
        headers = dict(scope["headers"])
        body = await read(receive)
        if endpoint not in ENDPOINTS:
            raise Refused(404, answers.NOT_FOUND)
        now = platform.now()
        if endpoint not in OPEN:
            channel.authenticate(platform.settings, headers.get(b"authorization"), now)
        platform.rates.take(endpoint, now / 1_000)
        if b"x-line-retry-key" in headers and endpoint not in WITH_RETRY_KEY:
            raise Refused(400, "The retry key is not supported by this endpoint")
        query = scope.get("query_string", b"")
        call = Call(platform, request_id, scope["path"], headers, body, query)
        handler = ENDPOINTS[endpoint]
        if endpoint not in WITH_FAULTS:
            return await handler(call)
        return await with_faults(handler, call, is_push=endpoint in WITH_RETRY_KEY)


def name(method: str, path: str) -> str:
    """Name an endpoint as the tables do: path values are left out."""
    plain = f"{method} {path}"
    if plain in ENDPOINTS:
        return plain
    known = (template for shape, template in TEMPLATES if shape.fullmatch(path))
    return f"{method} {next(known, path)}"


async def read(receive: Receive) -> bytes:
    """Read a request's body; raises Refused 413 beyond 2 MB, having read it all."""
    message = await receive()
    if not message.get("more_body"):
        body: bytes = message.get("body", b"")
    else:
        parts = [message["body"]]
        size = len(parts[0])
        while message.get("more_body"):
            message = await receive()
            size += len(message.get("body", b""))
            if size <= MOST_BYTES:
                parts.append(message.get("body", b""))
        if size > MOST_BYTES:
            raise Refused(413, "The request body is larger than 2 MB")
        body = b"".join(parts)
    return body


async def with_faults(handler: Handler, call: Call, *, is_push: bool) -> Answer:
    """Answer as LINE does on a bad day."""
    faults = call.platform.faults
    for fault, status, words in REFUSALS:
        if (is_push or fault not in OF_PUSHES) and faults.strike(fault):
            raise Refused(status, words)
    answer = await handler(call)
    if slow := faults.strike("slow"):
        await asyncio.sleep(slow.seconds)
    if faults.strike("lost_reply"):
        raise AnswerLost
    if faults.strike("error_after_accept"):
        raise Refused(500, answers.INTERNAL)
    return answer
