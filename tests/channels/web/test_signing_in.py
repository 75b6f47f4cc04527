"""Coming back: codes, links, LINE Login and passkeys, each refused in words."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from grpc import StatusCode
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels import wording
from channels.addresses import MOST, WINDOW_SECONDS
from tests.channels.pulls import Refusal
from tests.channels.serving import serving
from tests.channels.web.adapter import CONTACT, ORIGIN, PASSKEY, Browser, browsing
from todoke.v1.access_pb2 import (
    PASSKEY_PURPOSE_CREATE,
    PASSKEY_PURPOSE_SIGN_IN,
    BeginPasskeyResponse,
    CompletePasskeyResponse,
)
from todoke.v1.residents_pb2 import Contact

ATTEMPT = "p" * 43


@pytest.mark.parametrize("typed", [" abcde-fg hjk ", "ＡＢＣＤＥ\u3000ｆｇｈｊｋ", "ABCDEーFGHJK"])
async def test_a_code_may_be_typed_in_any_way(tmp_path: Path, typed: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/sign-in")
        await browser.send("/sign-in/code", code=typed)
        assert browser.where == "/me"
        (asked,) = browser.core.calls["CompleteContactLink"]
        assert asked.code == "ABCDEFGHJK"


async def test_a_link_does_nothing_before_the_button_is_pressed(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/link?code=ABCDEFGHJK")
        assert "自分で出したコードでないときは" in browser.page
        assert browser.core.calls == {}
        await browser.send("/sign-in/code", code="ABCDEFGHJK")
        assert browser.where == "/me"


async def test_a_links_code_is_no_markup(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get('/link?code="><script>alert(1)</script>')
        assert "<script>" not in browser.page


@pytest.mark.parametrize(
    "reason", ["LINK_CODE_REFUSED", "CONTACT_TAKEN", "CONTACTS_TOO_MANY", "TOO_MANY_ATTEMPTS"]
)
async def test_a_refused_code_is_said_at_the_field(tmp_path: Path, reason: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/sign-in")
        browser.core.refuse("CompleteContactLink", StatusCode.FAILED_PRECONDITION, reason)
        await browser.send("/sign-in/code", code="ABCDEFGHJK")
        assert browser.status == 422
        assert f'<a href="#code">{wording.refusal(reason)}</a>' in browser.page
        assert 'aria-invalid="true"' in browser.page
        assert 'aria-describedby="code-hint code-wrong"' in browser.page


async def test_one_address_cannot_use_up_the_guesses_of_all(tmp_path: Path) -> None:
    now = [1_800_000_000.0]
    async with browsing(tmp_path, clock=lambda: now[0]) as browser:
        await browser.get("/sign-in")
        usual = browser.core.script["CompleteContactLink"]
        refusal = StatusCode.FAILED_PRECONDITION, "LINK_CODE_REFUSED"
        browser.core.refuse("CompleteContactLink", *refusal)
        for _ in range(MOST):
            await browser.send("/sign-in/code", code="ABCDEFGHJK")
        await browser.send("/sign-in/code", code="ABCDEFGHJK")
        assert wording.refusal("TOO_MANY_ATTEMPTS") in browser.page
        assert len(browser.core.calls["CompleteContactLink"]) == MOST

        now[0] += WINDOW_SECONDS
        browser.core.script["CompleteContactLink"] = usual
        await browser.get("/sign-in")
        await browser.send("/sign-in/code", code="ABCDEFGHJK")
        assert browser.where == "/me"


@pytest.mark.parametrize("code", ["", "   ", "A" * 65])
async def test_what_is_no_code_is_not_asked_for(tmp_path: Path, code: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/sign-in")
        await browser.send("/sign-in/code", code=code)
        assert browser.status == 422
        assert browser.core.calls == {}


@asynccontextmanager
async def a_line(status: int = 200, **answer: Any) -> AsyncIterator[tuple[str, list[Any]]]:
    """Serve a token endpoint; gives its address and what it was sent."""
    sent: list[Any] = []

    async def token(request: Request) -> Response:
        sent.append(dict(await request.form()))
        return JSONResponse(answer, status)

    async with serving(Starlette(routes=[Route("/token", token, methods=["POST"])])) as url:
        yield f"{url}/token", sent


@asynccontextmanager
async def with_line(folder: Path, token_url: str) -> AsyncIterator[Browser]:
    (folder / "line-secret").write_text("the-secret\n", encoding="utf-8")
    async with browsing(
        folder,
        line_login_channel_id="2000000001",
        line_login_channel_secret_file=folder / "line-secret",
        line_login_token_url=token_url,
    ) as browser:
        yield browser


async def left_for_line(browser: Browser) -> dict[str, str]:
    """Press the button; gives what LINE is asked."""
    await browser.get("/line/go", follow_redirects=False)
    assert browser.answer is not None
    url = urlsplit(browser.answer.headers["location"])
    assert url.hostname == "access.line.me"
    return {name: values[0] for name, values in parse_qs(url.query).items()}


async def test_line_says_who_it_is_to_the_core(tmp_path: Path) -> None:
    async with a_line(id_token="a.b.c") as (url, sent), with_line(tmp_path, url) as browser:
        assert 'href="/line/go"' in await browser.get("/sign-in")
        asked = await left_for_line(browser)
        assert asked["redirect_uri"] == f"{ORIGIN}/line/callback"
        assert (asked["scope"], asked["code_challenge_method"]) == ("openid", "S256")
        await browser.get(f"/line/callback?code=the-code&state={asked['state']}")
        assert browser.where == "/me"
        assert sent[0]["client_secret"] == "the-secret"
        assert sent[0]["code"] == "the-code"
        (linked,) = browser.core.calls["LinkByIdToken"]
        assert (linked.id_token, linked.nonce) == ("a.b.c", asked["nonce"])


async def test_lines_answer_is_good_once_and_for_the_browser_that_asked(tmp_path: Path) -> None:
    async with a_line(id_token="a.b.c") as (url, sent), with_line(tmp_path, url) as browser:
        await browser.get("/line/callback?code=c&state=guessed")
        assert browser.status == 422
        asked = await left_for_line(browser)
        await browser.get("/line/callback?code=c&state=guessed")
        await browser.get(f"/line/callback?code=c&state={asked['state']}")
        assert browser.status == 422
        assert sent == []


async def test_who_stops_in_line_is_asked_how_else(tmp_path: Path) -> None:
    async with a_line() as (url, sent), with_line(tmp_path, url) as browser:
        asked = await left_for_line(browser)
        await browser.get(f"/line/callback?error=ACCESS_DENIED&state={asked['state']}")
        assert "途中でやめました" in browser.page
        assert sent == []


@pytest.mark.parametrize(
    ("status", "answer"),
    [(400, {"error": "invalid_grant"}), (200, {}), (200, {"id_token": 7}), (500, {})],
)
async def test_a_token_that_line_does_not_give_is_said(
    tmp_path: Path, status: int, answer: dict[str, Any]
) -> None:
    async with a_line(status, **answer) as (url, _), with_line(tmp_path, url) as browser:
        asked = await left_for_line(browser)
        await browser.get(f"/line/callback?code=c&state={asked['state']}")
        assert wording.refusal("ID_TOKEN_REFUSED") in browser.page
        assert "LinkByIdToken" not in browser.core.calls


@pytest.mark.parametrize("reason", ["ID_TOKEN_REFUSED", "CONTACTS_TOO_MANY", "CONTACT_TAKEN"])
async def test_a_token_that_the_core_refuses_is_said(tmp_path: Path, reason: str) -> None:
    async with a_line(id_token="a.b.c") as (url, _), with_line(tmp_path, url) as browser:
        browser.core.refuse("LinkByIdToken", StatusCode.FAILED_PRECONDITION, reason)
        asked = await left_for_line(browser)
        await browser.get(f"/line/callback?code=c&state={asked['state']}")
        assert wording.refusal(reason) in browser.page


async def test_an_account_that_is_not_registered_is_said_to_be_so(tmp_path: Path) -> None:
    async with a_line(id_token="a.b.c") as (url, _), with_line(tmp_path, url) as browser:
        browser.core.refuse(
            "LinkByIdToken", StatusCode.FAILED_PRECONDITION, "CONTACT_NOT_REGISTERED"
        )
        asked = await left_for_line(browser)
        await browser.get(f"/line/callback?code=c&state={asked['state']}")
        assert browser.status == 422
        assert "このLINEアカウントでは登録が見つかりませんでした" in browser.page


async def test_without_line_login_there_is_no_way_to_line(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        assert "LINEで入る" not in await browser.get("/sign-in")
        await browser.get("/line/go")
        assert browser.status == 404


def with_passkeys(browser: Browser, options: Any = None) -> None:
    begun = BeginPasskeyResponse(
        challenge_id=ATTEMPT, options_json=json.dumps(options or {"challenge": "AA"})
    )
    contact = Contact(contact_id=CONTACT, external_id="of the passkey", registered=True)
    browser.core.script["BeginPasskey"] = lambda _: begun
    browser.core.script["CompletePasskey"] = lambda _: CompletePasskeyResponse(contact=contact)


async def test_a_passkey_signs_in_as_the_contact_that_made_it(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        with_passkeys(browser)
        await browser.get("/sign-in")
        csrf = browser.hidden("/sign-in/passkey")["csrf"]
        options = await browser.http.post("/passkey/options", data={"csrf": csrf})
        assert options.json() == {"challenge_id": ATTEMPT, "options": {"challenge": "AA"}}
        (begun,) = browser.core.calls["BeginPasskey"]
        assert (begun.purpose, begun.origin) == (PASSKEY_PURPOSE_SIGN_IN, ORIGIN)
        await browser.send("/sign-in/passkey", challenge_id=ATTEMPT, credential_json="{}")
        assert browser.where == "/me"
        (record,) = browser.core.calls["GetRecord"]
        assert record.resident.speaker.external_id == "of the passkey"
        await browser.send("/sign-out")
        assert "UnlinkContact" not in browser.core.calls


async def test_a_refused_passkey_is_said(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/sign-in")
        browser.core.refuse("CompletePasskey", StatusCode.PERMISSION_DENIED, "PASSKEY_REFUSED")
        await browser.send("/sign-in/passkey", challenge_id=ATTEMPT, credential_json="{}")
        assert browser.status == 422
        assert wording.refusal("PASSKEY_REFUSED") in browser.page


async def test_a_passkey_is_made_and_deleted(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        with_passkeys(browser)
        await browser.sign_in()
        await browser.get("/me/passkeys")
        assert "わたしのスマホ" in browser.page
        csrf = browser.hidden("/me/passkeys")["csrf"]
        await browser.http.post("/passkey/options", data={"csrf": csrf})
        (begun,) = browser.core.calls["BeginPasskey"]
        assert begun.purpose == PASSKEY_PURPOSE_CREATE
        assert begun.external_id in browser.core.contacts
        await browser.send(
            "/me/passkeys", challenge_id=ATTEMPT, credential_json="{}", label="家の電話"
        )
        assert "パスキーができました" in browser.page
        assert browser.core.calls["CompletePasskey"][0].label == "家の電話"
        await browser.send("/me/passkeys/delete")
        assert browser.core.calls["DeletePasskey"][0].passkey_id == PASSKEY
        assert "パスキーを消しました" in browser.page


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refusal(StatusCode.FAILED_PRECONDITION, "PASSKEYS_TOO_MANY"), 422),
        (Refusal(StatusCode.UNAVAILABLE), 503),
    ],
)
async def test_the_script_is_told_in_words_what_is_refused(
    tmp_path: Path, refusal: Refusal, status: int
) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/sign-in")
        browser.core.refuse("BeginPasskey", refusal.code, refusal.reason)
        csrf = browser.hidden("/sign-in/passkey")["csrf"]
        told = await browser.http.post("/passkey/options", data={"csrf": csrf})
        assert told.status_code == status
        assert told.json()["message"] == wording.refusal(refusal.reason or "TRY_AGAIN")
