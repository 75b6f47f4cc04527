"""A person with a browser: sees the message, taps the button, signs with the card."""

import asyncio
import re

from playwright.async_api import Browser, Route, expect

from tests.browser import MARKS, a_page
from tests.channels.simulators.line.city_hall import CARD, PIN, Purse, a_city_hall
from tests.channels.simulators.line.simulator import (
    HANAKO,
    buttons,
    confirm,
    postback,
    receiving,
    simulating,
)
from tests.channels.simulators.line.test_things import a_menu, a_picture, upload
from tests.channels.simulators.line.web_app import LOGIN, a_web_app

pytestmark = MARKS


async def test_a_person_taps_a_button_and_sees_the_own_answer(chromium: Browser, tmp_path) -> None:
    async with (
        receiving() as receiver,
        simulating(tmp_path, webhook_url=receiver.url) as line,
        a_page(chromium) as page,
    ):
        await page.goto(f"{line.url}/phone/{HANAKO}")
        await expect(page.locator("#block")).to_be_visible()
        await line.push(
            HANAKO, confirm(postback(displayText="はい、この口座で"), postback("いいえ"))
        )
        await page.get_by_role("button", name="はい", exact=True).click()

        await expect(page.locator("#chat .own")).to_contain_text("はい、この口座で")
        assert (await receiver.next())["postback"]["data"] == "verb=yes"
        await page.get_by_label("メッセージ").fill("ありがとう <b>𠮷</b>")
        await page.get_by_label("メッセージ").press("Enter")
        await expect(page.locator("#chat .own").last).to_contain_text("ありがとう <b>𠮷</b>")
        await page.get_by_role("button", name="ブロック").click()
        await expect(page.get_by_text("ブロックしています")).to_be_visible()
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360


async def test_a_person_signs_with_the_card_in_the_phones_browser(
    chromium: Browser, tmp_path
) -> None:
    async with (
        a_city_hall() as hall,
        simulating(tmp_path, wallet=Purse()) as line,
        a_page(chromium) as page,
    ):
        await line.add(HANAKO, card_id=CARD)
        link = {"type": "uri", "label": "本人確認をする", "uri": f"{hall.url}/page"}
        await line.push(HANAKO, buttons(link))
        await page.goto(f"{line.url}/phone")
        await page.get_by_role("link", name="市民a").click()
        await page.get_by_role("button", name="本人確認をする").click()
        frame = page.frame_locator("#page")
        await frame.get_by_role("link", name="カードで署名する").click()
        await frame.get_by_label("署名用パスワード").fill(PIN)
        await frame.get_by_role("button", name="読み取る").click()

        await expect(frame.get_by_role("status")).to_contain_text("本人確認ができました")
        assert len(hall.taken) == 1
        await page.get_by_role("button", name="閉じる").click()
        await expect(page.locator("#browser")).to_be_hidden()


async def test_a_person_signs_in_sends_a_file_and_saves_one(chromium: Browser, tmp_path) -> None:
    async with (
        a_web_app() as app,
        simulating(tmp_path, login=LOGIN) as line,
        a_page(chromium) as page,
    ):
        app.line = line
        link = {"type": "uri", "label": "市のウェブ", "uri": f"{app.url}/sign-in"}
        await line.push(HANAKO, buttons(link))
        await page.goto(f"{line.url}/phone/{HANAKO}")
        await page.get_by_role("button", name="市のウェブ").click()
        frame = page.frame_locator("#page")
        await expect(frame.get_by_text("市民aさんとして続けます")).to_be_visible()
        await frame.get_by_role("button", name="許可する").click()
        await expect(frame.locator("#who")).to_have_text(HANAKO)
        file = {"name": "手紙.txt", "mimeType": "text/plain", "buffer": b"letter"}
        await frame.locator("input[type=file]").set_input_files(file)
        await frame.locator("input[name=memo]").fill("めも")
        await frame.get_by_role("button", name="送る").click()
        await expect(frame.locator("#who")).to_have_text(HANAKO)
        await frame.get_by_role("link", name="通知書").click()
        await expect(frame.get_by_role("status")).to_contain_text("letter.pdf(2.0 KB)")
        async with page.expect_download() as download:
            await frame.get_by_role("link", name="letter.pdf").click()

        assert (await download.value).suggested_filename == "letter.pdf"
        assert app.uploads == [("手紙.txt", b"letter", "めも")]


async def test_a_person_is_added_and_becomes_a_friend(chromium: Browser, tmp_path) -> None:
    async with (
        receiving() as receiver,
        simulating(tmp_path, webhook_url=receiver.url) as line,
        a_page(chromium) as page,
    ):
        await page.goto(f"{line.url}/phone")
        await page.get_by_label("名前でさがす").fill("市民b")
        await expect(page.get_by_role("link", name="市民a")).to_be_hidden()
        await page.get_by_label("名前", exact=True).fill("𠮷野 花子")
        await page.get_by_role("button", name="追加する").click()
        await page.get_by_role("button", name="友だちに追加").click()

        assert (await receiver.next())["follow"] == {"isUnblocked": False}
        await expect(page.locator("h1")).to_contain_text("𠮷野 花子さん")
        await expect(page.get_by_text("友だちに追加すると")).to_be_hidden()


async def test_the_phone_shows_the_newest_menu_whichever_answer_comes_last(
    chromium: Browser, tmp_path
) -> None:
    held: asyncio.Queue[Route] = asyncio.Queue()
    async with simulating(tmp_path) as line, a_page(chromium) as page:
        await page.route(re.compile("/menu$"), held.put)
        await page.goto(f"{line.url}/phone/{HANAKO}")
        asked = []
        for name in ("前", "後"):
            menu = a_menu(chatBarText=name)
            id = (await line.api("POST", "/richmenu", menu)).body["richMenuId"]
            await upload(line, id, a_picture())
            await line.api("POST", f"/user/{HANAKO}/richmenu/{id}", {})
            route = await held.get()
            asked.append((route, await route.fetch()))
        for route, answer in reversed(asked):
            await route.fulfill(response=answer)
        await expect(page.get_by_role("button", name="後 ▾")).to_be_visible()
        await line.push(HANAKO, buttons(postback("見えた")))
        await expect(page.get_by_role("button", name="見えた")).to_be_visible()
        await expect(page.get_by_role("button", name="後 ▾")).to_be_visible()
