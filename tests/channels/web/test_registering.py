"""Registering on the web: by the card on a page of this browser, and by the authentication app."""

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from grpc import StatusCode

from channels import wording
from tests.channels.fake_core import CHALLENGE, a_verification
from tests.channels.web.adapter import ORIGIN, Browser, a_record, another, at, browsing
from todoke.v1.proxies_pb2 import PROXY_SCOPE_APPLY, ProxyTerms
from todoke.v1.records_pb2 import GetRecordResponse
from todoke.v1.registration_pb2 import CompleteAuthenticationResponse, GetVerificationResponse
from todoke.v1.residents_pb2 import CONTACT_STATE_VISITING

SIGNED = {
    "certificate": base64.b64encode(b"certificate").decode(),
    "signature": base64.b64encode(b"signature").decode(),
}


def registered(browser: Browser) -> None:
    for contact in browser.core.contacts.values():
        contact.registered = True


async def test_a_person_reads_signs_with_the_card_and_sees_the_record(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/")
        assert "マイナンバー(12桁の番号)は受け取りません" in browser.page
        await browser.send("/card")
        assert browser.where == f"/card/{CHALLENGE}"
        assert "私は&lt;とどけ市&gt;に\n同意します。" in browser.page
        assert f'href="todoke-card:{ORIGIN}/card/{CHALLENGE}/request"' in browser.page
        assert "<svg" in browser.page
        assert 'href="/app"' in browser.page
        asked = await browser.http.get(f"/card/{CHALLENGE}/request")
        told = await browser.http.post(asked.json()["callback"], json=SIGNED)
        assert told.status_code == 200
        assert "もとのウェブの画面に戻り" in told.json()["message"]
        assert "set-cookie" not in told.headers
        await browser.get("/waiting")
        assert "確かめています" in browser.page
        registered(browser)
        await browser.get("/waiting")
        assert browser.where == "/me"
        assert "登録が終わりました" in browser.page


async def test_a_browser_is_told_to_the_core_as_one_that_nothing_reaches(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/")
        await browser.send("/card")
        (seen,) = browser.core.calls["SeeContact"]
        assert seen.state == CONTACT_STATE_VISITING
        assert seen.language == "ja"
        assert seen.external_id == browser.core.calls["BeginVerification"][0].external_id


async def test_a_challenge_is_shown_only_where_it_was_begun(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser, another(browser.app, browser.core) as victim:
        await browser.get("/")
        await browser.send("/card")
        await victim.get(f"/card/{CHALLENGE}")
        assert victim.status == 404
        assert "使わずに閉じてください" in victim.page
        assert "todoke-card:" not in victim.page


async def test_a_signature_that_names_a_proxy_says_so(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        verification = a_verification()
        terms = ProxyTerms(scopes=[PROXY_SCOPE_APPLY], expire_date="2027-03-31")
        verification.proxy.CopyFrom(terms)
        browser.core.script["GetVerification"] = lambda _: GetVerificationResponse(
            verification=verification
        )
        await browser.get("/")
        await browser.send("/card")
        assert "この署名で、代理を決めます" in browser.page
        assert "申請をする、答える、直す" in browser.page
        assert "2027年3月31日まで" in browser.page


@pytest.mark.parametrize("reason", ["CHALLENGE_USED", "CHALLENGE_EXPIRED", "CHALLENGE_UNKNOWN"])
async def test_waiting_ends_when_the_challenge_does(tmp_path: Path, reason: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/")
        await browser.send("/card")
        browser.core.refuse("GetVerification", StatusCode.FAILED_PRECONDITION, reason)
        await browser.get("/waiting")
        assert wording.refusal(reason) in browser.page
        await browser.get("/waiting")
        assert browser.where == "/"


async def test_renewing_is_done_only_when_the_card_was_tapped(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.send("/card")
        await browser.get("/waiting")
        assert "確かめています" in browser.page
        browser.core.refuse("GetVerification", StatusCode.FAILED_PRECONDITION, "CHALLENGE_USED")
        renewed = a_record("x")
        at(renewed.resident, "verify_time", "2026-11-27T03:00:00Z")
        browser.core.script["GetRecord"] = lambda _: GetRecordResponse(record=renewed)
        await browser.get("/waiting")
        assert browser.where == "/me"
        assert "登録の内容を新しくしました" in browser.page


async def test_a_renewal_that_failed_too_often_is_not_told_as_one(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.send("/card")
        browser.core.refuse("GetVerification", StatusCode.FAILED_PRECONDITION, "CHALLENGE_USED")
        await browser.get("/waiting")
        assert wording.refusal("CHALLENGE_USED") in browser.page
        await browser.get("/me")
        assert "新しくしました" not in browser.page


async def test_a_core_that_cannot_begin_is_said_on_the_page(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/")
        browser.core.refuse("BeginVerification", StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_ATTEMPTS")
        await browser.send("/card")
        assert browser.status == 422
        assert wording.refusal("TOO_MANY_ATTEMPTS") in browser.page


async def agreed(browser: Browser) -> None:
    await browser.get("/app")
    await browser.send("/app", agree="yes")
    assert browser.where == "/app/go", browser.page


async def test_the_app_is_left_for_and_come_back_from(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/app")
        assert "とどけ市は&lt;氏名&gt;を\n受け取ります。" in browser.page
        await browser.send("/app", agree="yes")
        assert "https://auth.example.jp/authorize?state=st&amp;nonce=n" in browser.page
        begun = browser.core.calls["BeginAuthentication"]
        assert begun[0] == begun[1]
        assert begun[0].consent_version == 2
        assert begun[0].redirect_uri == f"{ORIGIN}/app/callback"

        def done(request: Any) -> Any:
            return CompleteAuthenticationResponse(external_id=begun[0].external_id)

        browser.core.script["CompleteAuthentication"] = done
        registered(browser)
        await browser.get("/app/callback?state=st&code=the-code")
        assert browser.where == "/me"
        assert "登録が終わりました" in browser.page
        (completed,) = browser.core.calls["CompleteAuthentication"]
        assert (completed.state, completed.code) == ("st", "the-code")


async def test_without_the_box_nothing_begins(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/app")
        await browser.send("/app")
        assert browser.status == 422
        assert 'href="#agree"' in browser.page
        assert 'aria-describedby="agree-wrong"' in browser.page
        assert "BeginAuthentication" not in browser.core.calls


@pytest.mark.parametrize("query", ["state=other&code=c", "code=c", "error=access_denied", ""])
async def test_what_comes_back_to_another_session_reaches_nobody(
    tmp_path: Path, query: str
) -> None:
    async with browsing(tmp_path) as browser:
        await agreed(browser)
        await browser.get(f"/app/callback?{query}")
        assert browser.status == 400
        assert "CompleteAuthentication" not in browser.core.calls


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("error=access_denied", "IDENTITY_PROVIDER_REFUSED"),
        ("code=c", "IDENTITY_PROVIDER_AWAY"),
        ("code=c", "CHALLENGE_EXPIRED"),
        ("code=c", "CONTACT_TAKEN"),
        ("code=c", "CONTACTS_TOO_MANY"),
        ("code=c", "RESIDENT_CLOSED"),
    ],
)
async def test_each_outcome_of_the_app_is_worded(tmp_path: Path, query: str, reason: str) -> None:
    async with browsing(tmp_path) as browser:
        await agreed(browser)
        browser.core.refuse("CompleteAuthentication", StatusCode.FAILED_PRECONDITION, reason)
        await browser.get(f"/app/callback?state=st&{query}")
        assert browser.status == 422
        assert wording.refusal(reason) in browser.page
        (asked,) = browser.core.calls["CompleteAuthentication"]
        assert asked.WhichOneof("outcome") == query.partition("=")[0]


async def test_an_answer_for_another_contact_signs_nobody_in(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await agreed(browser)
        browser.core.script["CompleteAuthentication"] = lambda _: CompleteAuthenticationResponse(
            external_id="somebody else's"
        )
        await browser.get("/app/callback?state=st&code=c")
        assert browser.status == 400
        await browser.get("/me")
        assert browser.where == "/sign-in"


async def test_an_outdated_consent_shows_the_text_again(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get("/app")
        browser.core.refuse(
            "BeginAuthentication", StatusCode.FAILED_PRECONDITION, "CONSENT_OUTDATED"
        )
        await browser.send("/app", agree="yes")
        assert browser.status == 422
        assert wording.refusal("CONSENT_OUTDATED") in browser.page
        assert re.search(r'<div class="consent"[^>]*>とどけ市は', browser.page)


async def test_where_there_is_no_app_there_is_no_page_for_it(tmp_path: Path) -> None:
    async with browsing(tmp_path, authentication_app=False) as browser:
        assert "マイナアプリ" not in await browser.get("/")
        for path in ("/app", "/app/go", "/app/callback?state=st&code=c"):
            await browser.get(path)
            assert browser.status == 404
