"""What is held is shown, changed and deleted; each change is asked for once more."""

from pathlib import Path
from typing import Any

import pytest
from grpc import StatusCode

from channels import wording
from tests.channels.web.adapter import (
    CONSENT,
    CONTACT,
    OTHER_CONTACT,
    a_record,
    browsing,
)
from todoke.v1.records_pb2 import (
    DeleteResidentResponse,
    GetRecordResponse,
)
from todoke.v1.residents_pb2 import (
    CLOSING_CAUSE_MOVED_OUT,
    STALE_CAUSE_CERTIFICATE_EXPIRING,
    STALE_CAUSE_MOVED,
)

PAGES = {
    "/me": [
        "届出\u3000花子",
        "1985年4月12日(昭和60年)",
        "岡山県とどけ市本町一丁目2番3号",
        "2030年4月12日",
    ],
    "/me/history": ["2026年11月1日から今まで", "マイナンバーカードの署名"],
    "/me/applications": [
        "物価高騰支援給付金",
        "30,000円",
        "支給が決まりました",
        "手続きのご案内",
        "防災訓練のお知らせ<small>2026年11月8日に印刷 番号 9F3507-00001",
    ],
    "/me/looks": ["登録の内容を見た", "2026年11月12日 14時06分", "市役所の職員"],
    "/me/contacts": ["LINE", "ウェブ (このブラウザー)", "お知らせが届きます"],
    "/me/device": ["コードは人に教えないでください"],
    "/me/passkeys": ["わたしのスマホ", "JavaScript"],
    "/me/choices": ["子育て", "やさしい日本語"],
    "/me/inquiries": ["火曜日です。", "ごみの日は&lt;いつ&gt;", "2026年11月12日 14時06分"],
    "/me/consents": ["登録とお知らせ", "第2版"],
    "/me/proxies": ["届出\u3000花子さんが、届出\u3000ハナさんの代理", "2027年3月31日まで"],
    "/me/delete": ["元には戻せません"],
}


@pytest.mark.parametrize("path", PAGES)
async def test_each_page_shows_what_is_held(tmp_path: Path, path: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get(path)
        assert browser.status == 200
        for words in PAGES[path]:
            assert words in browser.page


@pytest.mark.parametrize("path", [*PAGES, "/me/export/pdf", "/me/proxies/accept"])
async def test_each_page_is_for_those_who_signed_in(tmp_path: Path, path: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.get(path)
        assert browser.where == "/sign-in"
        assert browser.core.calls == {}


async def test_what_is_stale_is_said_with_the_way_to_renew(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        record = a_record("x")
        record.resident.stale_causes.extend([STALE_CAUSE_MOVED, STALE_CAUSE_CERTIFICATE_EXPIRING])
        browser.core.script["GetRecord"] = lambda _: GetRecordResponse(record=record)
        await browser.get("/me")
        assert "市の台帳の住所と、登録の住所が違っています" in browser.page
        assert "有効期限が、2030年4月12日に切れます" in browser.page
        assert browser.hidden("/card")["csrf"]


async def test_a_registration_that_has_ended_or_is_protected_says_so(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        record = a_record("x")
        record.resident.closing_cause = CLOSING_CAUSE_MOVED_OUT
        record.resident.closing_date = "2026-10-01"
        record.resident.suppressed = True
        record.resident.basic_four.birth_date = ""
        record.resident.basic_four.name_substitutes = "01000"
        browser.core.script["GetRecord"] = lambda _: GetRecordResponse(record=record)
        await browser.get("/me")
        assert "この登録は終わっています(転出、2026年10月1日)" in browser.page
        assert "この登録は保護されています" in browser.page
        assert "一部が分かりません" in browser.page
        assert "別の文字に置き換わっています" in browser.page


async def test_looks_of_ones_own_stand_apart_and_together(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        record = a_record("x")
        for hour in (9, 8, 7):
            look = record.looks.add(by="channel", kind="record.viewed")
            look.time.FromJsonString(f"2026-11-12T0{hour}:00:00Z")
        look = record.looks.add(by="channel", kind="record.viewed")
        look.time.FromJsonString("2026-11-11T09:00:00Z")
        browser.core.script["GetRecord"] = lambda _: GetRecordResponse(record=record)
        assert "市役所によるもの1件" in await browser.get("/me")
        await browser.send("/language", language="en")
        assert "1985-04-12 (Showa 60)" in await browser.get("/me")
        await browser.send("/language", language="ja")
        page = await browser.get("/me/looks")
        city, _, own = page.partition("<h2>あなたか、あなたの代理の方</h2>")
        assert "登録の内容を見た" in city
        assert own.count("すべての情報を見た") == 2
        assert own.count("(3回)") == 1


async def test_what_is_younger_than_the_catalogue_is_something_else(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        record = a_record("x")
        record.looks[0].kind = "resident.sung_to"
        record.applications[0].state = "sung"
        record.resident.assurance = 77  # type: ignore[assignment]
        browser.core.script["GetRecord"] = lambda _: GetRecordResponse(record=record)
        for path in ("/me", "/me/looks", "/me/applications"):
            await browser.get(path)
            assert browser.status == 200


async def test_a_contact_is_unlinked_after_it_was_asked(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        path = f"/me/contacts/{OTHER_CONTACT}/unlink"
        await browser.get(path)
        assert "UnlinkContact" not in browser.core.calls
        await browser.send(path)
        assert browser.where == "/me/contacts"
        assert "連絡先を外しました" in browser.page
        assert browser.core.calls["UnlinkContact"][0].contact_id == OTHER_CONTACT


async def test_unlinking_this_browser_ends_its_session(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        path = f"/me/contacts/{CONTACT}/unlink"
        await browser.get(path)
        assert "いま使っているブラウザーです" in browser.page
        await browser.send(path)
        assert browser.where == "/"
        await browser.get("/me")
        assert browser.where == "/sign-in"


async def test_a_code_for_another_device_is_shown_spelled_and_drawn(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/device")
        assert "ABCDE" not in browser.page
        await browser.send("/me/device")
        assert browser.where == "/me/device"
        assert "<span>ABCDE</span> <span>FGHJK</span>" in browser.page
        assert "A B C D E F G H J K" in browser.page
        assert "<svg" in browser.page
        assert "style=" not in browser.page


async def test_language_and_topics_are_chosen_on_what_was_read(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/choices")
        assert 'value="childcare" checked' in browser.page
        await browser.send("/me/choices", language="ja-x-easy", topic=["childcare"])
        (asked,) = browser.core.calls["ChooseTopics"]
        assert (asked.language, list(asked.topics), asked.etag) == (
            "ja-x-easy",
            ["childcare"],
            "e1",
        )
        assert 'lang="ja-x-easy"' in browser.page
        assert "かえました。" in browser.page


@pytest.mark.parametrize("reason", ["CHANGED_MEANWHILE", "TOPIC_UNKNOWN"])
async def test_choices_that_are_refused_are_asked_again(tmp_path: Path, reason: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/choices")
        browser.core.refuse("ChooseTopics", StatusCode.FAILED_PRECONDITION, reason)
        await browser.send("/me/choices", language="en")
        assert browser.status == 422
        assert wording.refusal(reason) in browser.page


async def test_a_consent_is_withdrawn_after_it_was_said_what_ends(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        path = f"/me/consents/{CONSENT}/withdraw"
        await browser.get(path)
        assert "お知らせはすべて止まります" in browser.page
        assert "WithdrawConsent" not in browser.core.calls
        await browser.send(path)
        assert "同意を取り消しました" in browser.page
        assert browser.core.calls["WithdrawConsent"][0].consent_id == CONSENT


@pytest.mark.parametrize(
    "path", ["contacts/none/unlink", "consents/none/withdraw", "proxies/n/end"]
)
async def test_what_is_not_ones_own_is_not_found(tmp_path: Path, path: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get(f"/me/{path}")
        assert browser.status == 404


@pytest.mark.parametrize(
    "given",
    [{}, {"understood": "yes"}, {"word": "削除"}, {"understood": "yes", "word": "消す"}],
)
async def test_nothing_is_deleted_before_it_was_said_twice(
    tmp_path: Path, given: dict[str, Any]
) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/delete")
        before = browser.hidden("/me/delete")["request_id"]
        await browser.send("/me/delete", **given)
        assert browser.status == 422
        assert browser.hidden("/me/delete")["request_id"] == before
        assert "DeleteResident" not in browser.core.calls


@pytest.mark.parametrize("word", ["削除", "delete", "さくじょ"])
async def test_deleting_says_what_stays_and_until_when(tmp_path: Path, word: str) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get("/me/delete")
        await browser.send("/me/delete", understood="yes", word=word)
        assert browser.where == "/goodbye"
        assert "決定した申請" in browser.page
        assert "2031年11月30日まで残し" in browser.page
        await browser.get("/me")
        assert browser.where == "/sign-in"


async def test_where_nothing_is_kept_that_is_said(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        browser.core.script["DeleteResident"] = lambda _: DeleteResidentResponse()
        await browser.get("/me/delete")
        await browser.send("/me/delete", understood="yes", word="削除")
        assert "残るものはありません" in browser.page
