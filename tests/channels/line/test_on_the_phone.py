"""On the simulated phone a person walks from the chat through the app's pages and back."""

import asyncio
import html
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from channels.line.app import create_app
from tests.channels.fake_core import FakeCore, fake_core
from tests.channels.line.adapter import some_settings, with_app
from tests.channels.serving import serving, serving_there
from tests.channels.simulators.line.simulator import HANAKO, TARO, Line, simulating
from tests.channels.simulators.line.web_app import opened
from todoke.v1.registration_pb2 import (
    BeginAuthenticationRequest,
    BeginAuthenticationResponse,
    CompleteAuthenticationResponse,
)
from todoke.v1.residents_pb2 import ConsentText, GetConsentTextResponse


async def agree(request: Request) -> Response:
    """Play the provider: whoever comes has agreed."""
    asked = request.query_params
    back = urlencode({"state": asked["state"], "code": "c0de"})
    return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)


def let_in(core: FakeCore, provider: str) -> None:
    """Let the core take part in the app's flow."""

    def begin(request: BeginAuthenticationRequest) -> BeginAuthenticationResponse:
        state = f"state-{request.request_id[:20]}"
        asked = urlencode({"redirect_uri": request.redirect_uri, "state": state})
        uri = f"{provider}/auth?{asked}"
        return BeginAuthenticationResponse(authorization_uri=uri, state=state)

    text = ConsentText(version=2, text="同意します。")
    core.script |= {
        "GetConsentText": lambda _: GetConsentTextResponse(consent_text=text),
        "BeginAuthentication": begin,
        "CompleteAuthentication": lambda _: CompleteAuthenticationResponse(),
    }


@asynccontextmanager
async def a_phone(folder: Path) -> AsyncIterator[tuple[Line, FakeCore]]:
    provider = Starlette(routes=[Route("/auth", agree)])
    async with (
        fake_core() as core,
        serving(provider) as provided,
        simulating(folder, clock=time.time) as line,
    ):
        let_in(core, provided)

        def make(url: str) -> Any:
            more = {"public_url": url, **with_app(folder)}
            return create_app(some_settings(folder, core.address, line.url, **more))

        async with serving_there(make) as url:
            await line.api("PUT", "/channel/webhook/endpoint", {"endpoint": f"{url}/line/webhook"})
            yield line, core


async def answered(line: Line, count: int) -> Any:
    """Wait until the account has said so much; returns the last it said."""
    async with asyncio.timeout(60):
        after = 0
        while True:
            query = f"/phone/{HANAKO}/messages?after={after}&wait=1"
            after = (await line.ask("GET", query)).body["after"]
            said = [message for message in await line.chat(HANAKO) if "altText" in str(message)]
            if len(said) >= count:
                return said[-1]


def browse(url: str, person: str) -> str:
    return f"/phone/{person}/browse?url={quote(url, safe='')}"


async def test_a_person_registers_by_the_app_on_the_phone(tmp_path: Path) -> None:
    async with a_phone(tmp_path) as (line, core):
        await line.do(HANAKO, "unfollow")
        await line.do(HANAKO, "follow")
        greeting = await answered(line, 1)
        await line.do(HANAKO, "tap", message_id=greeting["id"], data="1:app")
        handed = await answered(line, 2)
        page = (await line.do(HANAKO, "tap", message_id=handed["id"], action_index=0)).body["open"]

        consent, _ = await opened(line, browse(page, HANAKO))
        assert "同意します。" in consent
        [action] = re.findall(r'action="(/phone/[^"]*)"', consent)
        form = dict(re.findall(r'name="(version|attempt)" value="([^"]*)"', consent))
        done, address = await opened(line, html.unescape(action), "POST", data=form)

        assert "登録が終わりました" in done
        [completed] = core.calls["CompleteAuthentication"]
        assert completed.code == "c0de"
        # What the address bar held is of no use on another phone.
        callback = f"{page.rpartition('/')[0]}/callback?state={completed.state}&code=c0de"
        stolen, _ = await opened(line, browse(callback, TARO))
        assert "違うブラウザー" in stolen
        assert len(core.calls["CompleteAuthentication"]) == 1
        assert HANAKO in address
