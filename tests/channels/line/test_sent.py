"""What is written and sent is the answer to what was asked; what cannot be read is asked again."""

from pathlib import Path
from typing import Any

import pytest
from grpc import StatusCode

from tests.channels.fake_core import APPLICATION
from tests.channels.line.adapter import HANAKO, Running, an_event, running
from tests.channels.line.chat import Said, happen, register, tap, write
from tests.channels.line.questions import a_question
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
    files = prompt.input.files if prompt.input.HasField("files") and not prompt.sensitive else None
    expected = pb.ExpectAttachmentResponse(
        application_id=APPLICATION if files else "",
        step=prompt.step if files else "",
        most_bytes=files.most_bytes if files else 0,
        first=True,
    )
    adapter.core.script["ExpectAttachment"] = lambda _: expected


ATTACHMENT = "0198c0de-0000-7000-8000-0000000000f1"


async def test_words_are_taken_for_the_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(0, "text"))
        event = an_event("message", message={"type": "text", "text": "三つです"})
        assert "聞きました。" in (await happen(adapter, event)).words
        [request] = adapter.core.calls["AnswerInChat"]
        assert request == pb.AnswerInChatRequest(
            external_id=HANAKO, text="三つです", request_id=event["webhookEventId"]
        )


async def test_where_nothing_is_asked_what_is_no_words_gets_the_help(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
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


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("sticker", "スタンプは答えとして"),
        ("audio", "音声は聞き取れません"),
        ("video", "動画は見られません"),
        ("kind_of_tomorrow", "これは答えとして"),
    ],
)
async def test_what_cannot_be_read_brings_the_question_again(
    tmp_path: Path, kind: str, told: str
) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(3))
        said = await send(adapter, kind)
        assert told in said.words
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
        assert "場所をお願いしていないため" in (await send(adapter, "location", **place)).words


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


async def test_of_photographs_sent_at_once_only_the_last_that_comes_is_answered(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        asked = a_question(0, "files")
        asked.input.files.most, asked.input.files.most_bytes = 3, 100
        hears(adapter, asked)
        assert "まとめて" in (await tap(adapter, f"1:ask:{APPLICATION}")).words
        answered = adapter.core.script["AnswerInChat"]

        def gather(request: pb.AnswerInChatRequest) -> pb.AnswerInChatResponse:
            is_last = request.one_of_set.place.number == 2
            return answered(request) if is_last else pb.AnswerInChatResponse()

        adapter.core.script["AnswerInChat"] = gather
        events = [
            an_event(
                "message",
                message={
                    "type": "image",
                    "id": str(number),
                    "imageSet": {"id": "E005D41A7288F41B65593ED", "index": number, "total": 3},
                },
            )
            for number in (3, 1, 2)
        ]
        adapter.line.content = b"x" * 101
        assert await adapter.deliver(events[0]) == 200
        adapter.line.content = b"x" * 100
        adapter.core.refuse("UploadAttachment", StatusCode.INVALID_ARGUMENT, "ATTACHMENT_REFUSED")
        assert await adapter.deliver(events[1]) == 200
        adapter.core.script["UploadAttachment"] = lambda _: pb.UploadAttachmentResponse(
            attachment_id=ATTACHMENT
        )
        before = len(adapter.line.sent)
        assert "聞きました。" in (await happen(adapter, events[2])).words
        assert len(adapter.line.sent) == before + 1

        sets = [request.one_of_set for request in adapter.core.calls["AnswerInChat"]]
        assert [(one.place.number, one.attachment_id) for one in sets] == [
            (3, ""), (1, ""), (2, ATTACHMENT),
        ]  # fmt: skip
        assert [one.problem for one in sets[:2]] == [
            pb.PHOTOGRAPH_PROBLEM_TOO_LARGE, pb.PHOTOGRAPH_PROBLEM_REFUSED,
        ]  # fmt: skip


async def test_a_set_that_nothing_was_asked_of_is_answered_once(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(2))
        adapter.core.script["ExpectAttachment"] = lambda request: pb.ExpectAttachmentResponse(
            first=request.place.number == 2
        )
        place = {"id": "A1", "total": 2}
        for number, count in ((2, 1), (1, 1)):
            message = {"type": "image", "id": "1", "imageSet": {**place, "index": number}}
            assert await adapter.deliver(an_event("message", message=message)) == 200
            assert len(adapter.line.sent) == count
        assert "お願いしていないため" in adapter.line.sent[0].messages


async def test_where_an_old_phone_numbers_no_photographs_each_is_taken_by_itself(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(0, "files"))
        assert "動画は受け取れません" in (await send(adapter, "video")).words
        for place in ({"id": "A1"}, {"id": "A1", "index": 3, "total": 2}, {"index": 1}, "A1"):
            assert "聞きました。" in (await send(adapter, "image", imageSet=place)).words
        assert all(one.attachment_id for one in adapter.core.calls["AnswerInChat"])


async def test_what_was_taken_before_line_lost_it_is_not_taken_again(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        hears(adapter, a_question(0, "files"))
        reused = StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED"
        adapter.core.refuse("AnswerInChat", *reused)
        assert "どれですか" in (await send(adapter, "image")).words


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
        assert "ページから送ってください" in (await send(adapter, "image")).words
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
