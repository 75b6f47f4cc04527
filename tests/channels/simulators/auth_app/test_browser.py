"""A person with a browser, on the page itself and in the browser of the LINE simulator's phone."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape

import httpx
from playwright.async_api import Browser, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from channels.simulators.auth_app.settings import Client
from tests.browser import a_page, in_a_browser
from tests.channels.serving import serving_there
from tests.channels.simulators.auth_app.party import (
    CLIENT,
    KEY,
    PIN,
    Party,
    a_card,
    a_server,
    write_keys,
)
from tests.channels.simulators.line.simulator import HANAKO, buttons, simulating


@dataclass
class CityHall:
    """A client with two pages: one sends the browser to the provider, one takes it back."""

    url: str
    party: Party | None = None
    answers: list[dict[str, str]] = field(default_factory=list)

    async def start(self, _: Request) -> Response:
        query = self.party.query(redirect_uri=f"{self.url}/back")
        return RedirectResponse(str(httpx.URL(self.party.endpoint("auth"), params=query)), 303)

    async def back(self, request: Request) -> Response:
        self.answers.append(dict(request.query_params))
        return HTMLResponse('<!doctype html><title>市</title><p role="status">戻りました</p>')


@asynccontextmanager
async def a_city_hall(folder, cards) -> AsyncIterator[CityHall]:
    halls: list[CityHall] = []

    def make(url: str) -> Starlette:
        hall = CityHall(url)
        halls.append(hall)
        return Starlette(routes=[Route("/start", hall.start), Route("/back", hall.back)])

    async with serving_there(make) as url:
        jwks = write_keys(folder / "hall-jwks.json", KEY)
        client = Client(id=CLIENT, name="とどけ市", jwks=jwks, redirect_uris=(f"{url}/back",))
        async with a_server(folder, cards, clients=(client,)) as party:
            halls[0].party = party
            yield halls[0]


@in_a_browser
async def test_a_person_agrees_in_a_browser_after_a_slip(
    chromium: Browser, tmp_path, authority
) -> None:
    card = a_card(authority, "髙橋　四五六")
    async with a_city_hall(tmp_path, authority.cards) as hall, a_page(chromium) as page:
        await page.goto(f"{hall.url}/start")
        await page.get_by_label("名前でさがす").fill("四五六")
        await page.get_by_role("button", name="さがす").click()
        await expect(page.get_by_label("カードを持っている人", exact=True)).to_have_value(card)
        await page.get_by_label("暗証番号").fill("9999")
        await page.get_by_role("button", name="同意して認証する").click()

        await expect(page.get_by_role("alert")).to_contain_text("あと2回")
        await expect(page.get_by_label("暗証番号")).to_be_focused()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        await page.keyboard.type(PIN)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("戻りました")

        tokens = await hall.party.exchange(hall.answers[0]["code"], redirect_uri=f"{hall.url}/back")
        assert hall.party.claims(tokens.json()["id_token"])["name"] == "髙橋　四五六"


@in_a_browser
async def test_a_person_cancels_in_the_phones_browser_and_agrees_the_next_time(
    chromium: Browser, tmp_path, authority
) -> None:
    card = a_card(authority)
    async with (
        a_city_hall(tmp_path, authority.cards) as hall,
        simulating(tmp_path) as line,
        a_page(chromium) as page,
    ):
        link = {"type": "uri", "label": "認証アプリで登録する", "uri": f"{hall.url}/start"}
        await line.push(HANAKO, buttons(link))
        await page.goto(f"{line.url}/phone/{HANAKO}")
        await page.get_by_role("button", name="認証アプリで登録する").click()
        frame = page.frame_locator("#page")
        await frame.get_by_role("button", name="キャンセル").click()
        await expect(frame.get_by_role("status")).to_have_text("戻りました")

        await page.get_by_role("button", name="閉じる").click()
        await page.get_by_role("button", name="認証アプリで登録する").click()
        await frame.get_by_label("カードを持っている人", exact=True).select_option(card)
        await frame.get_by_label("暗証番号").fill(PIN)
        await frame.get_by_role("button", name="同意して認証する").click()
        await expect(frame.get_by_role("status")).to_have_text("戻りました")

        denied, agreed = hall.answers
        assert denied["error"] == "access_denied"
        assert agreed["code"]
        assert denied["state"] == agreed["state"] == "the state ~"


async def test_a_phone_goes_the_whole_way_and_remembers_the_card(tmp_path, authority) -> None:
    card = a_card(authority)
    async with (
        a_city_hall(tmp_path, authority.cards) as hall,
        simulating(tmp_path) as line,
        httpx.AsyncClient(base_url=line.url, follow_redirects=True, timeout=60) as phone,
    ):
        browse = f"/phone/{HANAKO}/browse"
        page = await phone.get(browse, params={"url": f"{hall.url}/start"})
        action = unescape(re.search(r'method="post" action="([^"]+)"', page.text)[1])
        request = re.search(r'name="request" value="([^"]+)"', page.text)[1]
        wrong = await phone.post(
            action, data={"request": request, "card": card, "pin": "9999", "deed": "agree"}
        )
        right = await phone.post(
            action, data={"request": request, "card": card, "pin": PIN, "deed": "agree"}
        )
        again = await phone.get(browse, params={"url": f"{hall.url}/start"})

        assert "あと2回" in wrong.text
        assert "戻りました" in right.text
        assert hall.answers[0]["code"]
        assert f'name="card" value="{card}"' in again.text
