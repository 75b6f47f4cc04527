"""Every procedure that ships, in LINE, in a browser and at the counter: the same application."""

import base64
import re
from pathlib import Path

import pytest

from core.procedures.loading import shipped
from core.procedures.offers import needs_program
from tests.cards import a_holder
from tests.channels.web.adapter import Browser
from tests.core.applications.procedures import publish
from tests.core.applications.test_entering import enter
from tests.library import Script, filed, scripts
from tests.makers import a_program, a_request_id, a_resident, a_roster, a_roster_row, import_roster
from tests.story.counter import at_the_counter
from tests.story.forms import PHOTO, fill_in, step_of
from tests.story.phone import Phone
from tests.story.walking import by_the_app, words
from tests.story.whole import CityHall
from todoke.v1 import matching_pb2

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
QUICK = "helmet_subsidy"
FACED = [key for key in sorted(shipped()) if key != "polling_place_report"]


async def opened(hall: CityHall, key: str, *holders) -> str:
    """Put a procedure in force; return what begins it: its program's id, or its key."""
    if not needs_program(shipped()[key].procedure):
        await publish(hall.town, shipped()[key].source)
        return key
    clerk = await hall.town.staff()
    program = await a_program(clerk, procedure=key, amount=100_000)
    rows = [a_roster_row(one, number) for number, one in enumerate(holders, 1)]
    await import_roster(clerk, program.program_id, a_roster(*rows))
    request = matching_pb2.MatchRosterRequest(
        program_id=program.program_id, request_id=a_request_id()
    )
    await clerk.ask(clerk.matching.MatchRoster, request)
    return program.program_id


async def on_the_phone(hall: CityHall, phone: Phone, script: Script, what: str) -> str:
    """Begin from the menu, answer in words and photographs, and go on where LINE hands over."""
    await phone.write("手続き")
    await phone.tap("1:procedures:1")
    verb = "start" if what in shipped() else "start_program"
    asked = await phone.tap(f"1:{verb}:{what}")
    found = ID.search(" ".join(asked.data))
    assert found, asked.words
    browser = await hall.browser()
    for said in script.answers:
        to_page = [one for one in asked.data if one.startswith("1:on_page:")]
        is_on_page = bool(browser.page) and step_of(browser) == said.step
        if said.words and not is_on_page:
            asked = await phone.write(said.words)
            continue
        if said.files and not to_page and not is_on_page:
            photo = base64.b64encode(PHOTO).decode()
            asked = await phone.do("send", type="image", content=photo)
            continue
        if not browser.page or step_of(browser) == "back":
            [address] = (await phone.tap(to_page[0])).links
            browser = await hall.browser()
            await browser.get(address)
            await browser.send(browser.where)
        await fill_in(browser, said)
        if step_of(browser) == "back":
            # What does not belong into the chat is told; the rest is asked there.
            asked = await phone.hear()
    if "1:submit:" in " ".join(asked.data):
        await phone.choose(asked, "submit:")
    elif browser.page and step_of(browser) == "review":
        await browser.send(browser.where)
    return found[0]


async def in_the_browser(browser: Browser, script: Script, what: str) -> str:
    await browser.get("/apply")
    await browser.get(f"/apply/{what}")
    await browser.send(f"/apply/{what}")
    id = browser.where.split("/")[2]
    for said in script.answers:
        await fill_in(browser, said)
    if step_of(browser) == "review":
        await browser.send(browser.where)
    assert step_of(browser) == "done", words(browser)
    return id


async def assert_the_same_on_all(hall: CityHall, key: str, folder: Path) -> None:
    script = scripts(hall.town.clock().date())[key]
    holder, visitor = a_holder(), a_holder(name="総社　春子")
    phone, browser = await hall.phone("hanako"), await hall.browser()
    await phone.register()
    await by_the_app(hall, browser, hall.app_card(holder))
    line = await hall.town.channel("counter")
    await a_resident(hall.town, line, hall.cards.issue(visitor))
    what = await opened(hall, key, phone.holder, holder, visitor)

    on_phone = await filed(hall.town, key, await on_the_phone(hall, phone, script, what))
    on_web = await filed(hall.town, key, await in_the_browser(browser, script, what))

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
