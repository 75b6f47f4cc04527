"""Browsers at the pages of the app, and a core that plays along."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession, DummyCookieJar

from tests.channels.line.adapter import HANAKO, Running
from tests.channels.line.chat import tap
from todoke.v1.registration_pb2 import (
    BeginAuthenticationRequest,
    BeginAuthenticationResponse,
    CompleteAuthenticationResponse,
)
from todoke.v1.residents_pb2 import (
    ASSURANCE_DIGITAL_AUTH_APP,
    ConsentText,
    GetConsentTextResponse,
)

PUBLIC = "https://line.todoke.example"
PROVIDER = "https://app.example/auth?x=1"


@dataclass
class Shown:
    status: int
    page: str
    headers: Any

    @property
    def form(self) -> dict[str, str]:
        return dict(re.findall(r'name="(\w+)" value="([^"]*)"', self.page))


async def get(adapter: Running, path: str, cookie: str = "") -> Shown:
    headers = {"cookie": cookie} if cookie else {}
    # Cookies are carried by hand: they are for https, and of two browsers.
    async with (
        ClientSession(cookie_jar=DummyCookieJar()) as browser,
        browser.get(adapter.url + path, headers=headers, allow_redirects=False) as answer,
    ):
        return Shown(answer.status, await answer.text(), answer.headers)


async def post(adapter: Running, path: str, form: Any) -> Shown:
    async with (
        ClientSession(cookie_jar=DummyCookieJar()) as browser,
        browser.post(adapter.url + path, data=form, allow_redirects=False) as answer,
    ):
        return Shown(answer.status, await answer.text(), answer.headers)


def an_identity_provider(adapter: Running, *, version: int = 2) -> None:
    text = ConsentText(version=version, text="私は<とどけ市>に\n同意します。")
    adapter.core.script["GetConsentText"] = lambda _: GetConsentTextResponse(consent_text=text)

    def begin(request: BeginAuthenticationRequest) -> BeginAuthenticationResponse:
        state = f"state-{request.request_id[:20]}"
        return BeginAuthenticationResponse(authorization_uri=PROVIDER, state=state)

    adapter.core.script["BeginAuthentication"] = begin
    adapter.core.script["CompleteAuthentication"] = lambda _: CompleteAuthenticationResponse(
        assurance=ASSURANCE_DIGITAL_AUTH_APP, external_id=HANAKO
    )


async def page_of(adapter: Running) -> str:
    """Press the button in the chat; returns the path of the page."""
    said = await tap(adapter, "1:app")
    [link] = said.links
    assert link.startswith(f"{PUBLIC}/app/")
    return link.removeprefix(PUBLIC)


async def go(adapter: Running, path: str) -> tuple[str, str]:
    """Agree on the page; returns the state and the browser's cookie."""
    went = await post(adapter, path, (await get(adapter, path)).form)
    assert went.status == 303, went.page
    state = f"state-{adapter.core.calls['BeginAuthentication'][-1].request_id[:20]}"
    return state, went.headers["set-cookie"].partition(";")[0]


def back(state: str, **more: str) -> str:
    return "/app/callback?" + urlencode({"state": state, **more})
