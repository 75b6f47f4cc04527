"""What nobody asked for goes to the city, but only once the resident says so with a tap."""

from pathlib import Path

import pytest

from channels.line.shapes import MOST_WORDS
from tests.channels.line.adapter import HANAKO, Running, a_press, again, an_event, running
from tests.channels.line.chat import happen, register, write
from tests.channels.line.test_with_line_and_core import a_city, said, until_said
from tests.channels.line.test_with_line_and_core import register as register_really
from tests.core.inquiries.makers import answer, get, listed, set_hours
from todoke.v1 import campaigns_pb2 as pb

WORDS = "ごみの日は\nいつ: ですか。😀"


def takes(adapter: Running, **hours: str) -> None:
    received = pb.ReceiveInquiryResponse(hours=pb.AnsweringHours(**hours))
    adapter.core.script["ReceiveInquiry"] = lambda _: received


@pytest.mark.parametrize("is_registered", [True, False])
async def test_words_go_to_the_city_with_one_tap_and_not_before(
    tmp_path: Path, *, is_registered: bool
) -> None:
    async with running(tmp_path) as adapter:
        if is_registered:
            register(adapter)
        takes(adapter, answer_from="08:30", answer_to="17:15")
        offered = await write(adapter, WORDS)
        assert "市役所に送りますか" in offered.words
        assert any(part.get("text") == WORDS for part in offered.parts)
        assert len(offered.messages) == 1  # One question, with the other ways under it.
        assert offered.starting("1:procedures:")
        assert offered.starting("1:menu:" if is_registered else "1:register")
        assert not adapter.core.calls["ReceiveInquiry"]

        tapped = a_press(offered.starting("1:inquire:"))
        receipt = await happen(adapter, tapped)
        await happen(adapter, a_press(offered.starting("1:inquire:")))
        assert await adapter.deliver(again(tapped)) == 200

        assert "08:30から17:15まで" in receipt.words
        first, second = adapter.core.calls["ReceiveInquiry"][:2]
        assert (first.external_id, first.text) == (HANAKO, WORDS)
        assert first == second


async def test_a_button_of_long_ago_asks_again(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        takes(adapter)
        event = an_event("message", message={"type": "text", "text": WORDS}, minutes_ago=16)
        old = (await happen(adapter, event)).starting("1:inquire:")
        asked = await happen(adapter, a_press(old))
        assert not adapter.core.calls["ReceiveInquiry"]
        await happen(adapter, a_press(asked.starting("1:inquire:")))
        assert [one.text for one in adapter.core.calls["ReceiveInquiry"]] == [WORDS]


async def test_what_is_too_long_for_a_button_is_to_be_written_in_parts(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        assert (await write(adapter, "あ" * MOST_WORDS)).starting("1:inquire:")
        said = await write(adapter, "あ" * (MOST_WORDS + 1))
        assert f"{MOST_WORDS}字まで" in said.words
        assert not [data for data in said.data if data.startswith("1:inquire:")]


async def test_a_city_that_takes_none_answers_with_help(tmp_path: Path) -> None:
    async with running(tmp_path, inquiries=False) as adapter:
        register(adapter)
        assert "ボタンでお答えください" in (await write(adapter, WORDS)).words


async def test_in_the_chat_a_resident_writes_is_answered_and_writes_on(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (line, city):
        await line.add(HANAKO, card_id="hanako")
        await register_really(line, city)
        await set_hours(city, "00:00", "23:59")
        staff = await city.staff()

        async def ask(words: str) -> None:
            await line.do(HANAKO, "say", text=words)
            chat = await until_said(line, city, f":{words}")
            offered = next(one for one in reversed(chat) if f":{words}" in said(one))
            data = next(
                action["data"]
                for action in actions(offered)
                if action.get("data", "").startswith("1:inquire:")
            )
            await line.do(HANAKO, "tap", message_id=offered["id"], data=data)
            await until_said(line, city, "市役所に送りました")
            await line.settled()

        await ask("ごみの日はいつですか。")
        [inquiry] = await listed(staff)
        await answer(staff, inquiry, "火曜日です。")
        chat = await until_said(line, city, "火曜日です。")
        await ask("何時までですか。")
        thread = await get(staff, inquiry.inquiry_id)

        assert sum("からのお答え】\\n火曜日です。" in said(one) for one in chat) == 1
        assert [one.text for one in thread.messages] == [
            "何時までですか。", "火曜日です。", "ごみの日はいつですか。",
        ]  # fmt: skip
        assert thread.inquiry.state == pb.INQUIRY_STATE_WAITING


def actions(value: object) -> list[dict[str, str]]:
    if isinstance(value, list):
        return [found for each in value for found in actions(each)]
    if not isinstance(value, dict):
        return []
    own = [value] if value.get("type") == "postback" else []
    return own + [found for each in value.values() for found in actions(each)]
