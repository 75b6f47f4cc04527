"""A reply token is good once, for a minute, and a while longer when its event is redelivered."""

import pytest

from tests.channels.simulators.line.simulator import HANAKO, Hands, receiving, simulating, text

INVALID = (400, {"message": "Invalid reply token"})


@pytest.mark.parametrize(("waits", "is_good"), [(60, True), (60.01, False)])
async def test_a_reply_token_lives_a_minute(tmp_path, waits, is_good) -> None:
    hands = Hands()
    async with (
        receiving() as receiver,
        simulating(tmp_path, clock=hands, webhook_url=receiver.url) as line,
    ):
        await line.do(HANAKO, "say", text="こんにちは")
        token = (await receiver.next())["replyToken"]
        hands.now += waits
        answer = await line.reply(token, text("ようこそ"))

        assert (answer.status == 200) is is_good
        assert len(await line.chat(HANAKO)) == (2 if is_good else 1)


async def test_a_reply_token_is_good_once_and_free(tmp_path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        await line.do(HANAKO, "say", text="こんにちは")
        token = (await receiver.next())["replyToken"]
        first = await line.reply(token, text("一"))
        second = await line.reply(token, text("二"))

        assert first.status == 200
        assert (second.status, second.body) == INVALID
        used = await line.api("GET", "/message/quota/consumption")
        assert used.body == {"totalUsage": 0}


async def test_a_bad_message_does_not_spend_the_reply_token(tmp_path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        await line.do(HANAKO, "say", text="こんにちは")
        token = (await receiver.next())["replyToken"]

        assert (await line.reply(token, text(""))).status == 400
        assert (await line.reply(token, text("ようこそ"))).status == 200


@pytest.mark.parametrize(
    ("age", "waits", "is_good"),
    [(600, 60, True), (600, 61, False), (1_190, 10, True), (1_190, 11, False)],
)
async def test_redelivery_renews_a_reply_token_for_a_minute_up_to_twenty(
    tmp_path, age, waits, is_good
) -> None:
    hands = Hands()
    async with (
        receiving(500) as receiver,
        simulating(tmp_path, clock=hands, webhook_url=receiver.url, webhook_timeout=30) as line,
    ):
        receiver.gate.clear()
        await line.do(HANAKO, "say", text="こんにちは")
        first = await receiver.next()
        hands.now += age
        receiver.gate.set()
        again = await receiver.next()
        assert again["replyToken"] == first["replyToken"]
        hands.now += waits

        assert ((await line.reply(again["replyToken"], text())).status == 200) is is_good


async def test_an_unknown_reply_token_is_invalid(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        answer = await line.reply("0" * 32, text())

        assert (answer.status, answer.body) == INVALID
