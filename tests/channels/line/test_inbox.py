"""お知らせ in the chat: the list, a message whole, and whether a code is the city's."""

from pathlib import Path
from typing import Any

import pytest
from grpc import StatusCode
from hypothesis import given
from hypothesis import strategies as st

from channels.line import inbox
from channels.line.typed import asks_for_inbox, asks_how_to_check, official_code_in
from tests.channels.fake_core import APPLICATION
from tests.channels.line.adapter import HANAKO, running
from tests.channels.line.chat import Said, register, tap, write, wrong
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import NOTICE_KIND_APPROVED, Notice
from todoke.v1.procedures_pb2 import Text

MESSAGE = "0198c0de-0000-7000-8000-0000000000f1"
URLS = st.text("abc/%", max_size=1200).map(lambda path: f"https://example.jp/{path}")
TEXTS = st.text(max_size=200)


def a_message(number: int = 1, **more: Any) -> pb.InboxMessage:
    given: dict[str, Any] = {
        "message_id": f"{MESSAGE[:-2]}{number:02x}",
        "title": f"防災訓練{number}",
        "official_code": "ACDE3467",
    }
    made = pb.InboxMessage(**{**given, **more})
    made.send_time.FromSeconds(1_795_000_000 - number)
    return made


def whole() -> pb.InboxMessage:
    return a_message(
        body="日曜日は防災訓練です。",
        image_id=MESSAGE,
        buttons=[pb.ShownButton(label="くわしく", url="https://example.jp/a")],
        procedure="shelter_check_in",
        procedure_title="避難所の受付",
    )


async def test_the_menu_and_the_word_lead_to_the_list_and_one_to_the_message(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, web_url="https://web.example") as adapter:
        register(adapter)
        listed = pb.ListInboxResponse(messages=[a_message(n) for n in range(1, 8)])
        listed.messages[1].open_time.FromSeconds(1)
        listed.messages[2].test = True
        adapter.core.script["ListInbox"] = lambda _: listed
        adapter.core.script["OpenInboxMessage"] = lambda _: pb.OpenInboxMessageResponse(
            message=whole()
        )

        menu = await tap(adapter, "1:menu:1")
        first, second = await tap(adapter, "1:inbox:1"), await tap(adapter, "1:inbox:2")
        typed = await write(adapter, " おしらせ ")
        opened = await tap(adapter, first.data[0])

        assert "1:inbox:1" in menu.data
        assert first.data[:5] == [f"1:inbox:{MESSAGE[:-2]}{n:02x}" for n in range(1, 6)]
        assert first.data[5:] == ["1:inbox:2", "1:menu:1"]
        assert second.data[2:] == ["1:inbox:1", "1:menu:1"]
        assert typed.data == first.data
        assert "【未読】防災訓練1" in first.words
        assert "【未読】防災訓練2" not in first.words
        assert "【テスト送信】防災訓練3" in first.words
        for words in ("日曜日は防災訓練です。", "公式確認コード:ACDE-3467", "避難所の受付"):
            assert words in opened.words
        assert opened.data == ["1:start:shelter_check_in", "1:inbox:1"]
        assert opened.links == [
            "https://example.jp/a", f"https://web.example/me/inbox/{MESSAGE[:-2]}01",
        ]  # fmt: skip
        asked = adapter.core.calls["OpenInboxMessage"][0]
        assert (asked.speaker.external_id, asked.message_id) == (HANAKO, f"{MESSAGE[:-2]}01")


async def test_messages_of_one_title_are_told_apart_by_their_day(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        weekly = [a_message(1, title="ごみの日"), a_message(2, title="ごみの日"), a_message(3)]
        weekly[1].send_time.seconds -= 7 * 86_400
        adapter.core.script["ListInbox"] = lambda _: pb.ListInboxResponse(messages=weekly)

        listed = await tap(adapter, "1:inbox:1")

        assert [action["label"] for action in listed.actions][:3] == [
            "2026年11月18日 ごみの日", "2026年11月11日 ごみの日", "防災訓練3",
        ]  # fmt: skip


async def test_a_notice_is_worded_here_and_leads_to_its_application(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        notice = Notice(
            kind=NOTICE_KIND_APPROVED, program_title="給付金", amount=30_000, language="ja"
        )
        told = a_message(title="", official_code="", notice=notice, application_id=APPLICATION)
        adapter.core.script["ListInbox"] = lambda _: pb.ListInboxResponse(messages=[told])
        adapter.core.script["OpenInboxMessage"] = lambda _: pb.OpenInboxMessageResponse(
            message=told
        )

        listed = await tap(adapter, "1:inbox:1")
        opened = await tap(adapter, listed.data[0])

        assert "「給付金」の決定" in listed.words
        assert "30,000円" in opened.words
        assert opened.data == [f"1:own_one:{APPLICATION}", "1:inbox:1"]


async def test_anybody_may_ask_whether_a_code_is_the_city_s(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        asked: list[pb.CheckOfficialCodeRequest] = []

        def found(request: pb.CheckOfficialCodeRequest) -> pb.CheckOfficialCodeResponse:
            asked.append(request)
            return pb.CheckOfficialCodeResponse(
                kind="message", title=Text(by_language={"ja": "防災訓練"}), send_date="2026-11-24"
            )

        adapter.core.script["CheckOfficialCode"] = found
        real = await write(adapter, "確認　ａｃｄｅ－3467")
        adapter.core.refuse("CheckOfficialCode", StatusCode.NOT_FOUND, "OFFICIAL_CODE_UNKNOWN")
        false = await write(adapter, "確認 ACDE 3468")

        assert (asked[0].code, asked[0].external_id) == ("ACDE3467", HANAKO)
        for words in ("市役所が出したお知らせです", "防災訓練", "2026年11月24日"):
            assert words in real.words
        assert "市役所からのお知らせにはありません" in false.words


async def test_another_s_message_is_refused_and_who_is_nobody_is_asked_to_register(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        nobody = await tap(adapter, "1:inbox:1")
        register(adapter)
        adapter.core.refuse("OpenInboxMessage", StatusCode.NOT_FOUND, "INBOX_MESSAGE_UNKNOWN")
        adapter.core.script["ListInbox"] = lambda _: pb.ListInboxResponse()

        refused = await tap(adapter, f"1:inbox:{MESSAGE}")
        none = await tap(adapter, "1:inbox:1")

        assert "1:register" in nobody.data
        assert "見つかりません" in refused.words
        assert "まだありません" in none.words


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("確認 ACDE-3467", "ACDE3467"),
        ("確認:acde3467", "ACDE3467"),
        ("Check ACDE 3467", "ACDE3467"),
        ("確認 ABCD-EFGH-JKMN-PQRS", "ABCDEFGHJKMNPQRS"),
        ("確認しました", None),
        ("確認", None),
        ("ACDE3467", None),
    ],
)
def test_what_is_typed_is_a_code_to_check_or_not(typed: str, code: str | None) -> None:
    assert official_code_in(typed) == code


async def test_who_copied_half_a_code_is_told_how_it_is_sent(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        adapter.core.refuse("AnswerInChat", StatusCode.FAILED_PRECONDITION, "NO_CONVERSATION")
        half = await write(adapter, "確認 ACDE-346")
        talk = await write(adapter, "確認してもらえますか")
        assert "8文字" in half.words
        assert not half.data
        assert "8文字" not in talk.words


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ("確認", True),
        ("Check: acde34", True),
        ("確認 ACDE-34679", True),
        ("checkout", False),
        ("確認しました", False),
        ("3467", False),
    ],
)
def test_what_is_typed_would_check_a_code_or_not(typed: str, *, asks: bool) -> None:
    assert asks_how_to_check(typed) == asks


def test_only_the_word_alone_opens_the_inbox() -> None:
    assert asks_for_inbox("お知らせ")
    assert asks_for_inbox("Messages")
    assert not asks_for_inbox("お知らせが届きません")


async def test_words_are_looked_for_from_the_chat_page_by_page(tmp_path: Path) -> None:
    asked: list[pb.ListInboxRequest] = []

    def listed(request: pb.ListInboxRequest) -> pb.ListInboxResponse:
        asked.append(request)
        if not request.page_token:  # Nothing in the newest.
            return pb.ListInboxResponse(next_page_token="older")
        return pb.ListInboxResponse(messages=[a_message(n) for n in range(1, 7)])

    async with running(tmp_path) as adapter:
        register(adapter)
        adapter.core.script["ListInbox"] = listed
        found = await write(adapter, "検索　防災 訓練")
        adapter.core.script["ListInbox"] = lambda _: pb.ListInboxResponse()
        nothing = await write(adapter, "さがす ごみ")

    assert [(one.words, one.page_token) for one in asked] == [
        ("防災 訓練", ""), ("防災 訓練", "older"),
    ]  # fmt: skip
    assert found.data == [
        *(f"1:inbox:{MESSAGE[:-2]}{n:02x}" for n in range(1, 6)), "1:inbox:1", "1:menu:1",
    ]  # fmt: skip
    assert "「防災 訓練」が入ったお知らせ" in found.words
    assert "ほかにもあります" in found.words
    assert "このことばが入ったお知らせはありません" in nothing.words


@pytest.mark.parametrize("language", ["ja", "en", "ja-x-easy"])
@given(
    st.builds(
        a_message,
        title=TEXTS,
        body=st.text(max_size=300) | st.just("漢" * 5000) | st.just("𠮷\n" * 6000),
        image_id=st.just(MESSAGE),
        procedure=st.just("p1"),
        procedure_title=TEXTS,
        buttons=st.lists(st.builds(pb.ShownButton, label=TEXTS, url=URLS), max_size=4),
        application_id=st.just(APPLICATION),
    )
)
def test_any_message_is_within_line_s_limits(language: str, one: pb.InboxMessage) -> None:
    found = pb.CheckOfficialCodeResponse(
        kind="letter", title=Text(by_language={"ja": one.title or "―"}), send_date="2026-11-24"
    )
    made = [
        inbox.opened(one, language, "https://web.example"),
        inbox.listed([one] * 12, 2, language),
        inbox.official(found, language),
    ]
    assert [wrong(each) for each in made] == [[]] * 3
    assert Said(made[0]).data[-1] == "1:inbox:1"
