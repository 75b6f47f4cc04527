"""What is written and sent is the answer to what was asked; what cannot be read is asked again."""

from pathlib import Path
from typing import Any

import pytest

from tests.channels.fake_core import APPLICATION
from tests.channels.line.adapter import HANAKO, Running, an_event, running
from tests.channels.line.chat import Said, happen, register, tap, write
from tests.channels.line.test_asking import a_question
from tests.channels.line.test_talking import asks
from todoke.v1 import applications_pb2 as pb
from todoke.v1.procedures_pb2 import Place, Prompt


async def send(adapter: Running, kind: str, **more: Any) -> Said:
    message = {"type": kind, "id": "100000000000000001", **more}
    return await happen(adapter, an_event("message", message=message))


def hears(adapter: Running, prompt: Prompt) -> None:
    """Let the core ask this, and take what is said for an answer."""
    asks(adapter, prompt)
    turn = pb.Turn(closing=pb.Closing(application_id=APPLICATION, text="聞きました。"))
    adapter.core.script["AnswerInChat"] = lambda _: pb.AnswerInChatResponse(turn=turn)
    uploaded = pb.UploadAttachmentResponse(attachment_id=ATTACHMENT)
    adapter.core.script["UploadAttachment"] = lambda _: uploaded


ATTACHMENT = "0198c0de-0000-7000-8000-0000000000f1"
BEFORE = "0198c0de-0000-7000-8000-0000000000f0"


async def test_words_are_taken_for_the_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(0, "text"))
        event = an_event("message", message={"type": "text", "text": "三つです"})
        assert "聞きました。" in (await happen(adapter, event)).words
        [request] = adapter.core.calls["AnswerInChat"]
        assert request == pb.AnswerInChatRequest(
            external_id=HANAKO, text="三つです", request_id=event["webhookEventId"]
        )


async def test_where_nothing_is_asked_words_get_the_help(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        assert "ボタンでお答えください" in (await write(adapter, "こんにちは")).words
        for kind in ("sticker", "image", "location", "audio", "kind_of_tomorrow"):
            assert "ボタンでお答えください" in (await send(adapter, kind)).words


async def test_a_my_number_is_refused_also_in_the_middle_of_a_question(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(0, "text"))
        assert "受け取れません" in (await write(adapter, "1234 5678 9018")).words
        assert not adapter.core.calls["AnswerInChat"]


async def test_what_looks_like_a_code_can_be_an_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        hears(adapter, a_question(0, "text"))
        said = await write(adapter, "abcde-23456")
        assert "聞きました。" in (await tap(adapter, said.data[-1])).words
        assert adapter.core.calls["AnswerInChat"][0].text == "ABCDE23456"


@pytest.mark.parametrize("kind", ["sticker", "audio", "video"])
async def test_what_cannot_be_read_brings_the_question_again(tmp_path: Path, kind: str) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(3))
        said = await send(adapter, kind)
        assert "読み取れません" in said.words
        assert "どれですか" in said.words
        assert not adapter.core.calls["AnswerInChat"]


async def test_a_place_is_given_where_one_is_asked(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(0, "place"))
        place = {"latitude": 35.5, "longitude": 139, "address": "とどけ市本町" * 50, "title": "駅"}
        assert "聞きました。" in (await send(adapter, "location", **place)).words
        [request] = adapter.core.calls["AnswerInChat"]
        address = ("とどけ市本町" * 50)[:200]
        assert request.place == Place(latitude=35.5, longitude=139, address=address)
        for wrong in ({"latitude": 91, "longitude": 0}, {"latitude": "35"}, {"longitude": 1}):
            assert "どれですか" in (await send(adapter, "location", **wrong)).words
        hears(adapter, a_question(2))
        assert "場所をお願いしていません" in (await send(adapter, "location", **place)).words


async def test_a_photograph_goes_to_the_core_and_is_the_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(0, "files"))
        adapter.line.content = b"jpeg" * 200_000
        adapter.line.content_statuses = [202]
        assert "聞きました。" in (await send(adapter, "image")).words
        [[first, *parts]] = adapter.core.calls["UploadAttachment"]
        assert first.header.application_id == APPLICATION
        assert (first.header.step, first.header.speaker.external_id) == ("which", HANAKO)
        assert first.header.file_name == "100000000000000001.jpg"
        assert b"".join(part.chunk for part in parts) == adapter.line.content
        assert adapter.core.calls["AnswerInChat"][0].attachment_id == ATTACHMENT


async def test_a_second_photograph_is_put_beside_the_first(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        asked = a_question(0, "files")
        asked.input.files.most = 2
        asked.current.files.attachment_ids.append(BEFORE)
        hears(adapter, asked)
        assert "いま1つあります" in (await tap(adapter, f"1:ask:{APPLICATION}")).words
        await send(adapter, "file", fileName="證明.pdf", fileSize=7)
        [[first, *_]] = adapter.core.calls["UploadAttachment"]
        assert first.header.file_name == "證明.pdf"
        [request] = adapter.core.calls["AnswerPrompt"]
        assert list(request.given.files.attachment_ids) == [BEFORE, ATTACHMENT]


async def test_a_photograph_that_is_too_large_or_gone_or_not_asked_for_says_so(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        asked = a_question(0, "files")
        asked.input.files.most_bytes = 3 * 1024 * 1024
        hears(adapter, asked)
        adapter.line.content = b"x" * (3 * 1024 * 1024 + 1)
        assert "3MBまでのもの" in (await send(adapter, "image")).words
        adapter.line.content_statuses = [404]
        assert "もう一度送ってください" in (await send(adapter, "image")).words
        asked.sensitive = True
        hears(adapter, asked)
        assert "お願いしていません" in (await send(adapter, "image")).words
        assert not adapter.core.calls["UploadAttachment"]


async def test_while_line_cannot_give_it_the_event_comes_again(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(0, "files"))
        adapter.line.content_statuses = [500]
        event = an_event("message", message={"type": "image", "id": "1"})
        assert await adapter.deliver(event) == 503
        assert "聞きました。" in (await happen(adapter, event)).words


async def test_what_is_unsent_is_passed_over(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        event = an_event("unsend", unsend={"messageId": "1"})
        del event["replyToken"]
        assert await adapter.deliver(event) == 200
        assert not adapter.line.sent
        assert not adapter.core.calls


async def test_events_of_one_delivery_are_taken_in_the_order_of_their_times(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(0, "text"))
        late, early = (
            an_event("message", minutes_ago=ago, message={"type": "text", "text": text})
            for ago, text in ((0, "後"), (1, "先"))
        )
        assert await adapter.deliver(late, early) == 200
        assert [one.text for one in adapter.core.calls["AnswerInChat"]] == ["先", "後"]


async def test_dots_are_shown_while_an_answer_takes_long(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(0, "text"))
        go_on = adapter.core.hang("AnswerInChat")
        event = an_event("message", message={"type": "text", "text": "はい"})
        assert await adapter.deliver(event) == 503
        [shown] = adapter.line.loading
        assert shown == {"chatId": HANAKO, "loadingSeconds": 20}
        go_on.set()
