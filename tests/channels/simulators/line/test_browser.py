"""The phone's browser leads through the phone, and to this machine only."""

import html
import re

import pytest

from tests.channels.simulators.line.city_hall import CARD, PIN, Purse, a_city_hall
from tests.channels.simulators.line.simulator import HANAKO, Line, simulating


async def page(line: Line, path: str, method: str = "GET", **more) -> str:
    async with line.http.request(method, line.url + path, **more) as answer:
        return await answer.text()


async def test_a_page_is_shown_with_its_links_led_through_the_phone(tmp_path) -> None:
    async with a_city_hall() as hall, simulating(tmp_path) as line:
        shown = await page(line, f"/phone/{HANAKO}/browse?url={hall.url}/page")

        assert "<h1>本人の確認 &amp; 同意</h1>" in shown
        assert '<a href="#top">' in shown
        assert '<path d="M0 0" /><path d="M1 1" />' in shown
        card = html.unescape(re.search(r'href="(/phone/\w+/card[^"]*)"', shown)[1])
        assert "かざしてください" in await page(line, card)


async def test_forms_and_cookies_work_through_the_phone(tmp_path) -> None:
    async with a_city_hall() as hall, simulating(tmp_path) as line:
        browse = f"/phone/{HANAKO}/browse"
        found = await page(line, f"{browse}?url={hall.url}/find&town=本町&url=二")
        sent = await page(line, f"{browse}?url={hall.url}/sent", "POST", data={"memo": "四文字だ"})

        assert '<p id="found">本町</p>' in found
        assert '<p id="found">4</p>' in sent


@pytest.mark.parametrize(
    "url",
    [
        "https://example.jp/",
        "file:///etc/passwd",
        "http://127.0.0.1.example.jp/",
        "http://10.0.0.1/",
        "",
        "http://[",
    ],
)
async def test_what_is_not_on_this_machine_is_not_opened(tmp_path, url) -> None:
    async with simulating(tmp_path) as line:
        answer = await line.ask("GET", f"/phone/{HANAKO}/browse", params={"url": url})

        assert answer.status == 400


async def test_a_page_that_does_not_answer_is_said_not_to(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        assert "開けませんでした" in await page(
            line, f"/phone/{HANAKO}/browse?url=http://127.0.0.1:1/"
        )


async def test_the_card_sheet_says_a_wrong_pin_and_takes_the_right_one(tmp_path) -> None:
    async with a_city_hall() as hall, simulating(tmp_path, wallet=Purse()) as line:
        await line.add(HANAKO, card_id=CARD)
        sheet = f"/phone/{HANAKO}/card"
        form = {"request": f"{hall.url}/request", "action_id": "a"}
        wrong = await page(line, sheet, "POST", data={**form, "pin": "WRONG1"})
        right = await page(line, sheet, "POST", data={**form, "action_id": "b", "pin": PIN})

        assert "あと4回" in wrong
        assert "かざしてください" in wrong
        assert "本人確認ができました" in right
