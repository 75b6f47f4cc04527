"""People of a neighbourhood with their browsers, before the boards and the real core."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from channels.board.app import create_app
from core.callers import Role
from tests import town
from tests.browser import a_page
from tests.channels.board.adapter import some_settings
from tests.channels.serving import serving_there
from tests.channels.web.axe import AXE, RUN
from tests.core.associations import makers
from tests.core.associations.makers import Neighbour, Neighbourhood
from tests.makers import a_request_id
from tests.town import Town
from todoke.client import Core
from todoke.v1 import circulars_pb2 as pb

SMALL = {"width": 320, "height": 640}
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"


@dataclass
class City:
    """The city's section with the boards that it lets its associations have."""

    town: Town
    staff: Core
    line: Core
    origin: str
    browser: Browser
    looking: Page
    """Where axe looks: members' own browsers run no script."""
    seen: set[str] = field(default_factory=set)

    @asynccontextmanager
    async def somebody(self, *, script: bool = False) -> AsyncIterator["Person"]:
        async with a_page(
            self.browser, viewport=SMALL, java_script_enabled=script, accept_downloads=True
        ) as page:
            yield Person(self, page)

    async def confirms(self, of: Neighbourhood, home: pb.Household) -> Neighbour:
        """Confirm the one who asks to join, as one of a household."""
        asked = pb.ListJoinRequestsRequest(association_id=of.association_id)
        found = await self.staff.ask(self.staff.circulars.ListJoinRequests, asked)
        [wish] = found.join_requests
        decided = await makers.decide(self.staff, wish.join_request_id, home.household_id)
        return Neighbour("", "", decided.member.member_id, home.household_id)

    async def sends_to_leaders(self, title: str, body: str) -> None:
        draft = pb.SaveCircularRequest(
            kind=pb.CIRCULAR_KIND_NOTICE,
            content=pb.CircularContent(title=title, body=body),
            targets=pb.Targets(all_associations=True),
            request_id=a_request_id(),
        )
        saved = (await self.staff.ask(self.staff.circulars.SaveCircular, draft)).circular
        publish = pb.PublishCircularRequest(
            circular_id=saved.circular_id, etag=saved.etag, request_id=a_request_id()
        )
        await self.staff.ask(self.staff.circulars.PublishCircular, publish)


@dataclass
class Person:
    """Somebody with a small browser; every kind of page they come to is looked at by axe once."""

    city: City
    page: Page

    async def visits(self, path: str) -> None:
        await self.page.goto(path if path.startswith("http") else self.city.origin + path)
        await self.is_accessible()

    async def follows(self, name: str, *, exact: bool = False) -> None:
        await self.page.get_by_role("link", name=name, exact=exact).first.click()
        await self.is_accessible()

    async def presses(self, name: str) -> None:
        await self.page.get_by_role("button", name=name).first.click()
        await self.is_accessible()

    async def fills(self, **fields: str) -> None:
        """Fill in fields by their ids."""
        for id, value in fields.items():
            await self.page.locator(f"[id='{id.replace('__', '.')}']").fill(value)

    async def ticks(self, *labels: str) -> None:
        for label in labels:
            await self.page.get_by_label(label, exact=True).check()

    async def is_told(self, words: str) -> None:
        await expect(self.page.get_by_role("status")).to_contain_text(words)

    async def reads(self, *words: str) -> None:
        for one in words:
            await expect(self.page.locator("main")).to_contain_text(one)

    async def joins(self, address: str, name: str) -> None:
        await self.visits(address)
        await self.fills(name=name)
        await self.presses("参加を申し込む")
        await self.reads("役員が確かめるまで")

    async def tabs_to(self, wanted: Locator) -> None:
        """Go there by the keyboard alone."""
        for _ in range(60):
            if await wanted.evaluate("(one) => one === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {wanted}")

    async def is_accessible(self) -> None:
        """Let nothing scroll sideways, and axe find nothing, on a page of this kind."""
        await self.page.wait_for_load_state()
        assert not await self.page.evaluate(SIDEWAYS), self.page.url
        kind = await self.page.evaluate("document.title + location.pathname.length")
        if kind in self.city.seen:
            return
        self.city.seen.add(kind)
        html = await self.page.content()
        looking, url = self.city.looking, self.page.url
        await looking.context.clear_cookies()
        await looking.context.add_cookies(await self.page.context.cookies())

        async def same(route) -> None:
            await route.fulfill(body=html, content_type="text/html; charset=utf-8")

        await looking.route(url, same)
        await looking.goto(url)
        await looking.unroute(url)
        await looking.evaluate(AXE)
        assert await looking.evaluate(RUN) == [], url


@asynccontextmanager
async def a_city(browser: Browser, database: str, folder: Path) -> AsyncIterator[City]:
    """Open the city's boards before a core of their own."""
    built = await town.build(database, folder)
    try:
        staff, line = await built.staff(Role.ASSOCIATIONS), await built.channel("line")
        token = (await built.channel("board")).token

        def make(url: str) -> object:
            settings = some_settings(folder, built.address, public_url=url)
            settings.core_token_file.write_text(token, encoding="utf-8")
            return create_app(settings, lambda: built.clock().timestamp())

        async with (
            serving_there(make) as origin,
            a_page(browser, viewport=SMALL, bypass_csp=True) as looking,
        ):
            yield City(built, staff, line, origin, browser, looking)
    finally:
        await built.close()
