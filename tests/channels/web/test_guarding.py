"""What protects the pages: headers, tokens in forms, limits, and words for all that goes wrong."""

from pathlib import Path

import pytest
from grpc import StatusCode
from hypothesis import given
from hypothesis import strategies as some

from channels import wording
from channels.forms import own_path
from tests.channels.web.adapter import another, browsing
from tests.channels.web.test_record import PAGES

POSTS = [
    "/language",
    "/card",
    "/app",
    "/sign-in/code",
    "/sign-in/passkey",
    "/passkey/options",
    "/sign-out",
    "/me/contacts/x/unlink",
    "/me/device",
    "/me/passkeys",
    "/me/passkeys/delete",
    "/me/choices",
    "/me/consents/x/withdraw",
    "/me/proxies",
    "/me/proxies/accept",
    "/me/proxies/x/end",
    "/me/acting",
    "/me/delete",
]


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/me", "/none", "/static/todoke.css", "/healthz"]
)
async def test_every_answer_says_what_may_be_done_with_it(tmp_path: Path, path: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get(path)
        assert browser.answer is not None
        headers = browser.answer.headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["cache-control"] == ("max-age=300" if ".css" in path else "no-store")
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_holds_a_script_or_a_style_of_its_own(tmp_path: Path, path: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get(path)
        assert "<script>" not in browser.page
        assert "<style" not in browser.page
        assert " style=" not in browser.page
        assert " onclick" not in browser.page


@pytest.mark.parametrize("path", POSTS)
async def test_a_form_that_is_not_ours_does_nothing(tmp_path: Path, path: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        known = {name: len(calls) for name, calls in browser.core.calls.items()}
        for fields in ({"x": "y"}, {"csrf": ""}, {"csrf": "guessed"}, {"csrf": "é"}):
            await browser.post(path, fields)
            assert browser.status == 403
            assert "画面が古くなった" in browser.page
        assert {name: len(calls) for name, calls in browser.core.calls.items()} == known


async def test_a_token_of_another_session_is_none(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser, another(browser.app, browser.core) as other:
        await browser.get("/sign-in")
        await other.get("/sign-in")
        await browser.post("/sign-in/code", {**other.hidden("/sign-in/code"), "code": "ABCDEFGHJK"})
        assert browser.status == 403


async def test_the_token_changes_with_signing_in(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/sign-in")
        before = browser.hidden("/sign-in/code")["csrf"]
        await browser.send("/sign-in/code", code="ABCDEFGHJK")
        assert browser.hidden("/sign-out")["csrf"] != before


async def test_a_form_sent_twice_is_one_request(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/proxies")
        form = {**browser.hidden("/me/proxies"), "scope": "1", "until": "2027-10-01"}
        await browser.post("/me/proxies", form)
        await browser.post("/me/proxies", form)
        first, second = browser.core.calls["OfferProxy"]
        assert first == second
        await browser.send("/me/proxies", scope="1", until="2027-10-01")
        assert browser.core.calls["OfferProxy"][2].request_id != first.request_id


async def test_a_form_of_many_megabytes_is_not_read(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/sign-in")
        await browser.send("/sign-in/code", code="A" * 100_000)
        assert browser.status == 413
        assert "大きすぎます" in browser.page
        assert browser.core.calls == {}


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "", "/a\r\nb", "/\t/e"],
)
async def test_choosing_a_language_leads_nowhere_else(tmp_path: Path, back: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/")
        form = {**browser.hidden("/language"), "language": "en", "back": back}
        answer = await browser.http.post("/language", data=form, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"] in {"/", "/a"}


@given(some.text(max_size=30) | some.text("/\\.:@ehttps\t\n", max_size=12))
def test_a_path_of_our_own_has_no_host(path: str) -> None:
    own = own_path(path)
    assert own.startswith("/")
    assert own[1:2] not in {"/", "\\"}
    assert own.isprintable()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "カードで登録する"),
        ("ja-x-easy", "カードで 登録する"),
        ("en", "Register with the card"),
    ],
)
async def test_every_page_can_be_read_in_each_language(
    tmp_path: Path, language: str, words: str
) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/link?code=AB")
        await browser.send("/language", language=language)
        assert browser.where == "/link"
        assert 'value="AB"' in browser.page
        assert f'<html lang="{language}">' in browser.page
        assert words in await browser.get("/")


async def test_a_browser_that_wants_english_is_spoken_to_in_english(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/", headers={"accept-language": "en-GB,en;q=0.9,ja;q=0.1"})
        assert '<html lang="en">' in browser.page
        await browser.get("/", headers={"accept-language": "fr"})
        assert '<html lang="ja">' in browser.page


async def test_a_page_that_is_none_is_not_found_in_words(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/wp-login.php")
        assert browser.status == 404
        assert "このページは見つかりません" in browser.page
        await browser.http.put("/me")
        await browser.get("/card")
        assert browser.status == 405


@pytest.mark.parametrize(
    ("code", "reason", "status"),
    [
        (StatusCode.UNAVAILABLE, "", 503),
        (StatusCode.DEADLINE_EXCEEDED, "", 503),
        (StatusCode.INTERNAL, "", 503),
        (StatusCode.PERMISSION_DENIED, "CALLER_NOT_ALLOWED", 503),
        (StatusCode.FAILED_PRECONDITION, "RESIDENT_CLOSED", 422),
        (StatusCode.NOT_FOUND, "RESIDENT_UNKNOWN", 422),
    ],
)
async def test_what_the_core_says_is_worded(
    tmp_path: Path, code: StatusCode, reason: str, status: int
) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        browser.core.refuse("GetRecord", code, reason)
        await browser.get("/me")
        assert browser.status == status
        words = wording.refusal(reason) if status == 422 else "つながりにくくなっています"
        assert words in browser.page


async def test_a_bug_of_ours_is_a_page_that_tells_nothing_of_it(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        browser.core.script["ExportRecord"] = lambda _: []
        await browser.get("/me/export/pdf")
        assert browser.status == 500
        assert "不具合" in browser.page
        assert "Traceback" not in browser.page
