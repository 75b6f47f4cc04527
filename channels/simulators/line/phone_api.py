"""The phone as JSON: what a scripted resident does and sees."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.simulators.line import card, chat, doings, menus, people, things
from channels.simulators.line.doings import CannotNow, Deed, Doing, NoSuchAction
from channels.simulators.line.people import NoSuchPerson
from channels.simulators.line.platform import Platform
from channels.simulators.line.things import BadThing

LONGEST_WAIT = 60.0


class BadAction(Exception):  # noqa: N818 - named for the event, not as an error.
    """A phone request lacks something or has it in the wrong form."""


def platform_of(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


async def add_people(request: Request) -> Response:
    """Add one person, or many under `people`; with an id that exists it changes the person."""
    body = await _body(request)
    entries = body.get("people", [body])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadAction("people must be a list of objects")
    adds = [
        partial(
            people.add,
            id=_text(entry, "id", default=""),
            name=_text(entry, "name"),
            card_id=_text(entry, "card_id", default="") or None,
            is_friend=bool(entry.get("is_friend", False)),
        )
        for entry in entries
    ]
    found = await platform_of(request).store.write(lambda db: [add(db) for add in adds])
    shown = [person.to_json() for person in found]
    return JSONResponse({"people": shown} if "people" in body else shown[0], 201)


async def list_people(request: Request) -> Response:
    found = await platform_of(request).store.read(people.page)
    return JSONResponse({"people": [person.to_json() for person in found]})


async def follow(request: Request) -> Response:
    return await _act(request, lambda _: doings.follow)


async def unfollow(request: Request) -> Response:
    return await _act(request, lambda _: doings.unfollow)


async def say(request: Request) -> Response:
    return await _act(request, lambda body: doings.say(_text(body, "text")))


async def tap(request: Request) -> Response:
    return await _act(request, _tap)


def _tap(body: dict[str, Any]) -> Deed:
    index, data = body.get("action_index"), body.get("data")
    if not isinstance(index if data is None else data, int if data is None else str):
        raise BadAction("give action_index, a number, or data, the postback data of the button")
    picked = _text(body, "picked", default="")
    return doings.tap(_text(body, "message_id"), index=index, data=data, picked=picked)


async def send(request: Request) -> Response:
    """Send something that is no text: see `things.send`."""
    return await _act(request, things.send)


async def unsend(request: Request) -> Response:
    return await _act(request, lambda body: things.unsend(_text(body, "message_id")))


async def tap_menu(request: Request) -> Response:
    return await _act(
        request, lambda body: menus.tap(body.get("area_index"), _text(body, "menu_id", default=""))
    )


async def messages(request: Request) -> Response:
    """List the chat behind `after`; with `wait` (seconds) hold on until there is something."""
    platform = platform_of(request)
    person_id = request.path_params["person_id"]
    try:
        after = int(request.query_params.get("after", "0"))
        wait = min(float(request.query_params.get("wait", "0")), LONGEST_WAIT)
    except ValueError as wrong:
        raise BadAction("after must be a whole number, wait a number of seconds") from wrong
    await platform.store.read(partial(people.get, id=person_id))
    ends = asyncio.get_running_loop().time() + wait
    while True:
        ring = platform.bell.next(person_id)
        found = await platform.store.read(partial(chat.page, person_id=person_id, after=after))
        left = ends - asyncio.get_running_loop().time()
        if found or left <= 0 or platform.bell.closing:
            cursor = found[-1]["seq"] if found else after
            return JSONResponse({"messages": found, "after": cursor})
        try:
            await asyncio.wait_for(ring.wait(), left)
        except TimeoutError:
            continue


async def hold_card(request: Request) -> Response:
    """Hold a card to the phone for `request_url` with `pin`: `card_id`, or the person's own."""
    body = await _body(request)
    outcome = await hold_card_once(
        platform_of(request),
        request.path_params["person_id"],
        action_id=_text(body, "action_id"),
        pin=_text(body, "pin"),
        request_url=_text(body, "request_url"),
        card_id=_text(body, "card_id", default=""),
    )
    return JSONResponse(outcome.to_json(), outcome.status)


async def hold_card_once(
    platform: Platform,
    person_id: str,
    *,
    action_id: str,
    pin: str,
    request_url: str,
    card_id: str = "",
) -> card.Outcome:
    """Hold a card, or return what came of it under the same action id; raises NoSuchPerson.

    An empty `card_id` is the person's own card; on a shared phone it can be another's.
    """
    person = await platform.store.read(partial(people.get, id=person_id))
    async with platform.card_locks.setdefault(person_id, asyncio.Lock()):
        known = await platform.store.read(
            partial(doings.find, person_id=person_id, action_id=action_id)
        )
        if known is not None:
            return card.Outcome(**known)
        outcome = await card.hold(
            platform.http,
            platform.wallet,
            card_id=card_id or person.card_id,
            pin=pin.upper(),
            request_url=request_url,
        )
        # Where nobody answered, trying again is what the person should do.
        if outcome.reason != "NO_ANSWER":
            await platform.store.write(
                partial(
                    doings.keep,
                    person_id=person_id,
                    action_id=action_id,
                    answer=outcome.to_json(),
                )
            )
    return outcome


async def _act(request: Request, read: Callable[[dict[str, Any]], Deed]) -> Response:
    platform = platform_of(request)
    person_id = request.path_params["person_id"]
    body = await _body(request)
    action_id = _text(body, "action_id")
    deed = read(body)
    at = platform.now()
    life = int(platform.settings.reply_token_life * 1_000)
    answer, told = await platform.store.write(
        lambda db: doings.once(db, Doing(db, person_id, at, life), action_id, deed)
    )
    for event in told:
        platform.deliverer.deliver(event)
    platform.bell.ring(person_id)
    return JSONResponse(answer)


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
        json.dumps(body, ensure_ascii=False).encode()  # Half a surrogate pair is no text.
    except (ValueError, RecursionError) as wrong:
        raise BadAction("the body must be JSON, its text Unicode") from wrong
    if not isinstance(body, dict):
        raise BadAction("the body must be a JSON object")
    return body


def _text(body: dict[str, Any], name: str, *, default: str | None = None) -> str:
    value = body.get(name, default)
    if value is None or not isinstance(value, str):
        raise BadAction(f"{name} must be given, as a string")
    if default is None and not value:
        raise BadAction(f"{name} must not be empty")
    return value


def refuse(_: Request, wrong: Exception) -> Response:
    """Answer what the phone's endpoints raise."""
    status = next(code for kind, code in STATUS.items() if isinstance(wrong, kind))
    return JSONResponse({"message": str(wrong)}, status)


STATUS: dict[type[Exception], int] = {
    BadAction: 400,
    NoSuchPerson: 404,
    NoSuchAction: 404,
    CannotNow: 409,
    BadThing: 400,
}
