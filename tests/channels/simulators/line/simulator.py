"""Makers for the tests of the LINE simulator: a running one, a receiver of webhooks, messages."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.simulators.line.app import create_app
from channels.simulators.line.card import Wallet
from channels.simulators.line.serve import Server
from channels.simulators.line.settings import Settings
from tests.channels.serving import Prompt, serving

TOKEN = "the-channel-access-token"
SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
HANAKO = "U" + "a" * 32
TARO = "U" + "b" * 32
NOBODY = "U" + "f" * 32


@dataclass
class Hands:
    """A clock whose hands a test moves."""

    now: float = 1_764_000_000.0

    def __call__(self) -> float:
        return self.now


class Platform(Server, Prompt):
    """The simulator's server, which ends its streams, and then at once."""


@asynccontextmanager
async def serving_line(app: Starlette) -> AsyncIterator[str]:
    """Serve the simulator while the test does; gives its base URL."""

    def end_streams() -> None:
        app.state.platform.bell.close()

    server = Platform(app, end_streams=end_streams)
    task = asyncio.create_task(server.serve())
    await server.ready.wait()
    try:
        yield server.address()
    finally:
        server.end()
        await task


@dataclass(frozen=True)
class Answered:
    status: int
    body: Any
    headers: Any


@dataclass
class Line:
    """A client of the simulator, as a channel and as the people's phones."""

    url: str
    http: aiohttp.ClientSession
    deeds: int = 0

    async def ask(self, method: str, path: str, **more: Any) -> Answered:
        async with self.http.request(method, self.url + path, **more) as answer:
            body = await answer.json() if answer.content_type == "application/json" else None
            return Answered(answer.status, body, answer.headers)

    async def api(self, method: str, path: str, body: Any = None, key: str = "") -> Answered:
        headers = {"authorization": f"Bearer {TOKEN}"}
        if key:
            headers["x-line-retry-key"] = key
        return await self.ask(method, f"/v2/bot{path}", json=body, headers=headers)

    async def push(self, to: str, *messages: dict[str, Any], key: str = "") -> Answered:
        body = {"to": to, "messages": list(messages)}
        return await self.api("POST", "/message/push", body, key=key)

    async def reply(self, token: str, *messages: dict[str, Any]) -> Answered:
        body = {"replyToken": token, "messages": list(messages)}
        return await self.api("POST", "/message/reply", body)

    async def do(self, person: str, deed: str, **more: Any) -> Answered:
        self.deeds += 1
        body = {"action_id": f"deed-{self.deeds}", **more}
        return await self.ask("POST", f"/phone/{person}/{deed}", json=body)

    async def chat(self, person: str, query: str = "") -> list[Any]:
        answer = await self.ask("GET", f"/phone/{person}/messages{query}")
        return answer.body["messages"]

    async def add(self, *ids: str, is_friend: bool = True, card_id: str = "") -> None:
        people = [
            {"id": id, "name": f"市民{id[1]}", "is_friend": is_friend, "card_id": card_id}
            for id in ids
        ]
        await self.ask("POST", "/phone/people", json={"people": people})

    async def settled(self) -> list[Any]:
        """Wait until no event is pending; return the webhook log."""
        async with asyncio.timeout(30):
            while True:
                log = (await self.ask("GET", "/admin/webhooks")).body["events"]
                if all(event["is_delivered"] or event["is_given_up"] for event in log):
                    return log

    async def fault(self, name: str, **more: Any) -> None:
        answer = await self.ask("PUT", "/admin/faults", json={"faults": {name: more}})
        assert answer.status == 200, answer.body


def some_settings(state: Path, **more: Any) -> Settings:
    return Settings(
        state=state,
        channel_id="1234567890",
        channel_secret=SECRET,
        channel_access_token=TOKEN,
        **{"redelivery_first": 0.05, "redelivery_longest": 0.1, **more},
    )


@asynccontextmanager
async def simulating(
    folder: Path,
    *,
    clock: Callable[[], float] | None = None,
    wallet: Wallet | None = None,
    **settings: Any,
) -> AsyncIterator[Line]:
    """Run a simulator in which Hanako and Taro are friends of the account."""
    app = create_app(
        some_settings(folder / "line.db", **settings), clock=clock or Hands(), wallet=wallet
    )
    async with serving_line(app) as url, aiohttp.ClientSession() as http:
        line = Line(url, http)
        await line.add(HANAKO, TARO)
        yield line


@dataclass
class Receiver:
    """Takes webhooks, after answering the first ones with the statuses given.

    While `gate` is clear it answers nothing.
    """

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    statuses: list[int] = field(default_factory=list)
    taken: "asyncio.Queue[tuple[dict[str, Any], bytes, str]]" = field(default_factory=asyncio.Queue)
    url: str = ""

    async def answer(self, request: Request) -> Response:
        body = await request.body()
        for event in (await request.json())["events"]:
            self.taken.put_nowait((event, body, request.headers["x-line-signature"]))
        await self.gate.wait()
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)

    async def next(self) -> dict[str, Any]:
        return (await asyncio.wait_for(self.taken.get(), 30))[0]


@asynccontextmanager
async def receiving(*statuses: int) -> AsyncIterator[Receiver]:
    receiver = Receiver(statuses=list(statuses))
    receiver.gate.set()
    app = Starlette(routes=[Route("/webhook", receiver.answer, methods=["POST"])])
    async with serving(app) as url:
        receiver.url = f"{url}/webhook"
        yield receiver


def text(words: str = "こんにちは") -> dict[str, Any]:
    return {"type": "text", "text": words}


def postback(label: str = "はい", **more: Any) -> dict[str, Any]:
    return {"type": "postback", "label": label, "data": "verb=yes", **more}


def buttons(*actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    template = {"type": "buttons", "text": "確認", "actions": list(actions), **more}
    return {"type": "template", "altText": "確認", "template": template}


def confirm(*actions: dict[str, Any], words: str = "よろしいですか") -> dict[str, Any]:
    template = {"type": "confirm", "text": words, "actions": list(actions)}
    return {"type": "template", "altText": "確認", "template": template}
