"""Every page in a browser: by axe, small, large, by keyboard; the screen without its network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from channels.board.app import DESK as AT_THE_DESK
from channels.board.app import MEMBERS, C, create_app
from tests.browser import MARKS, a_page
from tests.channels.board.adapter import some_settings
from tests.channels.board.scripted import (
    CIRCULAR,
    CODE,
    DESK,
    FILE,
    GROUP,
    HOME,
    MEMBER,
    MOTHER,
    SURVEY,
    TOWN,
    VOTE,
    Town,
    a_circular,
    an_office,
)
from tests.channels.fake_core import FakeCore, fake_core
from tests.channels.serving import serving_there
from tests.channels.web.axe import checked, reached
from todoke.v1 import circulars_pb2 as pb

pytestmark = MARKS

PAGES = [
    "/", "/device", "/associations", f"/associations/{MEMBER}/leave", "/join", f"/join/{CODE}",
    "/joined", "/link", f"/link/{CODE}",
    f"/c/{CIRCULAR}", "/none", DESK, f"{DESK}/new", f"{DESK}/new/notice", f"{DESK}/new/survey",
    f"{DESK}/new/vote", f"{DESK}/c/{CIRCULAR}", f"{DESK}/c/{CIRCULAR}/correct",
    f"{DESK}/c/{CIRCULAR}/withdraw", f"{DESK}/c/{CIRCULAR}/receipts",
    f"{DESK}/c/{CIRCULAR}/paper", f"{DESK}/c/{CIRCULAR}/results", f"{DESK}/forward/{CIRCULAR}",
    f"{DESK}/joining",
    f"{DESK}/invite", f"{DESK}/households", f"{DESK}/households/new", f"{DESK}/households/{HOME}",
    f"{DESK}/groups/new", f"{DESK}/groups/{GROUP}", f"{DESK}/offices", f"{DESK}/offices/new",
    f"{DESK}/handover", f"{DESK}/care", f"{DESK}/c/{CIRCULAR}/comments", f"/screen/{TOWN}",
    f"/for/{MOTHER}/", f"/for/{MOTHER}/c/{CIRCULAR}", f"/for/{MEMBER}/",
]  # fmt: skip
OF_DRAFTS = [f"{DESK}/c/{CIRCULAR}", f"{DESK}/c/{CIRCULAR}/edit"]
FILES = {"/files/{file:uuid}", "/files/{file:uuid}/{page:int}"}
NO_PAGES = {*FILES, *(f"/for/{{resident:uuid}}{one}" for one in FILES), f"{C}/round.pdf"}
"""Pictures and papers, which axe knows nothing of."""

KINDS = (
    pb.CIRCULAR_KIND_ATTENDANCE, pb.CIRCULAR_KIND_SURVEY, pb.CIRCULAR_KIND_VOTE,
)  # fmt: skip


@asynccontextmanager
async def a_town(folder: Path) -> AsyncIterator[tuple[str, FakeCore, Town]]:
    town = Town(
        offices=[an_office()],
        own={"can_forward": True},
        acted_for=[pb.ActedFor(resident_id=MOTHER, name="池田久子")],
        asked_on_paper=True,
    )
    town.circular.content.comments_allowed = True
    async with fake_core() as core:
        core.script.update(town.answers())

        def make(url: str) -> object:
            return create_app(some_settings(folder, core.address, public_url=url))

        async with serving_there(make) as origin:
            yield origin, core, town


async def joined(page: Page, origin: str) -> None:
    await page.goto(f"{origin}/join/{CODE}")
    await page.get_by_label("お名前").fill("花子")
    await page.get_by_role("button", name="参加を申し込む").click()
    await expect(page).to_have_url(f"{origin}/joined")


async def test_a_circular_is_joined_read_and_answered_without_script(
    chromium: Browser, tmp_path: Path
) -> None:
    async with (
        a_town(tmp_path) as (origin, core, town),
        a_page(chromium, java_script_enabled=False) as page,
    ):
        town.circular = a_circular(kind=pb.CIRCULAR_KIND_ATTENDANCE)
        await joined(page, origin)
        await page.goto(f"{origin}/c/{CIRCULAR}")
        await page.get_by_label("参加する", exact=True).check()
        await page.get_by_label("参加する人数").fill("3")
        await page.get_by_role("button", name="答えを送る").click()
        await expect(page.get_by_role("status")).to_have_text("答えを届けました。")
        await page.go_back()
        await expect(page.get_by_role("heading", level=1)).to_have_text("秋の清掃")
        assert core.calls["AnswerCircular"][-1].answer.attendance.coming == 3
        assert len(core.calls["AnswerCircular"]) == 1
        await page.get_by_label("参加する", exact=True).check()
        await page.get_by_label("参加する人数").fill("")
        await page.get_by_role("button", name="答えを送る").click()
        await page.get_by_role("link", name="参加する人数を").click()
        await expect(page.get_by_label("参加する人数")).to_be_focused()


async def test_a_circular_has_no_violation(chromium: Browser, tmp_path: Path) -> None:
    async with a_town(tmp_path) as (origin, _, _town), a_page(chromium, bypass_csp=True) as page:
        await joined(page, origin)
        await page.goto(f"{origin}/c/{CIRCULAR}")
        await page.get_by_text("大きくして見る").first.click()
        larger = page.get_by_role("region", name="2ページのうち1ページ").locator("img")
        assert await larger.evaluate("(one) => one.clientWidth") >= 800
        await checked(page)
        await reached(page)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_no_page_has_a_violation(chromium: Browser, tmp_path: Path) -> None:
    async with a_town(tmp_path) as (origin, _, town), a_page(chromium, bypass_csp=True) as page:
        await joined(page, origin)
        for path in PAGES:
            await page.goto(f"{origin}{path}")
            await checked(page)
            await reached(page)
        for kind in KINDS:
            town.circular = a_circular(kind=kind)
            if kind == pb.CIRCULAR_KIND_SURVEY:
                town.circular.content.questions.extend(SURVEY)
            if kind == pb.CIRCULAR_KIND_VOTE:
                town.circular.content.vote.CopyFrom(VOTE)
            await page.goto(f"{origin}/c/{CIRCULAR}")
            await page.locator(".answer .button").click()
            await checked(page)
            await reached(page)
            await page.goto(f"{origin}{DESK}/c/{CIRCULAR}/paper")
            await checked(page)
            await reached(page)
        await page.goto(f"{origin}{DESK}/new/vote")
        await page.get_by_role("button", name="下書きを保存して").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await checked(page)
        town.circular = a_circular(state=pb.CIRCULAR_STATE_DRAFT)
        for path in OF_DRAFTS:
            await page.goto(f"{origin}{path}")
            await checked(page)
            await reached(page)
        town.circular = a_circular(state=pb.CIRCULAR_STATE_WITHDRAWN)
        town.offices = [an_office(pb.OFFICE_KIND_VICE)]
        for path in (f"{DESK}/c/{CIRCULAR}", f"{DESK}/c/{CIRCULAR}/receipts", f"{DESK}/handover"):
            await page.goto(f"{origin}{path}")
            await checked(page)
            await reached(page)


async def test_every_address_that_shows_a_page_is_looked_at() -> None:
    shown = [one for one in [*MEMBERS, *AT_THE_DESK] if "GET" in (one.methods or ())]
    looked_at = [*PAGES, *OF_DRAFTS]

    missing = {
        one.path for one in shown if not any(one.path_regex.match(path) for path in looked_at)
    }
    assert missing == NO_PAGES


async def test_the_screen_turns_its_pages_until_it_is_paused(
    chromium: Browser, tmp_path: Path
) -> None:
    async with a_town(tmp_path) as (origin, core, _), a_page(chromium) as page:
        notices = [pb.BoardNotice(title=title, body="本文") for title in ("清掃", "祭り")]
        for one in notices:
            one.publish_time.FromJsonString("2026-11-20T03:00:00Z")
        made = pb.ListBoardNoticesResponse(notices=notices)
        core.script["ListBoardNotices"] = lambda _: made
        await page.clock.install()
        await page.goto(f"{origin}/screen/{TOWN}")
        await expect(page.get_by_role("heading", name="清掃")).to_be_visible()
        await expect(page.get_by_role("heading", name="祭り")).to_be_hidden()
        await expect(page.get_by_text("1 / 2")).to_be_visible()
        await page.clock.run_for(15_000)
        await expect(page.get_by_role("heading", name="祭り")).to_be_visible()
        await page.get_by_role("button", name="止める").click()
        await expect(page.get_by_role("heading", name="清掃")).to_be_visible()
        await page.get_by_role("button", name="動かす").click()
        await expect(page.get_by_role("heading", name="祭り")).to_be_visible()


async def test_the_screen_shows_what_is_below_its_edge_before_it_turns(
    chromium: Browser, tmp_path: Path
) -> None:
    async with a_town(tmp_path) as (origin, core, _), a_page(chromium) as page:
        long = "\n".join(f"{line}行目" for line in range(60))
        notices = [pb.BoardNotice(title="清掃", body=long), pb.BoardNotice(title="祭り")]
        made = pb.ListBoardNoticesResponse(notices=notices)
        core.script["ListBoardNotices"] = lambda _: made
        await page.clock.install()
        await page.goto(f"{origin}/screen/{TOWN}")
        last = page.get_by_text("59行目")
        turns = 0
        while await page.get_by_role("heading", name="祭り").is_hidden():
            ends_at = await last.evaluate("(one) => one.getBoundingClientRect().bottom")
            await page.clock.run_for(15_000)
            turns += 1
            assert turns < 10
        assert turns > 2
        assert ends_at <= page.viewport_size["height"]
        assert await page.evaluate("scrollY") == 0


UNTIL_KEPT = """async (path) => {
  const kept = await caches.open('screen-1');
  while (!(await kept.match(path))) await new Promise((go) => setTimeout(go, 50));
}"""


async def test_the_screen_keeps_the_last_notices_without_its_network(
    chromium: Browser, tmp_path: Path
) -> None:
    async with a_town(tmp_path) as (origin, _, _town), a_page(chromium) as page:
        here = f"{origin}/screen/{TOWN}"
        await page.goto(here)
        await page.evaluate(UNTIL_KEPT, here)
        await page.context.set_offline(True)
        await page.reload()
        await expect(page.get_by_role("heading", name="秋の清掃")).to_be_visible()
        await expect(page.locator("#away")).to_be_visible()
        await expect(page.locator("#as-of")).to_contain_text("のお知らせ")


UNTIL_FORGOTTEN = """async () => {
  const kept = await caches.open('screen-1');
  const pictures = async () => (await kept.keys()).filter((one) => one.url.includes('/files/'));
  while ((await pictures()).length) await new Promise((go) => setTimeout(go, 50));
  return true;
}"""


async def test_the_screen_keeps_no_picture_of_what_was_taken_back(
    chromium: Browser, tmp_path: Path
) -> None:
    async with a_town(tmp_path) as (origin, core, _), a_page(chromium) as page:
        here = f"{origin}/screen/{TOWN}"
        await page.goto(here)
        await page.evaluate(UNTIL_KEPT, here)
        await page.reload()
        await page.evaluate(UNTIL_KEPT, f"{origin}/screen/files/{FILE}/1")
        core.script["ListBoardNotices"] = lambda _: pb.ListBoardNoticesResponse()
        await page.reload()
        assert await page.evaluate(UNTIL_FORGOTTEN)
        await expect(page.get_by_role("heading", name="秋の清掃")).to_have_count(0)


async def test_the_screen_stands_still_for_whoever_wants_no_motion(
    chromium: Browser, tmp_path: Path
) -> None:
    async with (
        a_town(tmp_path) as (origin, core, _),
        a_page(chromium, reduced_motion="reduce") as page,
    ):
        notices = [pb.BoardNotice(title=title) for title in ("清掃", "祭り")]
        made = pb.ListBoardNoticesResponse(notices=notices)
        core.script["ListBoardNotices"] = lambda _: made
        await page.goto(f"{origin}/screen/{TOWN}")
        await expect(page.get_by_role("button", name="動かす")).to_be_visible()
        await expect(page.get_by_role("heading", name="清掃")).to_be_visible()
        await expect(page.get_by_role("heading", name="祭り")).to_be_visible()
