"""Every page there is, in every state of it: by axe, small, large, and by keyboard alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from grpc import StatusCode
from playwright.async_api import Browser, Page

from tests.browser import MARKS, a_page
from tests.channels.fake_core import APPLICATION, FakeCore
from tests.channels.web.adapter import (
    CONSENT,
    GRANDMOTHER,
    OTHER_CONTACT,
    PROXY,
    an_application,
)
from tests.channels.web.axe import checked, reached
from tests.channels.web.procedures import PROMPTS
from tests.channels.web.scripted import Asking, a_closing, a_review
from tests.channels.web.test_accessibility import step
from tests.channels.web.test_browser import a_town, signed_in
from tests.channels.web.test_eligible import PROGRAM, open_programs
from tests.channels.web.test_inbox import MESSAGE, found, with_inbox
from todoke.v1 import applications_pb2 as pb
from todoke.v1.ledger_pb2 import (
    STANDING_ENTITLED,
    ExplainEligibilityResponse,
    Explanation,
    ListOpenProgramsResponse,
)

pytestmark = [
    *MARKS,
    pytest.mark.slow,
    pytest.mark.timeout(300),
]

PLAIN = [
    "/", "/app", "/apply", "/apply/garbage", "/go/" + "t" * 43, "/link?code=ABCDEFGHJK", "/verify",
    "/check", "/check?code=ACDE3467", "/help", "/sign-in", "/none",
]  # fmt: skip
OWN = [
    "/me", "/me/history", "/me/looks", "/me/contacts", "/me/device", "/me/passkeys",
    "/me/choices", "/me/inquiries", "/me/consents", "/me/proxies", "/me/proxies/accept",
    "/me/delete",
    "/me/applications", f"/me/applications/{APPLICATION}",
    f"/me/applications/{APPLICATION}/withdraw", f"/me/contacts/{OTHER_CONTACT}/unlink",
    f"/me/consents/{CONSENT}/withdraw", f"/me/proxies/{PROXY}/end", "/me/inbox",
    "/me/inbox?words=%E8%A8%93%E7%B7%B4", f"/me/inbox/{MESSAGE}", "/sign-in",
]  # fmt: skip
FAILED = StatusCode.FAILED_PRECONDITION
MAIN = "main form .button:not(.quiet)"
EXPLAINED = Explanation(
    standing=STANDING_ENTITLED, rule="on_list", list_date="2026-11-24",
    next_step="answer", metadata={"amount": "30000", "filing_ends": "2027-01-31"},
)  # fmt: skip


@dataclass
class Walk:
    """Goes from page to page, and looks at each."""

    page: Page
    origin: str
    core: FakeCore
    asking: Asking

    async def at(self, path: str, status: int = 200) -> None:
        answer = await self.page.goto(self.origin + path)
        assert answer is not None
        assert answer.status == status, path
        await self.look()

    async def press(self, button: str = MAIN) -> None:
        async with self.page.expect_navigation():
            await self.page.locator(button).first.click()
        await self.look()

    async def look(self) -> None:
        await checked(self.page)
        await self.page.evaluate("() => { document.documentElement.style.fontSize = '' }")
        await reached(self.page)


@asynccontextmanager
async def a_walk(chromium: Browser, folder: Path) -> AsyncIterator[Walk]:
    async with a_town(folder) as (origin, core), a_page(chromium, bypass_csp=True) as page:
        yield Walk(page, origin, core, Asking(core))


@pytest.mark.parametrize("script", ["with", "without"])
async def test_no_page_has_a_violation(chromium: Browser, script: str, tmp_path: Path) -> None:
    """Without script, what the script hides is looked at; axe itself needs one that runs."""
    async with a_walk(chromium, tmp_path) as walk:
        page, asking = walk.page, walk.asking
        if script == "without":
            await page.route("**/script/*.js", lambda route: route.abort())
        for path in PLAIN:
            await walk.at(path, 404 if path == "/none" else 200)
        await walk.at(f"/a/{APPLICATION}")
        await signed_in(page, walk.origin)
        with_inbox(walk.core)
        for path in OWN:
            await walk.at(path)
        for kind in PROMPTS:
            await step(page, walk.origin, asking, kind)
            await walk.look()
            asking.refuses = True
            await walk.press()
        for turn, path in ((a_review(), "review"), (a_closing(), "done"), (a_review(), "back")):
            asking.turn = turn
            await walk.at(f"/a/{APPLICATION}/-/{path}")
        asking.turn = None
        await page.get_by_role("button", name="ふりがな").click()
        await step(page, walk.origin, asking, "text")
        await walk.look()


async def test_the_ways_in_and_out_have_no_violation(chromium: Browser, tmp_path: Path) -> None:
    """The card, the app, codes that are shown, passkeys, whom one acts for, and leaving."""
    async with a_walk(chromium, tmp_path) as walk:
        page, core = walk.page, walk.core
        await walk.at("/app")
        await walk.press()
        await page.locator("label[for=agree]").click()
        await walk.press()
        core.refuse("CompleteAuthentication", FAILED, "IDENTITY_PROVIDER_REFUSED")
        await walk.at("/app/callback?state=st&error=access_denied", 422)
        await walk.at("/")
        await walk.press()
        assert "/card/" in page.url
        await walk.press("main a[href='/waiting']")
        core.refuse("GetVerification", StatusCode.NOT_FOUND, "CHALLENGE_UNKNOWN")
        await walk.at("/card/none", 404)
        await signed_in(page, walk.origin)
        for path in ("/me/device", "/me/proxies"):
            await page.goto(walk.origin + path)
            await walk.press(f"form[action='{path}'] .button")
        await walk.at("/me/proxies/accept")
        await walk.press()
        await walk.at("/me/delete")
        await walk.press("form[action='/me/delete'] .button")
        await page.goto(walk.origin + "/me/proxies")
        acting = page.locator(f"form:has(input[value='{GRANDMOTHER}']) .button")
        await acting.first.click()
        await walk.at("/me")
        await walk.at("/me/eligible", 503)
        core.script["ListOpenPrograms"] = lambda _: ListOpenProgramsResponse()
        await walk.at("/me/eligible")
        core.script["ListOpenPrograms"] = open_programs
        core.script["ExplainEligibility"] = lambda _: ExplainEligibilityResponse(
            explanation=EXPLAINED
        )
        await walk.at("/me/eligible")
        await walk.at(f"/me/eligible/{PROGRAM}")
        await walk.at("/goodbye")


async def test_what_is_refused_has_no_violation(chromium: Browser, tmp_path: Path) -> None:
    """Links that are used, times that are over, what is too much or too often, our faults."""
    async with a_walk(chromium, tmp_path) as walk:
        page, core, asking = walk.page, walk.core, walk.asking
        await walk.at(f"/a/{APPLICATION}", 410)
        core.refuse("TakeHandover", FAILED, "HANDOVER_REFUSED")
        await page.goto(f"{walk.origin}/go/{'t' * 43}")
        await walk.press()
        core.refuse("CheckNotice", StatusCode.NOT_FOUND, "NOTICE_UNKNOWN")
        await page.goto(walk.origin + "/verify")
        await page.locator("#code").fill("0000")
        await walk.press()
        core.refuse("CheckOfficialCode", StatusCode.NOT_FOUND, "OFFICIAL_CODE_UNKNOWN")
        await page.goto(walk.origin + "/check")
        await page.locator("#code").fill("ACDE-3468")
        await walk.press()
        core.script["CheckOfficialCode"] = found
        await walk.press()
        assert "市役所が出したお知らせです" in await page.inner_text("main")
        core.refuse("CompleteContactLink", FAILED, "LINK_CODE_REFUSED")
        await page.goto(walk.origin + "/sign-in")
        for _ in range(30):
            await page.locator("#code").fill("ABCDEFGHJK")
            await page.locator("form[action='/sign-in/code'] .button").click()
            await page.wait_for_load_state()
        await page.locator("#code").fill("ABCDEFGHJK")
        await walk.press("form[action='/sign-in/code'] .button")
        assert "回数が多すぎる" in await page.inner_text("main")
        await page.goto(walk.origin + "/apply")
        await step(page, walk.origin, asking, "lines")
        await page.locator("textarea").fill("長" * 30_000)
        await walk.press()
        assert "大きすぎます" in await page.inner_text("main")
        await page.goto(f"{walk.origin}/apply/garbage")
        await page.context.clear_cookies()
        await walk.press()
        assert "画面が古く" in await page.inner_text("main")
        await walk.at("/app/go")
        core.refuse("ListOfferedProcedures", StatusCode.UNAVAILABLE)
        await walk.at("/apply", 503)


async def test_no_state_of_an_application_has_a_violation(
    chromium: Browser, tmp_path: Path
) -> None:
    async with a_walk(chromium, tmp_path) as walk:
        page, core, asking = walk.page, walk.core, walk.asking
        await signed_in(page, walk.origin)
        for state in pb.ApplicationState.values()[1:]:
            is_over = state in {pb.APPLICATION_STATE_RETURNED, pb.APPLICATION_STATE_REJECTED}
            one = an_application(
                state=state, reason="写真が暗くて\n読めません。" if is_over else ""
            )
            listed: Any = pb.ListOwnApplicationsResponse(applications=[one])
            core.script["ListOwnApplications"] = lambda _, listed=listed: listed
            await walk.at(f"/me/applications/{APPLICATION}")
        core.script["ListOwnApplications"] = lambda _: pb.ListOwnApplicationsResponse()
        await walk.at("/me/applications")
        for reason in ("SLOT_FULL", "ANSWERS_MISSING"):
            asking.turn = a_review()
            await page.goto(f"{walk.origin}/a/{APPLICATION}/-/review")
            core.refuse("SubmitApplication", FAILED, reason)
            asking.turn, asking.step = None, "slot"
            await walk.press()
            assert await page.get_by_role("status").count() == 1
        core.refuse("SubmitApplication", FAILED, "FILING_CLOSED")
        asking.turn = a_review()
        await page.goto(f"{walk.origin}/a/{APPLICATION}/-/review")
        await walk.press()
