"""A session lives in its cookie: sealed, for a time, and not beyond signing out."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from grpc import StatusCode

from tests.channels.fake_core import fake_core
from tests.channels.web.adapter import CONTACT, KEY, Browser, another, beside, browsing, scripted

NAME = "__Host-todoke"


@dataclass
class Hands:
    """A clock that a test turns."""

    now: float = 1_764_000_000

    def __call__(self) -> float:
        return self.now


def cookie(browser: Browser) -> str:
    return browser.http.cookies[NAME]


def copy(browser: Browser, value: str) -> None:
    browser.http.cookies.clear()
    browser.http.cookies.set(NAME, value, domain="web.todoke.example", path="/")


async def test_the_cookie_is_the_hosts_own_and_no_scripts(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/")
        assert browser.answer is not None
        set_cookie = browser.answer.headers["set-cookie"]
        assert set_cookie.startswith(f"{NAME}=")
        for attribute in ("; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"):
            assert attribute in set_cookie
        assert "Domain" not in set_cookie


async def test_on_this_machine_without_tls_it_is_a_plain_cookie(tmp_path: Path) -> None:
    async with browsing(tmp_path, public_url="http://localhost:8710") as browser:
        await browser.get("/")
        assert browser.answer is not None
        assert browser.answer.headers["set-cookie"].startswith("todoke=")
        assert "Secure" not in browser.answer.headers["set-cookie"]


async def test_a_session_tells_nothing_of_what_is_in_it(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        (external_id,) = browser.core.contacts
        assert len(external_id) == 43
        assert external_id not in cookie(browser)
        assert external_id not in browser.page


@pytest.mark.parametrize("at", [0, 10, 40, 200, -1])
async def test_a_cookie_that_was_changed_is_none(tmp_path: Path, at: int) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        value = cookie(browser)
        letter = "A" if value[at] != "A" else "B"
        at = at % len(value)
        copy(browser, value[:at] + letter + value[at + 1 :] if at < len(value) - 1 else value[:-4])
        await browser.get("/me")
        assert browser.where == "/sign-in"


@pytest.mark.parametrize("value", ["", "x", "gAAAA", "é" * 3, "A" * 5000])
async def test_what_is_no_cookie_of_ours_begins_afresh(tmp_path: Path, value: str) -> None:
    async with browsing(tmp_path) as browser:
        raw = f"{NAME}={value}".encode("latin-1", "replace")
        await browser.get("/", headers=[(b"cookie", raw)])
        assert browser.status == 200


async def test_a_new_key_seals_while_the_old_one_still_opens(tmp_path: Path) -> None:
    async with fake_core() as core:
        async with beside(tmp_path, scripted(core)) as browser:
            await browser.sign_in()
            old = cookie(browser)
        new = Fernet.generate_key().decode()
        async with beside(tmp_path, core, keys=f"{new}\n{KEY}") as browser:
            copy(browser, old)
            await browser.get("/me")
            assert browser.where == "/me"
            await browser.get("/me/contacts")
            await browser.send("/language", language="en")
            resealed = cookie(browser)
        async with beside(tmp_path, core, keys=new) as browser:
            copy(browser, resealed)
            await browser.get("/me")
            assert browser.where == "/me"
            copy(browser, old)
            await browser.get("/me")
            assert browser.where == "/sign-in"


async def test_half_an_hour_without_a_visit_ends_it(tmp_path: Path) -> None:
    clock = Hands()
    async with browsing(tmp_path, clock=clock) as browser:
        await browser.sign_in()
        for _ in range(3):
            clock.now += 29 * 60
            await browser.get("/me")
            assert browser.where == "/me"
        clock.now += 30 * 60
        await browser.get("/me")
        assert browser.where == "/sign-in"


async def test_twelve_hours_end_it_however_busy_it_was(tmp_path: Path) -> None:
    clock = Hands()
    async with browsing(tmp_path, clock=clock) as browser:
        await browser.sign_in()
        for _ in range(35):
            clock.now += 20 * 60
            await browser.get("/me")
            assert browser.where == "/me"
        clock.now += 20 * 60
        await browser.get("/me")
        assert browser.where == "/sign-in"


async def test_signing_out_unlinks_the_browser_and_ends_copies_of_its_cookie(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        stolen = cookie(browser)
        await browser.send("/sign-out")
        assert browser.where == "/"
        assert "利用を終えました" in browser.page
        (unlinked,) = browser.core.calls["UnlinkContact"]
        assert unlinked.contact_id == CONTACT
        assert cookie(browser) != stolen
        async with another(browser.app, browser.core) as thief:
            copy(thief, stolen)
            await thief.get("/me")
            assert thief.where == "/sign-in"


async def test_signing_out_works_while_the_core_is_away(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        browser.core.refuse("GetContact", StatusCode.UNAVAILABLE)
        await browser.send("/sign-out")
        assert "利用を終えました" in browser.page


async def test_a_session_that_ran_out_is_unlinked_when_the_browser_comes_back(
    tmp_path: Path,
) -> None:
    clock = Hands()
    async with browsing(tmp_path, clock=clock) as browser:
        await browser.sign_in()
        clock.now += 3600
        await browser.sign_in()
        (unlinked,) = browser.core.calls["UnlinkContact"]
        first, second = browser.core.contacts
        assert unlinked.resident.speaker.external_id == first
        assert browser.core.calls["CompleteContactLink"][-1].external_id == second


async def test_whom_the_core_knows_no_more_signs_in_again(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        browser.core.refuse("GetRecord", StatusCode.FAILED_PRECONDITION, "CONTACT_NOT_REGISTERED")
        await browser.get("/me")
        assert browser.where == "/sign-in"
        assert "もう一度入ってください" in browser.page
        assert "ブロック" not in browser.page


async def test_a_browser_that_only_looks_leaves_no_trace_in_the_core(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        for path in ("/", "/sign-in", "/link?code=ABCDEFGHJK", "/me", "/waiting", "/goodbye"):
            await browser.get(path)
            assert browser.status == 200
        assert browser.core.calls == {}
