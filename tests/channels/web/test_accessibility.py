"""Questions in a browser: by keyboard, without script, on small screens, by axe."""

import asyncio
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, Route, expect

from tests.browser import MARKS, a_page
from tests.channels.fake_core import APPLICATION
from tests.channels.web.axe import checked, reached
from tests.channels.web.scripted import Asking, a_review
from tests.channels.web.test_browser import a_town, signed_in

pytestmark = MARKS


async def step(page: Page, origin: str, asking: Asking, kind: str) -> None:
    asking.step, asking.turn, asking.refuses = kind, None, False
    await page.goto(f"{origin}/a/{APPLICATION}/{kind}")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def test_questions_and_their_problems_have_no_violation(
    chromium: Browser, tmp_path: Path
) -> None:
    async with a_town(tmp_path) as (origin, core), a_page(chromium, bypass_csp=True) as page:
        asking = Asking(core)
        await signed_in(page, origin)
        for kind in ("choice", "account"):
            await step(page, origin, asking, kind)
            await checked(page)
        await reached(page)
        await page.get_by_role("button", name="次へ", exact=True).click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await checked(page)
        asking.turn = a_review()
        await page.goto(f"{origin}/a/{APPLICATION}/-/review")
        await checked(page)


async def test_a_procedure_is_gone_through_by_keyboard_alone(
    chromium: Browser, tmp_path: Path
) -> None:
    async with a_town(tmp_path) as (origin, core), a_page(chromium) as page:
        asking = Asking(core)
        await page.goto(f"{origin}/apply/garbage")
        await press_until(page, "始める")
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(f"{origin}/a/{APPLICATION}/choice")
        await press_until(page, "一つ目")
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(f"{origin}/a/{APPLICATION}/-/review")
        await press_until(page, "変更する お名前")
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(f"{origin}/a/{APPLICATION}/text")
        await press_until(page, "お答えください。")
        await page.keyboard.type("hanako@example.jp")
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(f"{origin}/a/{APPLICATION}/-/review")
        asked = core.calls["AnswerPrompt"]
        assert [one.given.WhichOneof("kind") for one in asked] == ["choice", "text"]
        await page.go_back()
        await expect(page).to_have_url(f"{origin}/a/{APPLICATION}/text")
        await page.go_back()
        await page.go_back()
        await expect(page).to_have_url(f"{origin}/a/{APPLICATION}/choice")
        await expect(page.get_by_role("heading", level=1)).to_have_text("お答えください。")
        assert len(core.calls["AnswerPrompt"]) == 2
        assert asking.step == "choice"


FOCUSED = """() => {
  const one = document.activeElement;
  const label = one.labels && one.labels.length ? one.labels[0] : one;
  return label.textContent.trim().replace(/\\s+/g, ' ');
}"""


async def press_until(page: Page, name: str) -> None:
    """Tab to what is called so; it is never far."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"no way by Tab to {name}")


async def test_a_bank_is_found_while_it_is_typed_by_keyboard(
    chromium: Browser, tmp_path: Path
) -> None:
    async with a_town(tmp_path) as (origin, core), a_page(chromium) as page:
        asking = Asking(core)
        await signed_in(page, origin)
        await step(page, origin, asking, "account")
        await expect(page.get_by_role("button", name="金融機関を探す")).to_be_hidden()
        bank = page.get_by_role("combobox", name="金融機関")
        await bank.press_sequentially("み")
        await expect(page.get_by_role("option")).to_have_count(2)
        await bank.press("ArrowDown")
        await bank.press("ArrowDown")
        await expect(page.get_by_role("option", name="みなと銀行")).to_have_attribute(
            "aria-selected", "true"
        )
        await bank.press("Escape")
        await expect(page.get_by_role("listbox")).to_be_hidden()
        await bank.press("ArrowDown")
        await expect(page.get_by_role("option")).to_have_count(2)
        await bank.press("ArrowDown")
        await bank.press("Enter")
        await expect(bank).to_have_value("みずほ銀行")
        branch = page.get_by_role("combobox", name="支店")
        await branch.press_sequentially("本")
        await page.get_by_role("option", name="本店").click()
        await page.get_by_label("普通").check()
        await page.get_by_label("口座番号").fill("1234567")
        await page.get_by_label("口座の名義").fill("トドケ")
        photo = {"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG"}
        await page.get_by_label("通帳か").set_input_files(photo)  # type: ignore[arg-type]
        await page.get_by_role("button", name="次へ", exact=True).click()
        await expect(page).to_have_url(f"{origin}/a/{APPLICATION}/-/review")
        (asked,) = core.calls["AnswerPrompt"]
        account = asked.given.account
        assert (account.bank, account.branch, account.account_type) == ("0001", "001", 1)


async def test_what_is_marked_is_chosen_though_the_list_is_drawn_anew_meanwhile(
    chromium: Browser, tmp_path: Path
) -> None:
    async with a_town(tmp_path) as (origin, core), a_page(chromium) as page:
        asking, answered = Asking(core), asyncio.Event()
        await signed_in(page, origin)
        await step(page, origin, asking, "account")
        bank = page.get_by_role("combobox", name="金融機関")
        await bank.press_sequentially("み")
        await expect(page.get_by_role("option")).to_have_count(2)

        async def late(route: Route) -> None:
            await answered.wait()
            await route.continue_()

        await page.route("**/suggest/bank?*", late)
        await bank.press_sequentially("ず")
        await bank.press("ArrowDown")
        answered.set()
        await expect(page.get_by_role("option")).to_have_count(1)
        await bank.press("Enter")

        await expect(bank).to_have_value("みずほ銀行")
        assert core.calls["AnswerPrompt"] == []


async def test_a_signature_is_drawn_and_a_place_is_where_one_is(
    chromium: Browser, tmp_path: Path
) -> None:
    here = {"latitude": 34.6727, "longitude": 133.7464}
    more: dict[str, Any] = {"geolocation": here, "permissions": ["geolocation"]}
    async with a_town(tmp_path) as (origin, core), a_page(chromium, **more) as page:
        asking = Asking(core)
        await signed_in(page, origin)
        await step(page, origin, asking, "place")
        await page.get_by_role("button", name="今いる場所を使う").click()
        await expect(page.get_by_label("緯度", exact=True)).to_have_value("34.672700")
        await page.get_by_role("button", name="次へ", exact=True).click()
        await expect(page).to_have_url(f"{origin}/a/{APPLICATION}/-/review")
        await step(page, origin, asking, "signature")
        box = await page.locator("canvas").bounding_box()
        assert box is not None
        await page.mouse.move(box["x"] + 20, box["y"] + 20)
        await page.mouse.down()
        await page.mouse.move(box["x"] + 120, box["y"] + 60)
        await page.mouse.up()
        await expect(page.get_by_label("署名の画像")).to_have_value("C:\\fakepath\\signature.png")
        await page.get_by_role("button", name="次へ", exact=True).click()
        await expect(page).to_have_url(f"{origin}/a/{APPLICATION}/-/review")
        (drawn,) = asking.files
        assert drawn.startswith(b"\x89PNG")
        placed, signed = core.calls["AnswerPrompt"]
        assert placed.given.place.latitude == here["latitude"]
        assert len(signed.given.files.attachment_ids) == 1


async def test_an_answer_that_does_not_fit_leads_to_its_field_without_script(
    chromium: Browser,
    tmp_path: Path,
) -> None:
    async with (
        a_town(tmp_path) as (origin, core),
        a_page(chromium, java_script_enabled=False) as page,
    ):
        asking = Asking(core)
        await page.goto(f"{origin}/apply/garbage")
        await page.get_by_role("button", name="始める").click()
        await step(page, origin, asking, "date")
        await page.get_by_label("元号・西暦").select_option("令和")
        await page.get_by_label("年", exact=True).fill("8")
        await page.get_by_label("月").fill("13")
        await page.get_by_label("日", exact=True).fill("1")
        await page.get_by_role("button", name="次へ", exact=True).click()
        await expect(page).to_have_title("エラー: お答えください。 (3/7) | とどけ市 届け")
        await page.get_by_role("link", name="日にちとして読めません").click()
        await expect(page.get_by_label("年", exact=True)).to_be_focused()
        await expect(page.get_by_label("月")).to_have_value("13")
        await page.get_by_label("月").fill("4")
        await page.get_by_role("button", name="次へ", exact=True).click()
        await expect(page).to_have_url(f"{origin}/a/{APPLICATION}/-/review")
        (asked,) = core.calls["AnswerPrompt"]
        assert asked.given.date == "2026-04-01"


async def test_a_button_that_looks_something_up_comes_back_to_where_it_stands_without_script(
    chromium: Browser,
    tmp_path: Path,
) -> None:
    async with (
        a_town(tmp_path) as (origin, core),
        a_page(chromium, java_script_enabled=False) as page,
    ):
        asking = Asking(core)
        await page.goto(f"{origin}/apply/garbage")
        await page.get_by_role("button", name="始める").click()
        await step(page, origin, asking, "account")
        await page.get_by_label("金融機関").fill("銀行")
        await page.get_by_role("button", name="金融機関を探す").click()
        await expect(page.get_by_label("みなと銀行")).to_be_in_viewport()
        await page.keyboard.press("Tab")
        await expect(page.get_by_label("金融機関", exact=True)).to_be_focused()
        await step(page, origin, asking, "members")
        await page.get_by_role("button", name="もう一人加える").click()
        await expect(page.get_by_label("氏名").nth(2)).to_be_in_viewport()
        await page.keyboard.press("Tab")
        await expect(page.get_by_label("氏名").nth(2)).to_be_focused()
