"""Conversations that go on: from a chat, after a while, to the decision and its notice."""

import html
import re
from pathlib import Path

from core.applications.desk_rows import DecisionNotice
from tests import town
from tests.cards import Cards
from tests.channels.fake_core import FakeCore
from tests.channels.web.adapter import GRANDMOTHER, Browser, another, browsing
from tests.channels.web.cities import a_city, begun, here, send
from tests.channels.web.scripted import Asking
from tests.channels.web.test_with_core import sign
from tests.core.applications.desk import a_reviewer
from tests.core.applications.procedures import publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.attachments.files import a_photo
from tests.makers import a_contact


async def handed_over(built: town.Town) -> tuple[Talk, str, str]:
    """Let somebody begin in LINE, up to the question that is not for a chat; gives the link."""
    line = await built.channel("line")
    walker = Talk(line, (await a_contact(built, line)).external_id)
    id = turn_id(await walker.begin("road_damage"))
    await walker.answer(id, "what", choice="hole")
    await walker.answer(id, "wide", number=30)
    return walker, id, await walker.link(id)


async def test_a_link_from_a_chat_goes_on_here_once_and_opening_it_takes_nothing(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, built):
        walker, id, token = await handed_over(built)
        await browser.get(f"/go/{token}")
        await browser.get(f"/go/{token}")
        await browser.send(f"/go/{token}")
        assert browser.where == f"/a/{id}/name"
        await send(browser, answer="花子")
        assert browser.where == f"/a/{id}/-/back"
        assert "LINEに戻って" in browser.page
        assert (await walker.prompt(id)).prompt.step == "note"
        await browser.get(f"/a/{id}")
        await send(browser, skip="yes")
        await send(browser)
        assert "LINEに戻って" in browser.page
        async with another(browser.app, FakeCore()) as other:
            await other.get(f"/a/{id}")
            assert other.status == 410
            await other.get(f"/go/{token}")
            await other.send(f"/go/{token}")
            assert other.status == 422
            assert "使えません" in other.page


async def test_a_page_that_was_left_for_long_says_so_and_keeps_nothing_to_see(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, built):
        _, id, token = await handed_over(built)
        await browser.get(f"/go/{token}")
        await browser.send(f"/go/{token}")
        built.clock.pass_by(minutes=31)
        await browser.get(f"/a/{id}/name")
        assert browser.status == 410
        assert "時間が過ぎました" in html.unescape(browser.page)


async def test_a_page_from_a_chat_speaks_as_the_chat_does(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, built):
        line = await built.channel("line")
        contact = await a_contact(built, line, language="en")
        walker = Talk(line, contact.external_id)
        id = turn_id(await walker.begin("road_damage"))
        token = await walker.link(id)
        await browser.get(f"/go/{token}")
        await browser.send(f"/go/{token}")
        assert "What is it" in browser.page
        assert '<html lang="en">' in browser.page


async def test_a_proxy_applies_for_whom_they_act(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        asking = Asking(browser.core)
        await browser.sign_in()
        await browser.get("/me/proxies")
        await browser.send("/me/acting", resident=GRANDMOTHER)
        await browser.get("/apply/garbage")
        await browser.send("/apply/garbage")
        (begun,) = browser.core.calls["StartApplication"]
        assert begun.speaker.for_resident_id == GRANDMOTHER
        assert here(browser) == asking.step
        assert "ハナさんの手続きです" in browser.page
        await browser.get("/me/applications")
        (listed,) = browser.core.calls["ListOwnApplications"]
        assert listed.speaker.for_resident_id == GRANDMOTHER


SIGNED = """
key: signed
version: 1
title: {ja: ヘルメット購入補助, en: Helmets}
languages: [ja, en]
decided: true
steps:
  - key: receipt
    says: {ja: 領収書の写真を送ってください。, en: The receipt}
    label: {ja: 領収書, en: Receipt}
    photo: {most: 2}
  - key: sign
    says: {ja: 署名してください。, en: Please sign}
    label: {ja: 署名, en: Signature}
    signature: {}
"""
"""For those who are registered: a photograph and a signature."""


async def test_photograph_signature_decision_and_notice_go_through_to_the_end(
    sqlite_database: str, tmp_path: Path, cards: Cards
) -> None:
    async with a_city(sqlite_database, tmp_path, cards) as (browser, built):
        await publish(built, SIGNED)
        await browser.get("/")
        await sign(browser, cards)
        await browser.get("/waiting")
        id = await begun(browser, "signed")
        await send_files(browser, b"<html>no photograph</html>")
        assert browser.status == 422
        assert "このファイルは受け取れません" in browser.page
        await send_files(browser, a_photo())
        assert here(browser) == "sign", browser.page
        await send_files(browser, b"", typed="届出 花子")
        assert here(browser) == "review", browser.page
        photo = re.search(rf'href="(/a/{id}/-/files/[0-9a-f-]+)"', browser.page)
        assert photo, browser.page
        shown = await browser.http.get(photo[1])
        assert shown.headers["content-type"] == "image/jpeg"
        assert b"GPS" not in shown.content
        await send(browser)
        reviewer = await a_reviewer(built)
        await reviewer.do("ReturnApplication", id, reason="写真が暗くて読めません。")
        await browser.get(f"/me/applications/{id}")
        assert "写真が暗くて読めません。" in browser.page
        assert "直して送る" in browser.page
        await browser.get(f"/a/{id}")
        assert "写真が暗くて読めません。" in browser.page
        assert here(browser) == "receipt"
        await send_files(browser, a_photo())
        await send_files(browser, b"")
        await send(browser)
        assert here(browser) == "done", browser.page
        await reviewer.do("ApproveApplication", id)
        await browser.get(f"/me/applications/{id}")
        notice = await browser.http.get(f"/me/applications/{id}/notice")
        assert notice.headers["content-type"] == "application/pdf"
        assert notice.content.startswith(b"%PDF-")
        key = (town.MUNICIPALITY, 2026, 1)
        code = (await built.read(lambda s: s.get_one(DecisionNotice, key))).code
        await browser.get("/verify")
        await browser.send("/verify", code=code)
        assert "市役所が出した通知書です" in browser.page
        assert "令和8年度第1号" in browser.page
        await browser.send("/verify", code="0" * 16)
        assert "このコードの通知書はありません" in browser.page


async def send_files(browser: Browser, body: bytes, **more: str) -> None:
    path = f"{browser.where.removesuffix('/files')}/files"
    fields = {**browser.hidden(path), **more}
    new = {"new": ("a.jpg" if body else "", body)}
    await browser.took(await browser.http.post(path, data=fields, files=new))
