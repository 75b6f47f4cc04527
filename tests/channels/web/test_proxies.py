"""Proxies: offered, accepted, ended, and used to see."""

import re
from pathlib import Path
from typing import Any

import pytest
from grpc import StatusCode

from channels import wording
from tests.channels.web.adapter import (
    GRANDMOTHER,
    ORIGIN,
    PROXY,
    RESIDENT,
    Browser,
    browsing,
)
from todoke.v1.proxies_pb2 import PROXY_SCOPE_APPLY, PROXY_SCOPE_READ


async def test_an_offer_shows_a_code_to_hand_over(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/proxies")
        await browser.send("/me/proxies", scope=["1", "2"], until="2027-10-01")
        assert "<span>MNPQR</span> <span>STVWX</span>" in browser.page
        terms = browser.core.calls["OfferProxy"][0].terms
        assert list(terms.scopes) == [PROXY_SCOPE_READ, PROXY_SCOPE_APPLY]
        assert terms.expire_date == "2027-10-01"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"until": "2027-10-01"}, "scope"),
        ({"scope": ["9", "x"], "until": "2027-10-01"}, "scope"),
        ({"scope": ["1"], "until": "tomorrow"}, "until"),
        ({"scope": ["1"], "until": ""}, "until"),
    ],
)
async def test_an_offer_that_is_not_whole_is_said_at_its_field(
    tmp_path: Path, given: dict[str, Any], field: str
) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/proxies")
        await browser.send("/me/proxies", **given)
        assert browser.status == 422
        assert f'href="#{field}"' in browser.page
        assert f'id="{field}-wrong"' in browser.page
        assert "OfferProxy" not in browser.core.calls


async def test_a_day_that_the_core_refuses_is_said_and_the_rest_kept(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/proxies")
        browser.core.refuse("OfferProxy", StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
        await browser.send("/me/proxies", scope=["3"], until="2999-01-01")
        assert "今日から2年先まで" in browser.page
        assert re.search(r'value="3" checked', browser.page)
        assert 'value="2999-01-01"' in browser.page


async def test_a_link_to_accept_does_nothing_before_the_button(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/proxies/accept?code=MNPQRSTVWX")
        assert 'value="MNPQRSTVWX"' in browser.page
        assert "AcceptProxy" not in browser.core.calls
        await browser.send("/me/proxies/accept", code="mnpqr stvwx")
        assert browser.core.calls["AcceptProxy"][0].code == "MNPQRSTVWX"
        assert "代理になりました" in browser.page


@pytest.mark.parametrize("reason", ["LINK_CODE_REFUSED", "SAME_PERSON", "TOO_MANY_ATTEMPTS"])
async def test_a_refused_code_is_said(tmp_path: Path, reason: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/proxies/accept")
        browser.core.refuse("AcceptProxy", StatusCode.FAILED_PRECONDITION, reason)
        await browser.send("/me/proxies/accept", code="MNPQRSTVWX")
        assert browser.status == 422
        assert wording.refusal(reason) in browser.page


async def test_a_proxy_is_ended_after_it_was_asked(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        path = f"/me/proxies/{PROXY}/end"
        await browser.get(path)
        assert "EndProxy" not in browser.core.calls
        await browser.send(path)
        assert browser.core.calls["EndProxy"][0].proxy_id == PROXY
        assert "代理をやめました" in browser.page


async def acting(browser: Browser) -> None:
    await browser.sign_in()
    await browser.get("/me/proxies")
    await browser.send("/me/acting")
    assert browser.where == "/me"


async def test_a_proxy_sees_the_other_persons_record_and_that_it_is_theirs(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as browser:
        await acting(browser)
        assert "届出\u3000ハナさんの代理として見ています" in browser.page
        speaker = browser.core.calls["GetRecord"][-1].resident.speaker
        assert speaker.for_resident_id == GRANDMOTHER
        for path in ("/me/history", "/me/applications", "/me/looks"):
            await browser.get(path)
            assert browser.core.calls["GetRecord"][-1].resident.speaker == speaker
        await browser.send("/me/acting", resident_id="")
        assert "代理として見ています" not in browser.page
        assert not browser.core.calls["GetRecord"][-1].resident.speaker.for_resident_id


@pytest.mark.parametrize(
    "path", ["/me/contacts", "/me/choices", "/me/delete", "/me/device", "/me/export/pdf"]
)
async def test_a_proxy_changes_nothing_meanwhile(tmp_path: Path, path: str) -> None:
    async with browsing(tmp_path) as browser:
        await acting(browser)
        assert f'href="{path}"' not in browser.page
        await browser.get(path)
        assert browser.where == "/me"
        assert "代理として見ている間は、変えられません" in browser.page


async def test_a_form_of_before_changes_nothing_meanwhile(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/delete")
        form = {**browser.hidden("/me/delete"), "understood": "yes", "word": "削除"}
        await browser.get("/me/proxies")
        await browser.send("/me/acting")
        await browser.post("/me/delete", form)
        assert "DeleteResident" not in browser.core.calls


async def test_nobody_is_acted_for_who_did_not_agree(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/proxies")
        await browser.send("/me/acting", resident_id=RESIDENT)
        assert browser.status == 422
        await browser.get("/me")
        assert not browser.core.calls["GetRecord"][-1].resident.speaker.for_resident_id


async def test_a_proxy_that_has_ended_leads_back_to_ones_own(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await acting(browser)
        usual = browser.core.script["GetRecord"]
        browser.core.refuse("GetRecord", StatusCode.PERMISSION_DENIED, "PROXY_NOT_GRANTED")
        await browser.get("/me", follow_redirects=False)
        assert browser.status == 303
        browser.core.script["GetRecord"] = usual
        await browser.get("/me/proxies")
        assert "代理としては見られなくなりました" in browser.page


async def test_the_picture_of_an_offer_leads_to_the_page_that_asks(tmp_path: Path) -> None:
    async with browsing(tmp_path, public_url=ORIGIN) as browser:
        await browser.sign_in()
        await browser.get("/me/proxies")
        await browser.send("/me/proxies", scope=["1"], until="2027-10-01")
        assert browser.page.count("<svg") == 1
