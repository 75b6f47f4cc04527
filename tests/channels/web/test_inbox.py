"""お知らせ on the web: the list, its search, a message whole; and whether a message is real."""

from pathlib import Path
from typing import Any

from grpc import StatusCode

from tests.channels.fake_core import APPLICATION, FakeCore
from tests.channels.pulls import Refusal
from tests.channels.web.adapter import GRANDMOTHER, browsing
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import NOTICE_KIND_APPROVED, Notice
from todoke.v1.files_pb2 import FileHeader
from todoke.v1.procedures_pb2 import Text

MESSAGE = "0198c0de-0000-7000-8000-0000000000f1"
NOTICE = "0198c0de-0000-7000-8000-0000000000f2"


def a_message(**more: Any) -> pb.InboxMessage:
    given: dict[str, Any] = {
        "message_id": MESSAGE,
        "title": "防災訓練のお知らせ",
        "body": "日曜日は防災訓練です。\n九時に<公園>へ。電話0172-31-1111",
        "buttons": [pb.ShownButton(label="くわしく", url="https://example.jp/a")],
        "procedure": "shelter_check_in",
        "procedure_title": "避難所の受付",
        "official_code": "ACDE3467",
    }
    made = pb.InboxMessage(**{**given, **more})
    made.send_time.FromJsonString("2026-11-24T01:00:00Z")
    return made


def a_notice() -> pb.InboxMessage:
    notice = Notice(kind=NOTICE_KIND_APPROVED, program_title="給付金", amount=30_000, language="ja")
    made = pb.InboxMessage(message_id=NOTICE, notice=notice, application_id=APPLICATION)
    made.send_time.FromJsonString("2026-11-23T01:00:00Z")
    made.open_time.FromJsonString("2026-11-23T02:00:00Z")
    return made


def with_inbox(core: FakeCore) -> None:
    core.script["ListInbox"] = lambda _: pb.ListInboxResponse(
        messages=[a_message(), a_notice()], next_page_token="next"
    )
    core.script["OpenInboxMessage"] = lambda request: pb.OpenInboxMessageResponse(
        message=a_notice() if request.message_id == NOTICE else a_message()
    )


def found(_: object) -> pb.CheckOfficialCodeResponse:
    title = Text(by_language={"ja": "防災訓練のお知らせ", "en": "Drill"})
    return pb.CheckOfficialCodeResponse(kind="message", title=title, send_date="2026-11-24")


async def test_the_record_leads_to_the_list_and_one_to_the_message(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        with_inbox(browser.core)

        await browser.get("/me")
        assert 'href="/me/inbox"' in browser.page
        await browser.get("/me/inbox")
        listed = browser.page
        await browser.get(f"/me/inbox/{MESSAGE}")
        opened = browser.page
        await browser.get(f"/me/inbox/{NOTICE}")

        assert listed.count("未読") == 1
        assert 'href="/me/inbox?page=next"' in listed
        assert "「給付金」の決定" in listed
        for words in (
            "&lt;公園&gt;",
            '<a href="tel:0172311111" rel="noopener noreferrer">0172-31-1111</a>',
            "https://example.jp/a",
            "/apply/shelter_check_in",
            "ACDE-3467",
        ):
            assert words in opened
        assert "30,000円" in browser.page
        assert f'href="/me/applications/{APPLICATION}"' in browser.page


async def test_words_are_looked_for_and_the_search_goes_on(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        with_inbox(browser.core)

        await browser.get("/me/inbox?words=%20%E8%A8%93%E7%B7%B4%20&page=abc")
        asked = browser.core.calls["ListInbox"][-1]
        some = browser.page
        browser.core.script["ListInbox"] = lambda _: pb.ListInboxResponse(next_page_token="more")
        await browser.get("/me/inbox?words=none")
        going_on = browser.page
        browser.core.script["ListInbox"] = lambda _: pb.ListInboxResponse()
        await browser.get("/me/inbox?words=none")

        assert (asked.words, asked.page_token, asked.language) == ("訓練", "abc", "ja")
        assert "「訓練」を含むお知らせです" in some
        assert "page=next" in some
        assert "続きを探せます" in going_on
        assert "「none」を含むお知らせは見つかりませんでした" in browser.page


async def test_a_page_that_is_none_leads_to_the_first_and_another_s_message_to_nothing(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()

        def listed(request: pb.ListInboxRequest) -> pb.ListInboxResponse:
            if request.page_token:
                raise Refusal(StatusCode.INVALID_ARGUMENT, "CURSOR_EXPIRED")
            return pb.ListInboxResponse()

        browser.core.script["ListInbox"] = listed
        browser.core.refuse("OpenInboxMessage", StatusCode.NOT_FOUND, "INBOX_MESSAGE_UNKNOWN")

        await browser.get("/me/inbox?page=garbage")
        assert "まだありません" in browser.page
        await browser.get(f"/me/inbox/{MESSAGE}")
        assert browser.status == 404
        await browser.get("/me/inbox/none")
        assert browser.status == 404


async def test_whoever_comes_by_a_link_signs_in_and_is_led_on(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        with_inbox(browser.core)
        await browser.get(f"/me/inbox/{MESSAGE}")
        assert browser.where == "/sign-in"
        await browser.send("/sign-in/code", code="abcde fghjk")

        assert browser.where == f"/me/inbox/{MESSAGE}"
        assert "日曜日は防災訓練です" in browser.page


async def test_who_acts_for_another_reads_theirs(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        with_inbox(browser.core)
        await browser.get("/me/proxies")
        await browser.send("/me/acting", resident_id=GRANDMOTHER)
        await browser.get(f"/me/inbox/{MESSAGE}")

        [asked] = browser.core.calls["OpenInboxMessage"]
        assert asked.speaker.for_resident_id == GRANDMOTHER


async def test_anybody_may_check_a_code_and_guessing_from_an_address_ends(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        browser.core.script["CheckOfficialCode"] = found
        await browser.get("/help")
        assert 'href="/check"' in browser.page
        await browser.get("/check?code=ACDE3467")
        assert 'value="ACDE3467"' in browser.page
        await browser.send("/check", code="ａｃｄｅ-3467")
        real = browser.page
        await browser.send("/check", code="")
        missing = browser.status
        browser.core.refuse("CheckOfficialCode", StatusCode.NOT_FOUND, "OFFICIAL_CODE_UNKNOWN")
        for _ in range(40):
            await browser.send("/check", code="ACDE3468")
            if "回数が多すぎる" in browser.page:
                break
            assert "市役所からのお知らせにはありません" in browser.page

        for words in ("市役所が出したお知らせです", "防災訓練のお知らせ", "2026年11月24日"):
            assert words in real
        assert missing == 422
        assert "回数が多すぎる" in browser.page
        asked = browser.core.calls["CheckOfficialCode"]
        assert len(asked) < 40
        assert asked[0].code == "ａｃｄｅ-3467"
        assert asked[0].external_id


async def test_a_messages_image_is_shown_and_is_kept_by_whoever_fetches_it(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        with_inbox(browser.core)
        browser.core.script["OpenInboxMessage"] = lambda _: pb.OpenInboxMessageResponse(
            message=a_message(image_id=NOTICE)
        )
        file = FileHeader(file_name="a.png", media_type="image/png", size=3)
        browser.core.script["DownloadImage"] = lambda _: [
            pb.DownloadImageResponse(file=file),
            pb.DownloadImageResponse(chunk=b"png"),
        ]

        await browser.get(f"/me/inbox/{MESSAGE}")
        shown = browser.page
        answer = await browser.http.get(f"/images/{NOTICE}")

        assert f'src="/images/{NOTICE}" alt="「防災訓練のお知らせ」の画像"' in shown
        assert answer.content == b"png"
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cache-control"].startswith("public")
        assert "img-src 'self'" in answer.headers["content-security-policy"]
        assert browser.core.calls["DownloadImage"][0].width == 1_024
        browser.core.refuse("DownloadImage", StatusCode.NOT_FOUND, "ATTACHMENT_UNKNOWN")
        gone = await browser.http.get(f"/images/{NOTICE}")
        assert gone.status_code == 404
