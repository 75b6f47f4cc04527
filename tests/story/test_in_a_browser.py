"""Every procedure that ships, in a real browser at 320 px: the same application as by forms."""

import re
from collections.abc import Collection

import pytest
from playwright.async_api import expect

from tests.cards import a_holder
from tests.channels.web.test_browser import CHROMIUM
from tests.channels.web.test_going_on import SIGNED
from tests.core.applications.procedures import publish
from tests.library import Said, filed, scripts
from tests.story.applying import FACED, at_the_pages, on_the_phone, opened, step_of
from tests.story.forms import Forms
from tests.story.screen import Screen, a_screen, chromium, registered
from tests.story.walking import by_the_app
from tests.story.whole import CityHall

QUICK = "helmet_subsidy"
HARDEST = ["new_account_benefit", "road_damage_report", "bulky_waste", "after_school_club"]
"""An account and its passbook; a place; an address and a slot; people, days and files."""

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="NO CHROMIUM ON THIS MACHINE: procedures are not tried in a browser"
)


async def assert_the_same(hall: CityHall, keys: Collection[str], *, script: bool = True) -> None:
    """Go through procedures by forms, and in one browser; the hardest also on from LINE."""
    forms, holders = Forms(await hall.browser()), [a_holder(), a_holder()]
    phone = await hall.phone("hanako")
    await phone.register()
    await by_the_app(hall, forms.browser, hall.app_card(holders[0]))
    async with chromium() as browser:

        async def another() -> Screen:
            return await a_screen(browser, script=script)

        screen = await another()
        await registered(hall, screen, holders[1])
        for key in keys:
            answers = scripts(hall.town.clock().date())[key]
            what = await opened(hall, key, phone.holder, *holders)
            address = f"{hall.web_url}/apply/{what}"
            by_forms = await filed(hall.town, key, await at_the_pages(forms, answers, address))
            seen = await filed(hall.town, key, await at_the_pages(screen, answers, address))
            assert seen == by_forms, key
            if key in HARDEST:
                from_line = await on_the_phone(phone, answers, what, another)
                assert await filed(hall.town, key, from_line) == by_forms, key


async def test_a_helmet_is_subsidised_at_a_small_screen(hall: CityHall) -> None:
    await assert_the_same(hall, [QUICK])


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_what_ships_is_the_same_at_a_small_screen(hall: CityHall) -> None:
    await assert_the_same(hall, [key for key in FACED if key != QUICK])


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_the_hardest_are_the_same_where_no_script_runs(hall: CityHall) -> None:
    await assert_the_same(hall, HARDEST, script=False)


async def drawn(screen: Screen) -> None:
    box = await screen.page.locator("canvas").bounding_box()
    assert box is not None
    mouse = screen.page.mouse
    await mouse.move(box["x"] + 20, box["y"] + 20)
    await mouse.down()
    await mouse.move(box["x"] + 120, box["y"] + 50)
    await mouse.up()
    await expect(screen.field("new")).to_have_value(re.compile(r"signature\.png$"))


@pytest.mark.slow
async def test_a_signature_is_drawn_or_typed_where_no_script_runs(hall: CityHall) -> None:
    await publish(hall.town, SIGNED)
    async with chromium() as browser:
        for script in (True, False):
            screen = await a_screen(browser, script=script)
            await registered(hall, screen, a_holder())
            await screen.open(f"{hall.web_url}/apply/signed")
            await screen.press()
            await screen.fill_in(Said("receipt", files=2))
            assert step_of(screen) == "sign"
            if script:
                await drawn(screen)
            else:
                await screen.field("typed").fill("総社 花子")
            await screen.press()
            signed = screen.page.get_by_role("link", name="1つ目のファイルを見る 署名")
            await expect(signed).to_be_visible()
            await screen.press()
            assert step_of(screen) == "done"
