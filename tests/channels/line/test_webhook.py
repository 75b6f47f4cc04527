"""The webhook's promise: 200 only when all is dealt with, and nothing twice."""

import asyncio
import time
from pathlib import Path

from grpc import StatusCode

from channels.line.signature import is_signed, sign
from tests.channels.fake_core import APPLICATION
from tests.channels.line.adapter import (
    HANAKO,
    SECRET,
    TARO,
    a_press,
    again,
    an_event,
    beside,
    running,
)

YES = f"1:answer:{APPLICATION}:confirm_account:yes"
# Messaging API documentation, "Verify webhook signature".
BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_the_official_vector_is_signed() -> None:
    assert is_signed(BODY, SIGNATURE, SECRET)
    assert not is_signed(BODY + b" ", SIGNATURE, SECRET)
    assert not is_signed(BODY, SIGNATURE, SECRET.upper())


async def test_a_body_without_events_is_well_received(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        for name in ("x-line-signature", "X-LINE-SIGNATURE"):
            assert await adapter.post(BODY, {name: SIGNATURE}) == 200


async def test_what_line_did_not_sign_reaches_nobody(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        body = b'{"events":[{"type":"follow"}]}'
        for headers in ({}, {"x-line-signature": SIGNATURE}, {"x-line-signature": "\u00e9"}):
            assert await adapter.post(body, headers) == 400
        assert adapter.core.calls == {}


async def test_a_body_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        assert await adapter.post(b"x" * (1024 * 1024 + 1), {"x-line-signature": "x"}) == 413


async def test_what_line_may_add_some_day_is_passed_over(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        strange = [
            an_event("somethingNew"),
            an_event("message", source={"type": "group", "groupId": "G1", "userId": HANAKO}),
            an_event("message", source={"type": "unheardOf"}),
            an_event("follow", mode="standby"),
            {"type": "accountLink"},
            "not even an object",
            an_event("follow", webhookEventId=None),
            an_event("follow", timestamp="yesterday"),
        ]
        assert await adapter.deliver(*strange, novelty={"a": 1}) == 200
        assert adapter.core.calls == {}
        assert adapter.line.sent == []


async def test_a_signed_body_that_is_no_webhook_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        for body in (b"[]", b"{", b'{"events":{}}', b"\xff", b"[" * 100_000):
            assert await adapter.post(body, {"x-line-signature": sign(body, SECRET)}) == 400


async def test_a_follow_is_recorded_and_greeted(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        follow = an_event("follow")

        assert await adapter.deliver(follow) == 200

        [seen] = adapter.core.calls["SeeContact"]
        assert seen.external_id == HANAKO
        assert seen.request_id == follow["webhookEventId"]
        assert seen.seen_time.ToMilliseconds() == follow["timestamp"]
        assert adapter.core.tokens == {"Bearer the-adapter-token"}
        [sent] = adapter.line.sent
        assert sent.way == "reply"
        assert sent.body["replyToken"] == follow["replyToken"]
        assert "登録する" in sent.messages


async def test_an_unfollow_is_recorded_and_not_answered(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        assert await adapter.deliver(an_event("unfollow", replyToken=None)) == 200
        [seen] = adapter.core.calls["SeeContact"]
        assert seen.state == 2
        assert adapter.line.sent == []


async def test_a_press_of_somebody_never_met_introduces_them_first(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        assert await adapter.deliver(a_press("1:register")) == 200
        assert len(adapter.core.calls["SeeContact"]) == 1
        assert len(adapter.core.calls["BeginVerification"]) == 2
        [sent] = adapter.line.sent
        assert "https://line.todoke.example/card/" + "c" * 43 in sent.messages
        assert "10時30分" in sent.messages


async def test_an_answer_goes_to_the_core_under_the_event_s_id(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        await adapter.deliver(an_event("follow"))
        press = a_press(YES)

        assert await adapter.deliver(press) == 200

        [asked] = adapter.core.calls["AnswerPrompt"]
        assert (asked.application_id, asked.step, asked.choice) == (
            APPLICATION,
            "confirm_account",
            "yes",
        )
        assert asked.request_id == press["webhookEventId"]
        assert "申請を受け付けました" in adapter.line.sent[-1].messages


async def test_a_text_or_a_sticker_is_answered_with_the_way_on(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        sticker = {"type": "sticker", "id": "1"}
        assert await adapter.deliver(an_event("message", message=sticker)) == 200
        assert "登録する" in adapter.line.sent[-1].messages
        adapter.core.contacts[HANAKO].registered = True
        assert await adapter.deliver(an_event("message", message={"type": "text"})) == 200
        assert "届いているお知らせのボタン" in adapter.line.sent[-1].messages


async def test_a_button_that_is_none_of_ours_asks_the_core_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        for data in ("", "0:register", "1:register ", YES + ":more", "1:answer:x:y:z"):
            assert await adapter.deliver(a_press(data)) == 200
            assert "古くなりました" in adapter.line.sent[-1].messages
        assert adapter.core.calls == {}


async def test_a_refusal_is_worded_and_done(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        adapter.core.refuse(
            "AnswerPrompt", StatusCode.FAILED_PRECONDITION, "CONTACT_NOT_REGISTERED"
        )
        assert await adapter.deliver(a_press(YES)) == 200
        assert "まだ登録がありません" in adapter.line.sent[-1].messages
        assert "1:register" in adapter.line.sent[-1].messages


async def test_what_the_core_cannot_take_now_comes_again(tmp_path: Path) -> None:
    failures = [
        (StatusCode.UNAVAILABLE, "TRY_AGAIN"),
        (StatusCode.UNAVAILABLE, ""),
        (StatusCode.ABORTED, ""),
        (StatusCode.INTERNAL, ""),
        (StatusCode.UNAUTHENTICATED, "CALLER_UNKNOWN"),
    ]
    async with running(tmp_path) as adapter:
        press = a_press(YES)
        for code, reason in failures:
            adapter.core.refuse("AnswerPrompt", code, reason)
            assert await adapter.deliver(again(press)) == 503
        assert adapter.line.sent == []

        del adapter.core.script["AnswerPrompt"]
        await adapter.deliver(an_event("follow"))
        assert await adapter.deliver(again(press)) == 200
        assert len(adapter.line.sent) == 2


async def test_a_core_that_is_down_is_told_within_two_seconds(tmp_path: Path) -> None:
    async with running(tmp_path, core_address="127.0.0.1:9") as adapter:
        began = time.monotonic()
        assert await adapter.deliver(an_event("follow")) == 503
        assert time.monotonic() - began < 2


async def test_a_core_that_hangs_is_answered_for_in_time_and_joined_later(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        go_on = adapter.core.hang("SeeContact")
        follow = an_event("follow")
        began = time.monotonic()

        assert await adapter.deliver(follow) == 503

        assert 1.5 < time.monotonic() - began < 2
        redelivery = asyncio.create_task(adapter.deliver(again(follow)))
        go_on.set()
        assert await redelivery == 200
        assert len(adapter.core.calls["SeeContact"]) == 1
        assert len(adapter.line.sent) == 1


async def test_a_delivery_after_success_does_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        follow = an_event("follow")
        assert await adapter.deliver(follow, follow) == 200
        assert await adapter.deliver(again(follow)) == 200
        assert len(adapter.core.calls["SeeContact"]) == 1
        assert len(adapter.line.sent) == 1


async def test_one_event_that_fails_fails_the_body_and_only_it_is_done_again(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        follow, press = an_event("follow", TARO), a_press(YES)
        adapter.core.refuse("AnswerPrompt", StatusCode.UNAVAILABLE)
        assert await adapter.deliver(follow, press) == 503
        del adapter.core.script["AnswerPrompt"]
        assert await adapter.deliver(again(follow), again(press)) == 200
        assert [seen.external_id for seen in adapter.core.calls["SeeContact"]] == [TARO, HANAKO]
        assert len(adapter.line.sent) == 2


async def test_the_events_of_one_person_are_dealt_with_in_order(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        go_on = adapter.core.hang("SeeContact")
        follow, press = an_event("follow"), a_press(YES)
        delivered = asyncio.create_task(adapter.deliver(follow, press))
        while not adapter.core.calls["SeeContact"]:
            await asyncio.wait([delivered], timeout=0.01)
        assert not adapter.core.calls["AnswerPrompt"]
        go_on.set()
        assert await delivered == 200
        assert [sent.body["replyToken"] for sent in adapter.line.sent] == [
            follow["replyToken"],
            press["replyToken"],
        ]


async def test_another_process_finds_the_reply_already_given(tmp_path: Path) -> None:
    async with running(tmp_path) as one:
        follow = an_event("follow")
        assert await one.deliver(follow) == 200
        async with beside(tmp_path, one.core, one.line) as other:
            assert await other.deliver(again(follow)) == 200
        first, second = one.core.calls["SeeContact"]
        assert first == second
        assert [sent.way for sent in one.line.sent] == ["reply", "reply"]
