"""What goes wrong at a real screen before the real core: impatience, going back, bad files."""

import pytest
from playwright.async_api import FilePayload, expect

from tests.channels.web.test_browser import CHROMIUM
from tests.library import PLACE, filed, scripts
from tests.story.applying import ID, on_the_phone, opened, step_of
from tests.story.screen import MAIN, PHOTOGRAPH, Screen, a_screen, chromium
from tests.story.whole import CityHall

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="NO CHROMIUM ON THIS MACHINE: mishaps are not tried in a browser"
)


async def twice(screen: Screen, next_step: str) -> None:
    """Press the button twice, as people do who wait; it leads where once does."""
    await screen.page.locator(MAIN).dblclick()
    await screen.page.wait_for_url(f"**/{next_step}")


async def test_impatience_and_going_back_change_nothing_that_is_filed(hall: CityHall) -> None:
    key = await opened(hall, "road_damage_report")
    said = {one.step: one for one in scripts(hall.town.clock().date())[key].answers}
    async with chromium() as browser:
        screen = await a_screen(browser)
        page = screen.page
        await screen.open(f"{hall.web_url}/apply/{key}")
        await twice(screen, "kind")
        await screen.pick("answer", "hole")
        await twice(screen, "danger")
        await screen.fill_in(said["danger"])
        await page.go_back()
        await page.go_back()
        await expect(page.locator("input:checked")).to_have_value("hole")
        await screen.fill_in(said["kind"])
        assert step_of(screen) == "place"
        await screen.fill_in(said["place"])
        await page.locator("input[type=file]").set_input_files(PHOTOGRAPH)
        await twice(screen, "phone")
        await screen.fill_in(said["phone"])
        await twice(screen, "done")
        found = ID.search(screen.where)
        assert found
        await page.reload()
        await expect(page.get_by_role("heading", level=1)).to_have_text("受け付けました")
        for _ in range(3):
            await page.go_back()
            assert step_of(screen) == "done"
        report = await filed(hall.town, key, found[0])
        assert report["state"] == "received"
        assert report["answers"]["kind"] == "collapse"
        assert report["answers"]["place"]["latitude"] == PLACE["latitude"]


BAD = [
    FilePayload(name="手紙.txt", mimeType="text/plain", buffer=b"letter"),
    FilePayload(name="壊れた写真.jpg", mimeType="image/jpeg", buffer=b"\xff\xd8 no photograph"),
    FilePayload(name="空の写真.jpg", mimeType="image/jpeg", buffer=b""),
]


@pytest.mark.slow
async def test_a_bad_file_is_said_and_another_is_taken(hall: CityHall) -> None:
    key = await opened(hall, "road_damage_report")
    answers = scripts(hall.town.clock().date())[key].answers
    async with chromium() as browser:
        screen = await a_screen(browser)
        page, file = screen.page, screen.page.locator("input[type=file]")
        await screen.open(f"{hall.web_url}/apply/{key}")
        await screen.press()
        for said in answers[:3]:
            await screen.fill_in(said)
        for bad in BAD:
            await file.set_input_files(bad)
            async with page.expect_navigation():
                await page.locator(MAIN).click()
            await expect(page.get_by_role("alert").first).to_contain_text("受け取れません")
            await expect(page.get_by_role("alert").first).to_be_focused()
        await page.reload()
        await expect(page.get_by_role("alert").first).to_contain_text("受け取れません")
        large = FilePayload(name="大.jpg", mimeType="image/jpeg", buffer=bytes((10 << 20) + 1))
        await file.set_input_files(large)
        await expect(page.get_by_text("一つ10MBまでです")).to_be_visible()
        await expect(file).to_have_value("")
        screen.wrong.clear()  # A page of problems is an error to a console.
        await screen.fill_in(answers[3])
        assert step_of(screen) == "phone"


@pytest.mark.slow
async def test_a_link_from_line_is_good_once_and_says_so(hall: CityHall) -> None:
    key = await opened(hall, "road_damage_report")
    phone = await hall.phone("hanako")
    async with chromium() as browser:
        mine, other = await a_screen(browser), await a_screen(browser)
        script = scripts(hall.town.clock().date())[key]
        links: list[str] = []

        class Kept(Screen):
            async def open(self, address: str) -> None:
                links.append(address)
                await super().open(address)

        async def another() -> Kept:
            return Kept(mine.page)

        await on_the_phone(phone, script, key, another)
        await mine.open(links[0])
        assert step_of(mine) == "done", mine.where
        await other.open(links[0])
        async with other.page.expect_navigation():
            await other.page.locator(MAIN).click()
        await expect(other.page.get_by_role("alert")).to_contain_text("すでに使われています")
        await expect(other.page.locator("main form")).to_have_count(0)
        await other.page.reload()
        await expect(other.page.get_by_role("alert")).to_contain_text("すでに使われています")
