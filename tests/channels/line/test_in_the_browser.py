"""A person with a browser goes through a procedure on the phone page, menu and picker included."""

from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser import MARKS, a_page
from tests.channels.line.test_a_whole_procedure import WASTE, WEB
from tests.channels.line.test_with_line_and_core import a_city
from tests.channels.simulators.line.simulator import HANAKO
from tests.core.applications.procedures import publish

pytestmark = MARKS


async def test_a_person_begins_at_the_menu_and_picks_a_day(
    chromium: Browser, sqlite_database: str, tmp_path: Path
) -> None:
    more = {"web_url": WEB, "rich_menus": True}
    async with a_city(sqlite_database, tmp_path, **more) as (line, city), a_page(chromium) as page:
        await publish(city, WASTE)
        await page.goto(f"{line.url}/phone/{HANAKO}")
        await page.get_by_role("button", name="ブロックを解除").click()
        menu = page.get_by_role("navigation", name="リッチメニュー")
        await menu.get_by_role("button", name="手続き").click()
        press = page.locator("#chat").get_by_role("button", name="粗大ごみの収集")
        await press.click()
        await page.get_by_role("button", name="次へ").click()
        await page.get_by_role("button", name="☐ いす").click()
        await expect(page.locator("#chat")).to_contain_text("選んだもの:いす")
        await page.get_by_role("button", name="これで決定").last.click()
        await page.get_by_role("button", name="日にちを選ぶ").click()
        await page.locator("#asking input").fill("2020-04-01")
        await page.get_by_role("button", name="決定", exact=True).click()
        await page.get_by_role("button", name="地図から選ぶ").click()
        await page.get_by_label("住所").fill("とどけ市本町")
        await page.get_by_role("button", name="決定", exact=True).click()
        await expect(page.locator("#chat")).to_contain_text("月曜(満)")
        await expect(menu.get_by_role("button", name="続きを答える")).to_be_visible()
