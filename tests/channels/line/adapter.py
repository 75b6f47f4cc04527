"""Makers for the tests of the LINE adapter: it runs between a fake core and a fake LINE."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.line.app import create_app
from channels.line.settings import LineSettings
from channels.line.signature import sign
from tests.channels.fake_core import TOKEN, FakeCore, fake_core
from tests.channels.serving import serving
from todoke.v1.dispatches_pb2 import Dispatch, Outcome

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
ACCESS_TOKEN = "the-channel-access-token"
HANAKO = "U" + "a" * 32
TARO = "U" + "b" * 32


@dataclass
class Sent:
    """A request to send that reached LINE."""

    way: str
    body: Any
    headers: Any

    @property
    def messages(self) -> str:
        """What was said, as JSON with its characters readable."""
        return json.dumps(self.body["messages"], ensure_ascii=False)


@dataclass
class FakeLine:
    """LINE's sending endpoints: answers are taken from `answers` while there are any."""

    url: str = ""
    sent: list[Sent] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    hold: asyncio.Event | None = None
    content: bytes = b"a photograph"
    content_statuses: list[int] = field(default_factory=list)
    loading: list[Any] = field(default_factory=list)
    is_stranger: bool = False
    """Whether somebody else answers in LINE's place, such as a proxy that wants a password."""

    async def give(self, _: Request) -> Response:
        """Give what somebody sent, after the statuses in `content_statuses`."""
        status = self.content_statuses.pop(0) if self.content_statuses else 200
        return Response(self.content, status, media_type="image/jpeg")

    async def load(self, request: Request) -> Response:
        self.loading.append(await request.json())
        return Response(status_code=202, content="{}", media_type="application/json")

    async def take(self, request: Request) -> Response:
        body = await request.json()
        sent = Sent(request.url.path.rpartition("/")[2], body, request.headers)
        self.sent.append(sent)
        if self.hold is not None:
            await self.hold.wait()
        if self.answers:
            status, message = self.answers.pop(0)
            if status == 500:  # As LINE does on a bad day: taken all the same.
                self.used.add(body.get("replyToken", ""))
            accepted = {"x-line-accepted-request-id": "the-first"} if status == 409 else {}
            return self._answer(status, {"message": message}, **accepted)
        token = body.get("replyToken")
        if token in self.used:
            return self._answer(400, {"message": "Invalid reply token"})
        if token:
            self.used.add(token)
        return self._answer(200, {"sentMessages": [{"id": "1", "quoteToken": "q"}]})

    def _answer(self, status: int, body: Any, **headers: str) -> Response:
        named = {"x-line-request-id": f"request-{len(self.sent)}", **headers}
        if self.is_stranger:
            return Response("<html>", status)
        return JSONResponse(body, status, headers=named)


@asynccontextmanager
async def fake_line() -> AsyncIterator[FakeLine]:
    line = FakeLine()
    routes = [
        Route(f"/v2/bot/message/{way}", line.take, methods=["POST"])
        for way in ("reply", "push", "multicast")
    ]
    routes += [
        Route("/v2/bot/message/{id}/content", line.give),
        Route("/v2/bot/chat/loading/start", line.load, methods=["POST"]),
    ]
    async with serving(Starlette(routes=routes)) as line.url:
        yield line


@dataclass
class Running:
    """An adapter that runs, and what it stands between."""

    url: str
    core: FakeCore
    line: FakeLine
    http: aiohttp.ClientSession

    async def deliver(self, *events: dict[str, Any], **more: Any) -> int:
        """Post a signed webhook; returns the status."""
        body = json.dumps({"destination": "U" + "0" * 32, "events": list(events), **more}).encode()
        return await self.post(body, {"X-Line-Signature": sign(body, SECRET)})

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        url = f"{self.url}/line/webhook"
        async with self.http.post(url, data=BytesIO(body), headers=headers) as answer:
            return answer.status


def some_settings(folder: Path, core: str, line: str, **more: Any) -> LineSettings:
    secrets = {"token": TOKEN, "secret": SECRET, "access": ACCESS_TOKEN}
    for name, secret in secrets.items():
        (folder / name).write_text(f"{secret}\n", encoding="utf-8")
    given: dict[str, Any] = {
        "core_address": core,
        "core_token_file": folder / "token",
        "channel_secret_file": folder / "secret",
        "access_token_file": folder / "access",
        "public_url": "https://line.todoke.example",
        "api_url": line,
        "rich_menus": False,
    }
    return LineSettings(**{**given, **more})


@asynccontextmanager
async def running(folder: Path, **more: Any) -> AsyncIterator[Running]:
    async with (
        fake_core() as core,
        fake_line() as line,
        beside(folder, core, line, **more) as adapter,
    ):
        yield adapter


@asynccontextmanager
async def beside(
    folder: Path, core: FakeCore, line: FakeLine, **more: Any
) -> AsyncIterator[Running]:
    """Run one more adapter between the same core and LINE."""
    settings = some_settings(folder, core.address, line.url, **more)
    async with serving(create_app(settings)) as url, aiohttp.ClientSession() as http:
        yield Running(url, core, line, http)


_count = 0


def an_event(kind: str, person: str = HANAKO, *, minutes_ago: float = 0, **more: Any) -> Any:
    """Make an event of its own id and reply token."""
    global _count  # noqa: PLW0603 - ids differ within a process, and nothing else is wanted.
    _count += 1
    time = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return {
        "type": kind,
        "mode": "active",
        "timestamp": int(time.timestamp() * 1000),
        "source": {"type": "user", "userId": person},
        "webhookEventId": f"01FZ74A0TDDPYRVKNK77X{_count:05}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"{_count:032x}",
        **more,
    }


def a_press(data: str, person: str = HANAKO, **more: Any) -> Any:
    return an_event("postback", person, postback={"data": data}, **more)


def again(event: Any) -> Any:
    """Make LINE's redelivery of an event."""
    return {**event, "deliveryContext": {"isRedelivery": True}}


PAGE_SECRET = "a-secret-of-the-pages-by-chance-0123456789"


def with_app(folder: Path) -> dict[str, Any]:
    """Make the settings by which the pages of the app are served."""
    (folder / "pages").write_text(PAGE_SECRET, encoding="utf-8")
    return {"app_pages": True, "page_secret_file": folder / "pages"}


async def told(adapter: Running, dispatch: Dispatch) -> Outcome:
    """Give the adapter a dispatch; return what it tells of it."""
    async with asyncio.timeout(30):
        pull = await adapter.core.pulls.get()
        pull.give(dispatch)
        outcome = await pull.outcomes.get()
        adapter.core.pulls.put_nowait(pull)
        return outcome
