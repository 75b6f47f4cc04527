"""The app's pages: opened by a signed address, finished only by the browser that began."""

import re
from pathlib import Path
from typing import Any

from grpc import StatusCode

from channels.line.page_tokens import PageTokens
from tests.channels.line.adapter import HANAKO, PAGE_SECRET, an_event, running, with_app
from tests.channels.line.app_pages import (
    PROVIDER,
    PUBLIC,
    an_identity_provider,
    back,
    get,
    go,
    page_of,
    post,
)
from tests.channels.line.chat import happen, register
from todoke.v1.registration_pb2 import CompleteAuthenticationResponse
from todoke.v1.residents_pb2 import ASSURANCE_DIGITAL_AUTH_APP, CONSENT_PURPOSE_REGISTRATION


async def test_a_new_person_registers_by_the_app(tmp_path: Path) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        an_identity_provider(adapter)
        greeting = await happen(adapter, an_event("follow"))
        assert "1:app" in greeting.data
        path = await page_of(adapter)
        assert path.endswith("?openExternalBrowser=1")

        shown = await get(adapter, path)
        assert shown.status == 200
        assert "私は&lt;とどけ市&gt;に\n同意します。" in shown.page
        assert "ほかの人から送られてきたときは" in shown.page
        assert "<script" not in shown.page
        assert shown.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        [asked] = adapter.core.calls["GetConsentText"]
        assert asked.purpose == CONSENT_PURPOSE_REGISTRATION
        assert asked.assurance == ASSURANCE_DIGITAL_AUTH_APP

        went = await post(adapter, path, shown.form)
        assert (went.status, went.headers["location"]) == (303, PROVIDER)
        cookie = went.headers["set-cookie"]
        for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/app/callback", "Max-Age=900"):
            assert part in cookie
        [began] = adapter.core.calls["BeginAuthentication"]
        assert began.external_id == HANAKO
        assert began.redirect_uri == f"{PUBLIC}/app/callback"
        assert began.consent_version == 2

        state = f"state-{began.request_id[:20]}"
        for _ in range(2):
            done = await get(adapter, back(state, code="c0de"), cookie.partition(";")[0])
            assert done.status == 200
            assert "登録が終わりました" in done.page
        first, second = adapter.core.calls["CompleteAuthentication"]
        assert first == second
        assert (first.state, first.code) == (state, "c0de")


async def test_two_presses_of_one_page_are_one_way_and_two_pages_are_two(tmp_path: Path) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        an_identity_provider(adapter)
        path = await page_of(adapter)
        form = (await get(adapter, path)).form
        await post(adapter, path, form)
        await post(adapter, path, form)
        await go(adapter, path)
        first, second, third = (
            call.request_id for call in adapter.core.calls["BeginAuthentication"]
        )
        assert first == second != third


async def test_two_ways_begun_in_one_browser_can_both_be_finished(tmp_path: Path) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        an_identity_provider(adapter)
        path = await page_of(adapter)
        ways = [await go(adapter, path) for _ in range(2)]
        cookies = "; ".join(cookie for _, cookie in ways)
        for state, _ in ways:
            assert (await get(adapter, back(state, code="c"), cookies)).status == 200


async def test_another_browser_cannot_finish_and_the_core_is_not_asked(tmp_path: Path) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        an_identity_provider(adapter)
        path = await page_of(adapter)
        state, cookie = await go(adapter, path)
        name, _, value = cookie.partition("=")
        other_state, other = await go(adapter, path)
        stolen = [
            "",
            other,
            f"{name}=",
            f"{name}={other.partition('=')[2]}",
            f"{name}={value[:-1]}x",
            f"{name}=en{value[2:]}",
            f"{name}=ja",
        ]
        for carried in stolen:
            shown = await get(adapter, back(state, code="c0de"), carried)
            assert shown.status == 403
            assert "違うブラウザー" in shown.page
        assert other_state != state
        assert (await get(adapter, "/app/callback?code=c", cookie)).status == 403
        assert not adapter.core.calls["CompleteAuthentication"]


NO_FORMS: list[Any] = [
    {},
    {"attempt": "a" * 22},
    {"attempt": "a" * 22, "version": "0"},
    {"attempt": "a" * 21, "version": "2"},
    {"attempt": "a" * 22, "version": "２"},
    {"attempt": "a" * 22, "version": "2", "more": "x" * 9_000},
    [("attempt", "a" * 22), ("attempt", "b" * 22), ("version", "2")],
    b"\xff",
]


async def test_a_form_that_is_none_of_ours_begins_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        an_identity_provider(adapter)
        path = await page_of(adapter)
        for form in NO_FORMS:
            shown = await post(adapter, path, form)
            assert shown.status == 400, form
            assert "読み取れませんでした" in shown.page
        assert not adapter.core.calls["BeginAuthentication"]


async def test_a_consent_that_has_changed_is_shown_anew(tmp_path: Path) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        an_identity_provider(adapter)
        path = await page_of(adapter)
        form = (await get(adapter, path)).form
        an_identity_provider(adapter, version=3)
        adapter.core.refuse(
            "BeginAuthentication", StatusCode.FAILED_PRECONDITION, "CONSENT_OUTDATED"
        )
        shown = await post(adapter, path, form)
        assert shown.status == 422
        assert 'role="alert">同意の文が新しくなりました' in shown.page
        assert shown.form["version"] == "3"
        adapter.core.refuse("GetConsentText", StatusCode.UNAVAILABLE)
        assert (await post(adapter, path, form)).status == 503


REFUSALS = {
    "CHALLENGE_USED": (410, "すでに使われました"),
    "CHALLENGE_EXPIRED": (410, "期限が過ぎました"),
    "IDENTITY_PROVIDER_REFUSED": (422, "終わりませんでした"),
    "IDENTITY_PROVIDER_AWAY": (422, "つながりません"),
    "CONTACT_TAKEN": (422, "別の方が登録されています"),
    "TRY_AGAIN": (503, "開き直してください"),
}


async def test_each_refusal_on_the_way_back_says_why(tmp_path: Path) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        an_identity_provider(adapter)
        state, cookie = await go(adapter, await page_of(adapter))
        for reason, (status, words) in REFUSALS.items():
            adapter.core.refuse("CompleteAuthentication", StatusCode.FAILED_PRECONDITION, reason)
            shown = await get(adapter, back(state, code="c0de"), cookie)
            assert shown.status == status
            assert words in shown.page


async def test_a_provider_away_or_a_core_away_is_said_before_the_way_there(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        an_identity_provider(adapter)
        path = await page_of(adapter)
        form = (await get(adapter, path)).form
        adapter.core.refuse("BeginAuthentication", StatusCode.UNAVAILABLE)
        assert (await post(adapter, path, form)).status == 503
        adapter.core.refuse("GetConsentText", StatusCode.NOT_FOUND, "CONSENT_UNKNOWN")
        assert "この同意は見つかりません" in (await get(adapter, path)).page
        adapter.core.contacts.clear()
        assert (await get(adapter, path)).status == 422


async def test_what_the_provider_refuses_is_told_to_the_core(tmp_path: Path) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        an_identity_provider(adapter)
        state, cookie = await go(adapter, await page_of(adapter))
        await get(adapter, back(state, error="access_denied" + "x" * 400), cookie)
        [told] = adapter.core.calls["CompleteAuthentication"]
        assert told.error.startswith("access_denied")
        assert len(told.error) == 255
        for brought in ({}, {"code": "c" * 2_001}):
            assert (await get(adapter, back(state, **brought), cookie)).status == 400
        assert len(adapter.core.calls["CompleteAuthentication"]) == 1


async def test_the_pages_speak_the_language_of_the_contact(tmp_path: Path) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        an_identity_provider(adapter)
        register(adapter, language="en")
        path = await page_of(adapter)
        shown = await get(adapter, path)
        assert '<html lang="en">' in shown.page
        assert "Agree and go on to the app" in shown.page
        adapter.core.script["CompleteAuthentication"] = lambda _: CompleteAuthenticationResponse(
            renewed=True, external_id=HANAKO
        )
        state, cookie = await go(adapter, path)
        done = await get(adapter, back(state, code="c0de"), cookie)
        assert "Your registration was renewed" in done.page


async def test_the_styles_are_served(tmp_path: Path) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        an_identity_provider(adapter)
        shown = await get(adapter, await page_of(adapter))
        for href in re.findall(r'href="(/[^"]+\.css)"', shown.page):
            assert (await get(adapter, href)).status == 200


async def test_without_the_setting_there_are_no_such_pages(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        token, _ = PageTokens(PAGE_SECRET).make(HANAKO)
        assert (await get(adapter, f"/app/{token}")).status == 404
        assert (await get(adapter, "/app/callback?state=x&code=c")).status == 404
