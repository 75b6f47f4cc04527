"""The web before the real core: the way in, from the card to a code for another browser."""

import base64
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from channels import wording
from channels.web.app import create_app
from tests import town
from tests.cards import Cards
from tests.channels.fake_core import FakeCore
from tests.channels.web.adapter import Browser, another, some_settings


@asynccontextmanager
async def a_city(database: str, folder: Path) -> AsyncIterator[tuple[Browser, Browser, Cards]]:
    """Open two browsers before an adapter and the core."""
    cards = Cards(folder / "authority")
    built = await town.build(database, folder, **cards.settings)
    try:
        settings = some_settings(folder, built.address)
        token = (await built.channel("web")).token
        settings.core_token_file.write_text(token, encoding="utf-8")
        app = create_app(settings, lambda: built.clock().timestamp())
        nobody = FakeCore()
        async with (
            app.router.lifespan_context(app),
            another(app, nobody) as first,
            another(app, nobody) as second,
        ):
            yield first, second, cards
    finally:
        await built.close()


async def sign(browser: Browser, cards: Cards) -> str:
    """Open the card's page, and hold a card to the phone; gives what the phone is told."""
    await browser.send("/card")
    link = re.search(r'href="todoke-card:([^"]+)"', browser.page)
    assert link, browser.page
    asked = (await browser.http.get(html.unescape(link[1]))).json()
    signed = cards.issue().sign(asked["text"])
    answer = {
        "certificate": base64.b64encode(signed.certificate).decode(),
        "signature": base64.b64encode(signed.signature).decode(),
    }
    told = await browser.http.post(asked["callback"], json=answer)
    return str(told.json()["message"])


async def test_the_card_lets_one_browser_in_and_its_code_another(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, other, cards):
        assert (await browser.http.get("/healthz")).status_code == 200
        await browser.get("/")
        assert "登録が終わりました" in await sign(browser, cards)
        await browser.get("/waiting", follow_redirects=False)
        assert browser.answer is not None
        assert browser.answer.headers["location"] == "/me"
        await browser.get("/me/device")
        await browser.send("/me/device")
        code = "".join(re.findall(r"<span>(\w{5})</span>", browser.page))
        assert len(code) == 10, browser.page
        await other.get(f"/link?code={code}")
        await other.send("/sign-in/code", code=code.lower())
        assert other.where == "/me", other.page
        await browser.send("/language", language="ja")
        await browser.get("/link")
        await browser.send("/sign-in/code", code=code)
        assert wording.refusal("LINK_CODE_REFUSED") in browser.page


async def test_a_guessed_code_lets_nobody_in(sqlite_database: str, tmp_path: Path) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, _, _cards):
        for _ in range(5):
            await browser.get("/sign-in")
            await browser.send("/sign-in/code", code="34679ACDEF")
            assert wording.refusal("LINK_CODE_REFUSED") in browser.page
        await browser.send("/sign-in/code", code="34679ACDEF")
        assert wording.refusal("TOO_MANY_ATTEMPTS") in browser.page
        await browser.get("/me")
        assert browser.where == "/sign-in"
