"""Signing in with LINE: the consent page, on a person's phone or, outside, for whom one picks."""

import sqlite3
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from channels.simulators.line import doings, login_records, login_request, people
from channels.simulators.line.doings import Doing
from channels.simulators.line.events import Pending
from channels.simulators.line.login_request import Asked, NoWayBack, SentBack
from channels.simulators.line.phone_api import BadAction, platform_of
from channels.simulators.line.phone_page import SANDBOX, templates
from channels.simulators.line.platform import Platform
from channels.simulators.line.rewriter import link

PATH = "/oauth2/v2.1/authorize"
DENIED = ("access_denied", "The resource owner denied the request.")


async def sign_in(request: Request) -> Response:
    """Show the consent page, take its form, or send on a person who agreed before."""
    channel = platform_of(request).settings.login
    is_phone = "person_id" in request.path_params
    try:
        asked = login_request.read(
            request.query_params, channel, amr="lineautologin" if is_phone else "pwd"
        )
        if request.method == "POST":
            return await _decide(request, asked)
        if is_phone:
            return await _on_phone(request, asked)
        return await _outside(request, asked)
    except NoWayBack as wrong:
        return templates.TemplateResponse(
            request, "login_refused.html", {"words": str(wrong)}, status_code=400
        )
    except SentBack as back:
        in_capitals = channel is None or channel.has_error_codes_in_capitals
        return _onwards(request, back.url(in_capitals=in_capitals))


async def _on_phone(request: Request, asked: Asked) -> Response:
    """Send on who agreed before: a phone is signed in to LINE already."""
    platform = platform_of(request)
    person = await platform.store.read(partial(people.get, id=request.path_params["person_id"]))
    has_agreed = await platform.store.read(
        partial(
            login_records.has_agreed,
            person_id=person.id,
            channel_id=_channel_id(platform),
            scope=asked.scope,
        )
    )
    if has_agreed and asked.prompt in {"", "none"}:
        url, _ = await _grant(platform, asked, person.id, adds_friend=None)
        return _onwards(request, url)
    if asked.prompt == "none":
        raise asked.denied("interaction_required", "The person must agree first.")
    asks_for_friend = bool(asked.bot_prompt) and person.state != "friend"
    return _page(request, asked, {"person": person, "asks_for_friend": asks_for_friend})


async def _outside(request: Request, asked: Asked) -> Response:
    if asked.prompt == "none":
        raise asked.denied("login_required", "Nobody is signed in to LINE here.")
    everybody = await platform_of(request).store.read(people.page)
    return _page(
        request, asked, {"everybody": everybody, "asks_for_friend": bool(asked.bot_prompt)}
    )


async def _decide(request: Request, asked: Asked) -> Response:
    async with request.form() as form:
        fields = {name: str(value) for name, value in form.items()}
    if fields.get("decision") != "agree":
        raise asked.denied(*DENIED)
    platform = platform_of(request)
    person_id = request.path_params.get("person_id") or fields.get("person", "")
    adds_friend = "add_friend" in fields if asked.bot_prompt else None
    url, told = await _grant(platform, asked, person_id, adds_friend=adds_friend)
    for event in told:
        platform.deliverer.deliver(event)
    platform.bell.ring(person_id)
    return _onwards(request, url)


async def _grant(
    platform: Platform, asked: Asked, person_id: str, *, adds_friend: bool | None
) -> tuple[str, list[Pending]]:
    """Keep the consent and issue a code; `adds_friend` is `None` where nobody was asked that."""
    at = platform.now()
    life = int(platform.settings.reply_token_life * 1_000)

    def grant(db: sqlite3.Connection) -> tuple[str, list[Pending]]:
        people.get(db, person_id)
        doing = Doing(db, person_id, at, life)
        if adds_friend:
            doings.follow(doing)
        login_records.agree(db, person_id, _channel_id(platform), asked.scope)
        code = login_records.issue_code(db, person_id=person_id, asked=asked, at=at)
        friendship = None if adds_friend is None else bool(doing.told)
        return asked.granted(code, friendship=friendship), doing.told

    return await platform.store.write(grant)


async def liff_token(request: Request) -> Response:
    """Give what `liff.getIDToken()` gives an app that this person opened inside LINE."""
    platform = platform_of(request)
    if platform.mint is None:
        raise BadAction("the simulator has no LINE Login channel")
    person = await platform.store.read(partial(people.get, id=request.path_params["person_id"]))
    token = platform.mint.issue(
        person,
        at=platform.now() // 1_000,
        scope="openid profile",
        nonce=None,
        amr="linesso",
        is_liff=True,
    )
    return JSONResponse({"id_token": token}, headers={"cache-control": "no-store"})


def _channel_id(platform: Platform) -> str:
    return platform.settings.login.id if platform.settings.login else ""


def _page(request: Request, asked: Asked, more: dict[str, object]) -> Response:
    account = platform_of(request).settings.account_name
    page = {"account": account, "scopes": asked.scope.split(), **more}
    return templates.TemplateResponse(request, "login.html", page, headers=SANDBOX)


def _onwards(request: Request, url: str) -> Response:
    person_id = request.path_params.get("person_id")
    return RedirectResponse(link(person_id, url) if person_id else url, 302)
