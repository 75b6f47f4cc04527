"""Draws `phone.png` of the documents from today's phone: `python -m tests.pictures docs/images`."""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, expect

from core import migrations
from tests.browser import a_page, started
from tests.channels.line.test_a_whole_procedure import WASTE, WEB
from tests.channels.line.test_with_line_and_core import a_city
from tests.channels.simulators.line.simulator import HANAKO
from tests.core.applications.procedures import publish


async def phone(browser: Browser, folder: Path, picture: Path) -> None:
    """A resident's phone in the middle of a procedure, its menu open."""
    window = {"viewport": {"width": 580, "height": 876}}
    database = f"sqlite:///{folder / 'town.db'}"
    migrations.upgrade(database)
    more = {"web_url": WEB, "rich_menus": True}
    async with a_city(database, folder, **more) as (line, city), a_page(browser, **window) as page:
        await publish(city, WASTE)
        await page.goto(f"{line.url}/phone/{HANAKO}")
        await page.get_by_role("button", name="ブロックを解除").click()
        menu = page.get_by_role("navigation", name="リッチメニュー")
        await menu.get_by_role("button", name="手続き").click()
        await page.locator("#chat").get_by_role("button", name="粗大ごみの収集").click()
        await page.get_by_role("button", name="次へ").click()
        await page.get_by_role("button", name="☐ いす").click()
        await expect(page.locator("#chat")).to_contain_text("選んだもの:いす")
        await page.wait_for_load_state("networkidle")
        await page.screenshot(path=picture)


async def main(images: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with started() as browser:
            await phone(browser, Path(folder), images / "phone.png")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
