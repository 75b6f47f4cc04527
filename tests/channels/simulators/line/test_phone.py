"""A scripted resident acts once per action id, and sees what a person would see."""

import asyncio
import json
import re

import pytest

from tests.channels.simulators.line.simulator import (
    HANAKO,
    NOBODY,
    TARO,
    buttons,
    confirm,
    postback,
    receiving,
    simulating,
    text,
)

OPEN = {"type": "uri", "label": "開く", "uri": "http://127.0.0.1:9/page"}
SPEAK = {"type": "message", "label": "言う", "text": "おねがいします"}


async def test_an_action_repeated_under_its_id_is_done_once(tmp_path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        path = f"/phone/{HANAKO}/say"
        body = {"text": "こんにちは", "action_id": "one"}
        answers = await asyncio.gather(*[line.ask("POST", path, json=body) for _ in range(20)])

        assert {json.dumps(answer.body) for answer in answers} == {json.dumps(answers[0].body)}
        assert len(await line.chat(HANAKO)) == 1
        assert len(await line.settled()) == 1


async def test_a_button_is_tapped_by_its_place_quick_replies_last(tmp_path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        quick = {"items": [{"type": "action", "action": SPEAK}]}
        await line.push(HANAKO, {**confirm(postback(data="yes"), OPEN), "quickReply": quick})
        [shown] = await line.chat(HANAKO)
        tap = {"message_id": shown["id"]}

        await line.do(HANAKO, "tap", **tap, action_index=0)
        opened = await line.do(HANAKO, "tap", **tap, action_index=1)
        await line.do(HANAKO, "tap", **tap, action_index=2)
        beyond = await line.do(HANAKO, "tap", **tap, action_index=3)

        assert (await receiver.next())["postback"]["data"] == "yes"
        assert (await receiver.next())["message"]["text"] == "おねがいします"
        assert opened.body == {"open": OPEN["uri"]}
        assert beyond.status == 404


async def test_flex_buttons_are_tapped_as_they_stand(tmp_path) -> None:
    def row(*contents):
        return {"type": "box", "layout": "vertical", "contents": list(contents)}

    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        yes, no = ({"type": "button", "action": postback(word, data=word)} for word in "はい")
        bubble = {"type": "bubble", "body": row(row(yes)), "footer": row(no)}
        await line.push(HANAKO, {"type": "flex", "altText": "確認", "contents": bubble})
        [shown] = await line.chat(HANAKO)
        await line.do(HANAKO, "tap", message_id=shown["id"], action_index=1)

        assert (await receiver.next())["postback"]["data"] == "い"


async def test_the_text_of_a_template_can_be_tapped_too(tmp_path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        await line.push(HANAKO, buttons(OPEN, defaultAction=postback(data="text")))
        [shown] = await line.chat(HANAKO)
        await line.do(HANAKO, "tap", message_id=shown["id"], action_index=1)

        assert (await receiver.next())["postback"]["data"] == "text"


async def test_nobody_taps_what_another_was_sent(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        await line.push(HANAKO, buttons(postback()))
        [shown] = await line.chat(HANAKO)

        answer = await line.do(TARO, "tap", message_id=shown["id"], action_index=0)
        assert answer.status == 404


async def test_who_blocks_cannot_write(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        await line.do(HANAKO, "unfollow")

        assert (await line.do(HANAKO, "say", text="届きますか")).status == 409


@pytest.mark.parametrize(
    ("deed", "body", "words"),
    [
        ("say", {"action_id": "a"}, "text must be given"),
        ("say", {"action_id": "a", "text": ""}, "text must not be empty"),
        ("say", {"text": "こんにちは"}, "action_id must be given"),
        ("tap", {"action_id": "a", "message_id": "1"}, "give action_index"),
    ],
)
async def test_a_phone_request_says_what_it_lacks(tmp_path, deed, body, words) -> None:
    async with simulating(tmp_path) as line:
        answer = await line.ask("POST", f"/phone/{HANAKO}/{deed}", json=body)

        assert answer.status == 400
        assert words in answer.body["message"]


async def test_nobody_has_a_phone_until_added(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        assert (await line.do(NOBODY, "say", text="もしもし")).status == 404
        added = await line.ask("POST", "/phone/people", json={"name": "新顔"})
        assert added.status == 201
        assert added.body["state"] == "stranger"
        people = (await line.ask("GET", "/phone/people")).body["people"]
        assert added.body in people
        assert len(people) == 3


async def test_adding_a_person_again_keeps_the_state(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        await line.do(HANAKO, "unfollow")
        await line.add(HANAKO, card_id="card-1")

        people = (await line.ask("GET", "/phone/people")).body["people"]
        [hanako] = [person for person in people if person["id"] == HANAKO]
        assert (hanako["state"], hanako["card_id"]) == ("blocked", "card-1")


async def test_reading_waits_for_what_is_new(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        await line.push(HANAKO, text("一"))
        first = await line.ask("GET", f"/phone/{HANAKO}/messages")
        query = f"?after={first.body['after']}&wait=30"
        waiting = asyncio.create_task(line.chat(HANAKO, query))
        await line.push(HANAKO, text("二"))

        assert [entry["message"]["text"] for entry in await waiting] == ["二"]


async def test_the_stream_tells_a_long_chat_whole(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        await asyncio.gather(*[line.push(HANAKO, text(f"{n}番")) for n in range(501)])
        async with (
            asyncio.timeout(60),
            line.http.get(f"{line.url}/phone/{HANAKO}/events") as stream,
        ):
            heard: list[str] = []
            while len(heard) < 501:
                words = (await stream.content.readline()).decode()
                if words.startswith("data:"):
                    heard += re.findall(r"\d+番", words)
    assert sorted(heard) == sorted(f"{n}番" for n in range(501))


async def test_the_stream_tells_the_chat_and_the_state(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        await line.push(HANAKO, text("一"))
        async with line.http.get(f"{line.url}/phone/{HANAKO}/events") as stream:
            await line.push(HANAKO, text("二"))
            await line.do(HANAKO, "unfollow")
            heard = ""
            async with asyncio.timeout(30):
                while '"blocked"' not in heard:
                    heard += (await stream.content.readline()).decode()

        assert heard.index('"一"') < heard.index('"friend"')
        assert heard.index('"二"') < heard.index('"blocked"')
