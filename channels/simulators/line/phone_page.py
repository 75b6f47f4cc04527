"""The phone in a browser: the list of people, a person's chat, and its live stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.templating import Jinja2Templates

from channels.simulators.line import chat, people, rich_menus
from channels.simulators.line.phone_api import platform_of
from channels.simulators.line.platform import Platform

# Said while nothing happens, so that a proxy keeps the stream and we notice who is gone.
HEARTBEAT_SECONDS = 15.0

HERE = Path(__file__).parent
templates = Jinja2Templates(directory=HERE / "templates")
# Pages of other origins run no script in the phone's own origin.
SANDBOX = {"content-security-policy": "sandbox allow-forms allow-same-origin allow-downloads"}


async def list_page(request: Request) -> Response:
    platform = platform_of(request)
    found = await platform.store.read(people.page)
    return templates.TemplateResponse(
        request, "people.html", {"people": found, "account": platform.settings.account_name}
    )


async def chat_page(request: Request) -> Response:
    platform = platform_of(request)
    person = await platform.store.read(partial(people.get, id=request.path_params["person_id"]))
    return templates.TemplateResponse(
        request, "phone.html", {"person": person, "account": platform.settings.account_name}
    )


def failure(request: Request, words: str, status: int) -> Response:
    """Show a page that says why there is no other."""
    return templates.TemplateResponse(
        request, "unreachable.html", {"words": words}, status_code=status
    )


async def stream(request: Request) -> Response:
    """Stream the chat as server-sent events: `message`, `state`, `menu`, `typing`."""
    platform = platform_of(request)
    person_id = request.path_params["person_id"]
    await platform.store.read(partial(people.get, id=person_id))
    last = request.headers.get("last-event-id") or request.query_params.get("after", "0")
    after = int(last) if last.isdecimal() else 0
    return StreamingResponse(
        _follow(platform, person_id, after),
        media_type="text/event-stream",
        headers={"cache-control": "no-store"},
    )


async def _follow(platform: Platform, person_id: str, after: int) -> AsyncIterator[str]:
    state = ""
    shown_menu = ""
    is_typing = False
    while not platform.bell.closing:
        ring = platform.bell.next(person_id)
        page = partial(chat.page, person_id=person_id)
        # Before the messages, or one that came before the change could be told after it.
        person = await platform.store.read(partial(people.get, id=person_id))
        while found := await platform.store.read(partial(page, after=after)):
            for entry in found:
                after = entry["seq"]
                yield _event("message", entry, id=after)
        if person.state != state:
            state = person.state
            yield _event("state", {"state": state})
        menu = await platform.store.read(partial(rich_menus.menu_of, person_id=person_id))
        if (menu or {}).get("richMenuId", "") != shown_menu:
            shown_menu = (menu or {}).get("richMenuId", "")
            yield _event("menu", {"menu": shown_menu})
        typing_left = (platform.typing.get(person_id, 0) - platform.now()) / 1_000
        if (typing_left > 0) != is_typing:
            is_typing = typing_left > 0
            yield _event("typing", {"typing": is_typing})
        try:
            wait = min(HEARTBEAT_SECONDS, typing_left) if is_typing else HEARTBEAT_SECONDS
            await asyncio.wait_for(ring.wait(), wait)
        except TimeoutError:
            yield ": still here\n\n"


def _event(kind: str, content: dict[str, Any], *, id: int | None = None) -> str:
    head = "" if id is None else f"id: {id}\n"
    return f"{head}event: {kind}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n"
