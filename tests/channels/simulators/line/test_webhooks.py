"""Events reach the webhook signed, in order, and again until they are taken."""

import asyncio
import re

import pytest

from channels.simulators.line.webhook import signature
from tests.channels.simulators.line.simulator import (
    HANAKO,
    SECRET,
    TARO,
    buttons,
    postback,
    receiving,
    simulating,
    text,
)


def test_the_signature_is_that_of_lines_own_example() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'

    assert signature(SECRET, body) == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


async def test_an_event_is_signed_and_carries_what_line_sends(tmp_path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        await line.do(HANAKO, "say", text="𠮷野です")
        event, body, signed = await receiver.taken.get()

        assert signed == signature(SECRET, body)
        assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", event["webhookEventId"])
        assert event["source"] == {"type": "user", "userId": HANAKO}
        assert event["mode"] == "active"
        assert event["deliveryContext"] == {"isRedelivery": False}
        assert (event["type"], event["message"]["text"]) == ("message", "𠮷野です")
        assert {"timestamp", "replyToken"} <= event.keys()


async def test_an_event_not_taken_comes_again_the_same_but_for_its_mark(tmp_path) -> None:
    async with (
        receiving(503, 503) as receiver,
        simulating(tmp_path, webhook_url=receiver.url) as line,
    ):
        await line.do(HANAKO, "say", text="こんにちは")
        deliveries = [await receiver.next() for _ in range(3)]

        marks = [event.pop("deliveryContext")["isRedelivery"] for event in deliveries]
        assert marks == [False, True, True]
        assert deliveries[0] == deliveries[1] == deliveries[2]
        [event] = await line.settled()
        assert [attempt["status"] for attempt in event["attempts"]] == [503, 503, 200]


async def test_without_redelivery_an_event_not_taken_is_lost(tmp_path) -> None:
    async with (
        receiving(500) as receiver,
        simulating(tmp_path, webhook_url=receiver.url, redelivery=False) as line,
    ):
        await line.do(HANAKO, "say", text="一")
        await line.do(HANAKO, "say", text="二")
        said = [(await receiver.next())["message"]["text"] for _ in range(2)]

        assert said == ["一", "二"]
        assert [event["is_given_up"] for event in await line.settled()] == [True, False]


async def test_a_persons_events_come_in_order_whatever_others_do(tmp_path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        for number in range(10):
            await line.do(HANAKO, "say", text=f"花{number}")
            await line.do(TARO, "say", text=f"太{number}")
        said = [(await receiver.next())["message"]["text"] for _ in range(20)]

        assert [words for words in said if words[0] == "花"] == [f"花{n}" for n in range(10)]
        assert [words for words in said if words[0] == "太"] == [f"太{n}" for n in range(10)]


async def test_following_blocking_and_tapping_are_told(tmp_path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        await line.push(HANAKO, buttons(postback(displayText="はい、確認しました")))
        [shown] = await line.chat(HANAKO)
        await line.do(HANAKO, "tap", message_id=shown["id"], data="verb=yes")
        await line.do(HANAKO, "unfollow")
        await line.do(HANAKO, "follow")
        tapped, left, back = [await receiver.next() for _ in range(3)]

        assert tapped["postback"] == {"data": "verb=yes"}
        assert "replyToken" not in left
        assert (left["type"], back["type"]) == ("unfollow", "follow")
        assert back["follow"] == {"isUnblocked": True}
        own = (await line.chat(HANAKO))[-1]
        assert (own["from"], own["message"]["text"]) == ("person", "はい、確認しました")


async def test_the_endpoint_can_be_read_set_and_tried(tmp_path) -> None:
    async with receiving() as receiver, simulating(tmp_path) as line:
        path = "/channel/webhook/endpoint"
        unset = await line.api("GET", path)
        foreign = await line.api("PUT", path, {"endpoint": "http://example.jp/webhook"})
        await line.api("PUT", path, {"endpoint": receiver.url})
        tried = await line.api("POST", "/channel/webhook/test", {})
        dead = await line.api(
            "POST", "/channel/webhook/test", {"endpoint": "http://127.0.0.1:1/webhook"}
        )

        assert (unset.status, foreign.status) == (404, 400)
        assert (await line.api("GET", path)).body == {"endpoint": receiver.url, "active": True}
        assert (tried.body["success"], tried.body["statusCode"]) == (True, 200)
        assert (dead.body["success"], dead.body["reason"]) == (False, "COULD_NOT_CONNECT")
        assert dead.body["statusCode"] <= 0


async def test_one_body_can_carry_events_of_several_people(tmp_path) -> None:
    async with (
        receiving(500) as receiver,
        simulating(tmp_path, webhook_url=receiver.url, webhook_events=2) as line,
    ):
        await asyncio.gather(line.do(HANAKO, "say", text="花"), line.do(TARO, "say", text="太郎"))
        taken = [await asyncio.wait_for(receiver.taken.get(), 30) for _ in range(4)]

        assert taken[0][1] == taken[1][1]
        assert taken[2][1] == taken[3][1]
        assert {event["deliveryContext"]["isRedelivery"] for event, _, _ in taken[2:]} == {True}
        assert [len(event["attempts"]) for event in await line.settled()] == [2, 2]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("duplicate_webhook", ["一", "一", "二"]), ("reorder_webhooks", ["二", "一"])],
)
async def test_delivery_goes_wrong_by_switch(tmp_path, name, expected) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        await line.fault(name, count=1, seconds=1)
        await line.do(HANAKO, "say", text="一")
        await line.do(HANAKO, "say", text="二")
        said = [(await receiver.next())["message"]["text"] for _ in expected]

        assert said == expected


async def test_a_receiver_that_is_too_slow_has_not_taken_the_event(tmp_path) -> None:
    async with (
        receiving() as receiver,
        simulating(tmp_path, webhook_url=receiver.url, webhook_timeout=0.000001) as line,
    ):
        answer = await line.api("POST", "/channel/webhook/test", {})

        assert answer.body["reason"] == "REQUEST_TIMEOUT"
        assert (await line.push(HANAKO, text())).status == 200
