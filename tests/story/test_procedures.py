"""Every procedure that ships, on a phone with LINE and at the web's forms: the same application."""

import pytest

from tests.cards import a_holder
from tests.library import filed, scripts
from tests.story.applying import FACED, at_the_pages, on_the_phone, opened
from tests.story.forms import Forms
from tests.story.walking import by_the_app
from tests.story.whole import CityHall

QUICK = "helmet_subsidy"


async def assert_the_same_on_both(hall: CityHall, key: str) -> None:
    script = scripts(hall.town.clock().date())[key]
    holder = a_holder()
    phone, browser = await hall.phone("hanako"), await hall.browser()
    await phone.register()
    await by_the_app(hall, browser, hall.app_card(holder))
    what = await opened(hall, key, phone.holder, holder)

    async def a_reader() -> Forms:
        return Forms(await hall.browser())

    on_phone = await filed(hall.town, key, await on_the_phone(phone, script, what, a_reader))
    on_web = await filed(
        hall.town, key, await at_the_pages(Forms(browser), script, f"/apply/{what}")
    )

    assert on_phone["state"] == ("submitted" if script.is_decided else "received")
    assert on_phone["amount"] == script.amount
    assert on_web == on_phone


async def test_a_helmet_is_subsidised_the_same_in_line_and_on_the_web(hall: CityHall) -> None:
    await assert_the_same_on_both(hall, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("key", [one for one in FACED if one != QUICK])
async def test_what_ships_is_the_same_in_line_and_on_the_web(hall: CityHall, key: str) -> None:
    await assert_the_same_on_both(hall, key)
