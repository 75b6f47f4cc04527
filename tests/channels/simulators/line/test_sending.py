"""Push, reply and multicast answer as LINE does, whoever they are for."""

from io import BytesIO

import pytest

from channels.simulators.line.settings import Rate
from tests.channels.simulators.line.simulator import (
    HANAKO,
    NOBODY,
    TARO,
    TOKEN,
    Hands,
    postback,
    receiving,
    simulating,
    text,
)

KEY = "123e4567-e89b-12d3-a456-426614174000"
DAY = 24 * 3_600


async def test_a_pushed_message_is_in_the_chat(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        answer = await line.push(HANAKO, text("給付金のお知らせ"))

        [shown] = await line.chat(HANAKO)
        assert answer.status == 200
        assert [sent["id"] for sent in answer.body["sentMessages"]] == [shown["id"]]
        assert shown["message"]["text"] == "給付金のお知らせ"
        assert await line.chat(TARO) == []


async def test_a_retry_key_is_taken_once_and_names_the_first_request(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        first = await line.push(HANAKO, text(), key=KEY)
        again = await line.push(HANAKO, text(), key=KEY.upper())

        assert again.status == 409
        assert again.body == {
            "message": "The retry key is already accepted",
            "sentMessages": first.body["sentMessages"],
        }
        accepted = again.headers["x-line-accepted-request-id"]
        assert accepted == first.headers["x-line-request-id"]
        assert again.headers["x-line-request-id"] != accepted
        assert len(await line.chat(HANAKO)) == 1


async def test_a_retry_key_is_forgotten_after_a_day(tmp_path) -> None:
    hands = Hands()
    async with simulating(tmp_path, clock=hands) as line:
        await line.push(HANAKO, text(), key=KEY)
        hands.now += DAY - 1
        assert (await line.push(HANAKO, text(), key=KEY)).status == 409
        hands.now += 1
        assert (await line.push(HANAKO, text(), key=KEY)).status == 200


async def test_a_retry_key_is_a_uuid_and_for_push_and_multicast_only(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        body = {"replyToken": "t", "messages": [text()]}

        assert (await line.push(HANAKO, text(), key="again")).status == 400
        assert (await line.api("POST", "/message/reply", body, key=KEY)).status == 400
        assert (await line.api("GET", "/message/quota", key=KEY)).status == 400
        assert (await line.push(HANAKO, text(), key=KEY)).status == 200


async def test_a_multicast_repeated_is_409_without_sent_messages(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        body = {"to": [HANAKO, TARO], "messages": [text()]}

        assert (await line.api("POST", "/message/multicast", body, key=KEY)).body == {}
        again = await line.api("POST", "/message/multicast", body, key=KEY)

        assert (again.status, list(again.body)) == (409, ["message"])
        assert len(await line.chat(HANAKO)) == len(await line.chat(TARO)) == 1


async def test_who_blocks_the_account_gets_nothing_and_costs_nothing(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        await line.do(HANAKO, "unfollow")
        answer = await line.push(HANAKO, text())

        used = await line.api("GET", "/message/quota/consumption")
        listed = await line.ask("GET", "/admin/deliveries")
        assert answer.status == 200
        assert await line.chat(HANAKO) == []
        assert used.body == {"totalUsage": 0}
        assert [sent["is_delivered"] for sent in listed.body["people"][HANAKO]] == [False]


async def test_a_stranger_who_wrote_can_be_sent_messages_for_seven_days(tmp_path) -> None:
    hands = Hands()
    async with (
        receiving() as receiver,
        simulating(tmp_path, clock=hands, webhook_url=receiver.url) as line,
    ):
        await line.add(NOBODY, is_friend=False)
        await line.do(NOBODY, "say", text="友だちではありません")
        await line.push(NOBODY, text("一"))
        hands.now += 7 * DAY
        await line.push(NOBODY, text("二"))

        shown = [entry["message"]["text"] for entry in await line.chat(NOBODY)]
        assert shown == ["友だちではありません", "一"]


async def test_a_push_to_nobody_is_refused(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        answer = await line.push(NOBODY, text())

        assert (answer.status, answer.body) == (400, {"message": "Failed to send messages"})


@pytest.mark.parametrize("refuses", [False, True])
async def test_a_multicast_with_a_stranger_to_line_follows_the_switch(tmp_path, refuses) -> None:
    async with simulating(tmp_path, multicast_refuses_unknown=refuses) as line:
        body = {"to": [HANAKO, NOBODY], "messages": [text()]}
        answer = await line.api("POST", "/message/multicast", body)

        assert answer.status == (400 if refuses else 200)
        assert len(await line.chat(HANAKO)) == (0 if refuses else 1)
        if refuses:
            assert answer.body["message"] == (
                "The property, to[1], in the request body is invalid (line: -, column: -)"
            )


async def test_a_multicast_has_at_most_500_recipients(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        body = {"to": [HANAKO] * 501, "messages": [text()]}
        answer = await line.api("POST", "/message/multicast", body)

        assert answer.status == 400
        assert answer.body["details"] == [
            {"message": "Size must be between 1 and 500", "property": "to"}
        ]


async def test_the_monthly_limit_is_a_429_of_its_own_and_counts_people(tmp_path) -> None:
    async with simulating(tmp_path, quota=3) as line:
        both = {"to": [HANAKO, TARO], "messages": [text(), text()]}

        assert (await line.api("GET", "/message/quota")).body == {"type": "limited", "value": 3}
        assert (await line.api("POST", "/message/multicast", both)).status == 200
        refused = await line.api("POST", "/message/multicast", both)
        used = await line.api("GET", "/message/quota/consumption")

        assert refused.status == 429
        assert refused.body == {"message": "You have reached your monthly limit."}
        assert used.body == {"totalUsage": 2}
        assert (await line.push(HANAKO, text())).status == 200


async def test_an_endpoint_has_its_rate(tmp_path) -> None:
    hands = Hands()
    rates = {"POST /v2/bot/message/push": Rate(2)}
    async with simulating(tmp_path, clock=hands, rates=rates) as line:
        answers = [await line.push(HANAKO, text()) for _ in range(3)]
        assert [answer.status for answer in answers] == [200, 200, 429]
        assert answers[2].body["message"] == (
            "The API rate limit has been exceeded. Try again later."
        )
        assert (await line.api("GET", "/message/quota")).body == {"type": "none"}
        hands.now += 1
        assert (await line.push(HANAKO, text())).status == 200


async def test_a_bad_request_is_refused_in_lines_words(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        bearer = {"authorization": f"Bearer {TOKEN}"}
        json = {**bearer, "content-type": "application/json"}
        path = "/v2/bot/message/push"

        unnamed = await line.ask("POST", path, json={})
        wrong = await line.ask("POST", path, headers={"authorization": "Bearer x"}, json={})
        broken = await line.ask("POST", path, headers=json, data=b'{"to":\n oops}')
        form = await line.ask("POST", path, headers=bearer, data={"to": HANAKO})
        large = await line.ask(
            "POST", path, headers=json, data=BytesIO(b" " * (2 * 1024 * 1024 + 1))
        )
        empty = await line.ask("POST", path, headers=bearer, json={})
        lost = await line.ask("POST", "/v2/bot/message/pigeon", headers=bearer, json={})

        assert [unnamed.status, wrong.status] == [401, 401]
        assert unnamed.body["message"].startswith("Authentication failed due to the following")
        assert (broken.status, broken.body["message"]) == (
            400,
            "The request body could not be parsed as JSON (line: 2, column: 2)",
        )
        assert (form.status, large.status, lost.status) == (415, 413, 404)
        assert empty.body["message"] == "The request body has 2 error(s)"
        assert {detail["property"] for detail in empty.body["details"]} == {"messages", "to"}
        assert all(
            "x-line-request-id" in answer.headers
            for answer in (unnamed, wrong, broken, form, large, empty, lost)
        )


@pytest.mark.parametrize(
    "words",
    ['{"to": NaN}', '{"to": "\\ud842"}', "[" * 100_000, '{"a":' * 100_000, "\udcff"],
    ids=["constant", "half-pair", "deep-lists", "deep-objects", "not-utf-8"],
)
async def test_what_is_hardly_json_is_refused_like_what_is_not(tmp_path, words) -> None:
    async with simulating(tmp_path) as line:
        answer = await line.ask(
            "POST",
            "/v2/bot/message/push",
            headers={"authorization": f"Bearer {TOKEN}", "content-type": "application/json"},
            data=words.encode("utf-8", "surrogateescape"),
        )

        assert answer.status == 400
        assert answer.body["message"].startswith("The request body could not be parsed as JSON")


async def test_validation_sends_nothing(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        for kind in ("push", "reply", "multicast"):
            path = f"/message/validate/{kind}"
            assert (await line.api("POST", path, {"messages": [text()]})).status == 200
            refused = await line.api("POST", path, {"messages": [postback()]})
            assert refused.body["details"][0]["property"] == "messages[0].type"
        assert await line.chat(HANAKO) == []
