"""Every procedure that ships, in LINE, at the web's forms and at the counter: one application."""

from pathlib import Path

import pytest

from core.procedures.loading import shipped
from tests.cards import a_holder
from tests.core.applications.test_entering import enter
from tests.library import filed, scripts
from tests.makers import a_resident
from tests.story.applying import FACED, at_the_pages, on_the_phone, opened
from tests.story.counter import at_the_counter
from tests.story.forms import Forms
from tests.story.walking import by_the_app
from tests.story.whole import CityHall

QUICK = "helmet_subsidy"


async def assert_the_same_on_all(hall: CityHall, key: str, folder: Path) -> None:
    script = scripts(hall.town.clock().date())[key]
    holder, visitor = a_holder(), a_holder(name="総社　春子")
    phone, browser = await hall.phone("hanako"), await hall.browser()
    await phone.register()
    await by_the_app(hall, browser, hall.app_card(holder))
    line = await hall.town.channel("counter")
    await a_resident(hall.town, line, hall.cards.issue(visitor))
    what = await opened(hall, key, phone.holder, holder, visitor)

    async def a_reader() -> Forms:
        return Forms(await hall.browser())

    on_phone = await filed(hall.town, key, await on_the_phone(phone, script, what, a_reader))
    on_web = await filed(
        hall.town, key, await at_the_pages(Forms(browser), script, f"/apply/{what}")
    )

    assert on_phone["state"] == ("submitted" if script.is_decided else "received")
    assert on_phone["amount"] == script.amount
    assert on_web == on_phone
    title = "物価高騰対応給付金" if script.is_paid else shipped()[key].procedure.title["ja"]
    entered = at_the_counter(hall.town, folder, script, title, resident="総社 春子")
    assert await filed(hall.town, key, await entered) == on_phone


async def test_what_staff_report_is_typed_as_it_is_sent(hall: CityHall, tmp_path: Path) -> None:
    key = "polling_place_report"
    script = scripts(hall.town.clock().date())[key]
    clerk = await hall.town.staff()
    answers = [(one.step, dict(one.given)) for one in script.answers]
    sent = (await enter(clerk, *answers, procedure=key)).application.application_id
    title = shipped()[key].procedure.title["ja"]
    typed = await at_the_counter(hall.town, tmp_path, script, title)
    assert typed != sent
    assert await filed(hall.town, key, typed) == await filed(hall.town, key, sent)


async def test_a_helmet_is_subsidised_the_same_in_line_on_the_web_and_at_the_counter(
    hall: CityHall, tmp_path: Path
) -> None:
    await assert_the_same_on_all(hall, QUICK, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("key", [one for one in FACED if one != QUICK])
async def test_what_ships_is_the_same_in_line_on_the_web_and_at_the_counter(
    hall: CityHall, tmp_path: Path, key: str
) -> None:
    await assert_the_same_on_all(hall, key, tmp_path)
