"""Draws pictures of the documents from today's screens: `python -m tests.pictures docs/images`."""

import asyncio
import html
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, Page, expect
from rich.cells import cell_len

from core import migrations
from tests import sending_pictures
from tests.browser import a_page, started
from tests.channels.line.test_a_whole_procedure import WASTE, WEB
from tests.channels.line.test_with_line_and_core import a_city
from tests.channels.simulators.line.simulator import HANAKO
from tests.core.applications.procedures import publish
from tests.tui.fake_core import City
from tests.tui.sitting import Sitting, signed_in
from tests.tui.test_counter import asking
from tests.tui.test_residents import opened
from todoke.v1.residents_pb2 import (
    CONTACT_STATE_VISITING,
    STALE_CAUSE_CERTIFICATE_REVOKED,
    STALE_CAUSE_MOVED,
)

CELL = 12.2
"""How wide a letter of the picture is; its own figures take those of two cells for one."""

WINDOW = {"viewport": {"width": 1143, "height": 731}}

TEXT = re.compile(r'textLength="[\d.]+"([^>]*)>([^<]*)</text>')
FONT_FACES = re.compile(r"@font-face \{.*?\}", re.DOTALL)
"""Fonts that a picture of the terminal names are on a network; those of this machine will do."""


EVENTS = (
    ("resident.registered", "channel:line"),
    ("application.submitted", "channel:line"),
    ("application.approved", "staff:hanako"),
    ("dispatch.sent", "channel:line"),
    ("registration.proposed", "staff:jiro"),
)


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


def a_busy_city(city: City) -> None:
    """Fill in what the pictures of the terminal show."""
    city.residents = 312
    benefit = city.add_program(entitled=120, matched=98, unmatched=22)
    for _ in range(54):
        city.add_application(benefit, state=5)
    for _ in range(23):
        city.add_application(benefit)
    city.add_match(benefit, resident="齋藤 義男", roster="斎藤 義男")
    city.add_program("子育て世帯応援給付金", entitled=600, matched=512)
    for state in (1, 2, 3, 3, 5):
        city.add_dispatch(state)
    hanako = city.add_resident("佐々木 花子")
    hanako.basic_four.name_substitutes = "000010"
    hanako.stale_causes.extend([STALE_CAUSE_CERTIFICATE_REVOKED, STALE_CAUSE_MOVED])
    city.add_contact(hanako)
    city.add_contact(hanako, "web").state = CONTACT_STATE_VISITING
    city.add_proxy(hanako, city.add_resident("工藤 太郎"))
    city.add_proxy(city.add_resident("三上 キヨ"), hanako)
    city.add_registration("三上 キヨ", proposer="jiro")


async def dashboard(sitting: Sitting) -> None:
    assert sitting.city
    for kind, actor in EVENTS:
        sitting.city.record(kind, actor=actor)
    await sitting.sees("jiro")


async def applications(sitting: Sitting) -> None:
    await sitting.open("3")
    await sitting.until(lambda: sitting.screen.live.shown)


async def resident(sitting: Sitting) -> None:
    await opened(sitting, "花子")


async def counter(sitting: Sitting) -> None:
    await sitting.open("8")
    await asking(sitting, "a")
    await sitting.type("原本と照合した")


TERMINAL: dict[str, Callable[[Sitting], Awaitable[None]]] = {
    "tui-dashboard": dashboard,
    "tui-applications": applications,
    "tui-resident": resident,
    "tui-counter": counter,
}


async def terminal(browser: Browser, images: Path) -> None:
    """Screens of the terminal UI before a busy city, as a terminal of 80 columns draws them."""
    for name, go in TERMINAL.items():
        async with (
            signed_in(a_busy_city) as sitting,
            a_page(browser, **WINDOW) as page,
        ):
            await go(sitting)
            await draw(page, sitting, images / f"{name}.png")


async def sending(browser: Browser, folder: Path, images: Path) -> None:
    async with sending_pictures.drawn(folder) as pictures, a_page(browser, **WINDOW) as page:
        async for name, sitting in pictures:
            await draw(page, sitting, images / f"{name}.png")


async def draw(page: Page, sitting: Sitting, picture: Path) -> None:
    await sitting.pilot.pause()
    drawn = FONT_FACES.sub("", sitting.app.export_screenshot(title="届け Todoke"))
    drawn = TEXT.sub(as_wide_as_its_cells, drawn)
    await page.set_content(f'<body style="margin: 0">{drawn}</body>')
    await page.locator("svg").screenshot(path=picture)


def as_wide_as_its_cells(text: re.Match[str]) -> str:
    wide = CELL * cell_len(html.unescape(text[2]))
    return f'textLength="{wide:g}"{text[1]}>{text[2]}</text>'


async def main(images: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with started() as browser:
            await terminal(browser, images)
            await sending(browser, Path(folder), images)
            await phone(browser, Path(folder), images / "phone.png")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
