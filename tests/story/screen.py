"""A person at a small screen: answers of a script read, touched and typed in a real browser."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser as Chromium
from playwright.async_api import FilePayload, Locator, Page, async_playwright, expect

from channels.simulators.card import Holder
from tests.channels.web.test_browser import CHROMIUM, FLAGS
from tests.library import PLACE, Said
from tests.story.forms import PHOTO
from tests.story.whole import APP_PIN, CityHall

SMALL: Mapping[str, Any] = {
    "viewport": {"width": 320, "height": 640},
    "locale": "ja-JP",
    "geolocation": PLACE,
    "permissions": ["geolocation"],
}
MAIN = "main form .button:not(.quiet)"
"""The button that a page is there for."""

OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
BANKS = {"0001": "みずほ銀行"}
BRANCHES = {"001": "東京営業部"}
PHOTOGRAPH = FilePayload(name="写真.jpg", mimeType="image/jpeg", buffer=PHOTO)


@dataclass
class Screen:
    """Reads a page as it is drawn; with `script` or without."""

    page: Page
    script: bool = True
    wrong: list[str] = field(default_factory=list)
    """What the browser found wrong with a page: an error of a script, something it did not let."""

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.wrong.append(said.text))

    @property
    def where(self) -> str:
        return urlsplit(self.page.url).path if self.page.url.startswith("http") else ""

    async def open(self, address: str) -> None:
        await self.page.goto(address)

    async def press(self) -> None:
        await self.led_on(self.page.locator(MAIN).click)

    async def led_on(self, deed: Callable[[], Awaitable[None]]) -> None:
        """Do what leads to another page, and see that it fits the screen."""
        async with self.page.expect_navigation():
            await deed()
        assert await self.page.evaluate(OVER) == 0, self.where
        assert self.wrong == [], self.where

    async def fill_in(self, said: Said) -> None:
        [(kind, value)] = said.given.items() or [("files", None)]
        photos = [PHOTOGRAPH] * said.files
        if kind == "skipped":
            await self.led_on(self.page.get_by_role("button", name="答えずに次へ").click)
            return
        await FILLED[kind](self, value)
        if photos:
            await self.page.locator("input[type=file]").set_input_files(photos)
        if kind in {"text", "number"} and await self.field("answer").evaluate(IS_LINE):
            await self.led_on(lambda: self.page.keyboard.press("Enter"))
        else:
            await self.press()

    def field(self, name: str) -> Locator:
        return self.page.locator(f'main [name="{name}"]')

    async def pick(self, name: str, value: str) -> None:
        """Touch the words beside a box or a circle."""
        box = self.page.locator(f'input[name="{name}"][value="{value}"]')
        await self.page.locator(f'label[for="{await box.get_attribute("id")}"]').click()
        await expect(box).to_be_checked()

    async def look(self, what: str) -> None:
        """Press a button of the form that looks something up."""
        button = self.page.locator(f'button[name=look][value="{what}"]')
        await self.led_on(button.click)

    async def day(self, before: str, iso: str) -> None:
        """Give a day by its era, as most people do."""
        day = date.fromisoformat(iso)
        assert day >= date(2019, 5, 1)
        await self.field(f"{before}era").select_option(label="令和")
        parts = (("year", day.year - 2018), ("month", day.month), ("day", day.day))
        for name, number in parts:
            await self.field(before + name).fill(str(number))


@asynccontextmanager
async def chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


async def a_screen(browser: Chromium, *, script: bool = True) -> Screen:
    context = await browser.new_context(**SMALL, java_script_enabled=script)
    context.set_default_timeout(10_000)
    return Screen(await context.new_page(), script)


IS_LINE = "(one) => one.tagName === 'INPUT'"


async def _nothing(screen: Screen, value: Any) -> None:
    del screen, value


async def _typed(screen: Screen, value: Any) -> None:
    await screen.field("answer").click()
    await screen.page.keyboard.type(str(value))


async def _choices(screen: Screen, value: Any) -> None:
    for one in value["values"]:
        await screen.pick("answer", one)


async def _place(screen: Screen, value: Any) -> None:
    if screen.script:
        await screen.page.get_by_role("button", name="今いる場所を使う").click()
        await expect(screen.page.get_by_text("今いる場所を入れました。")).to_be_visible()
        return
    await screen.page.get_by_text("緯度と経度で入れる").click()
    for name in ("latitude", "longitude"):
        await screen.field(name).fill(str(value[name]))


async def _address(screen: Screen, value: Any) -> None:
    await screen.field("postal_code").fill(value["postal_code"])
    await screen.look("address")
    await screen.field("area").fill(value["area"])
    await screen.field("rest").fill(value["rest"])


async def _account(screen: Screen, value: Any) -> None:
    for kind, names in (("bank", BANKS), ("branch", BRANCHES)):
        await _found_by_name(screen, kind, names[value[kind]])
    await screen.pick("account_type", str(value["account_type"]))
    for name in ("account_number", "holder_kana"):
        await screen.field(name).fill(value[name])


async def _found_by_name(screen: Screen, kind: str, name: str) -> None:
    words = screen.field(f"{kind}_words")
    if not screen.script:
        await words.fill(name)
        await screen.look(kind)
        found = screen.page.get_by_text(re.compile(f"^{name} [0-9]+$"))
        if await found.count():
            await found.click()
        else:
            await expect(screen.page.get_by_text(f"選んだもの:{name}")).to_be_visible()
        return
    await words.press_sequentially(name[:3])
    option = screen.page.get_by_role("option", name=re.compile(f"^{name} [0-9]+$"))
    await expect(option).to_be_visible()
    await words.press("ArrowDown")
    while await option.get_attribute("aria-selected") != "true":
        await words.press("ArrowDown")
    await words.press("Enter")
    await expect(words).to_have_value(re.compile(f"^{name}"))


async def _members(screen: Screen, value: Any) -> None:
    for at, member in enumerate(value["members"]):
        if not await screen.field(f"members.{at}.name").count():
            await screen.led_on(screen.page.locator("button[name=row][value=add]").click)
        for name, told in member.items():
            if name == "birth_date":
                await screen.day(f"members.{at}.birth_date_", told)
            else:
                await screen.field(f"members.{at}.{name}").fill(told)


async def _slot(screen: Screen, value: Any) -> None:
    await screen.pick("answer", value["value"])
    if await screen.field("quantity").count():
        await screen.field("quantity").fill(str(value["quantity"]))


FILLED: Mapping[str, Callable[[Screen, Any], Awaitable[None]]] = {
    "read": _nothing,
    "files": _nothing,
    "text": _typed,
    "number": _typed,
    "choice": lambda screen, value: screen.pick("answer", value),
    "choices": _choices,
    "date": lambda screen, value: screen.day("", value),
    "place": _place,
    "address": _address,
    "account": _account,
    "members": _members,
    "slot": _slot,
    "agreed": lambda screen, _: screen.pick("agreed", "yes"),
}


async def registered(hall: CityHall, screen: Screen, holder: Holder) -> None:
    """Register in the browser itself: the consent, the app's page and its PIN, and back."""
    page, card = screen.page, hall.app_card(holder)
    await page.goto(f"{hall.web_url}/app")
    await page.locator("label[for=agree]").click()
    await screen.press()
    await page.locator("main a.button").click()
    await page.locator("#card").select_option(card)
    await page.locator("[name=pin]").fill(APP_PIN)
    await screen.led_on(page.locator("button[name=deed][value=agree]").click)
    await expect(page.get_by_role("status")).to_be_visible()
