"""What people send beside words, and the menu at the bottom of their chat."""

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.channels.simulators.line.simulator import (
    HANAKO,
    NOBODY,
    TARO,
    TOKEN,
    Line,
    buttons,
    receiving,
    simulating,
)

BYTES = {"authorization": f"Bearer {TOKEN}"}


async def content(line: Line, id: str) -> tuple[int, bytes]:
    url = f"{line.url}/v2/bot/message/{id}/content"
    async with line.http.get(url, headers=BYTES) as answer:
        return answer.status, await answer.read()


def photo(words: bytes = b"a photograph") -> dict[str, Any]:
    return {"type": "image", "content": base64.b64encode(words).decode()}


async def test_what_is_sent_can_be_fetched_until_it_is_unsent(tmp_path: Path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        sent = await line.do(HANAKO, "send", **photo())
        event = await receiver.next()
        id = sent.body["message_id"]
        assert event["message"] == {
            "type": "image", "contentProvider": {"type": "line"}, "id": id
        }  # fmt: skip
        await line.fault("content_not_ready", count=1)
        assert await content(line, id) == (202, b"{}")
        assert await content(line, id) == (200, b"a photograph")
        await line.do(HANAKO, "unsend", message_id=id)
        told = await receiver.next()
        assert (told["type"], told["unsend"]) == ("unsend", {"messageId": id})
        assert "replyToken" not in told
        assert (await content(line, id))[0] == 404
        assert await line.chat(HANAKO) == []


async def test_places_and_stickers_are_told_as_line_tells_them(tmp_path: Path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        await line.do(HANAKO, "send", type="location", latitude=35.5, longitude=139.5, address="町")
        place = (await receiver.next())["message"]
        assert (place["latitude"], place["longitude"], place["address"]) == (35.5, 139.5, "町")
        await line.do(HANAKO, "send", type="sticker")
        assert (await receiver.next())["message"]["packageId"] == "446"
        for wrong in ({"type": "song"}, {"type": "image"}, {"type": "location", "latitude": 1}):
            assert (await line.do(HANAKO, "send", **wrong)).status == 400


async def test_a_picker_gives_what_is_picked_within_its_bounds(tmp_path: Path) -> None:
    picker = {
        "type": "datetimepicker", "label": "選ぶ", "data": "d", "mode": "date",
        "min": "2026-04-01", "max": "2026-04-30",
    }  # fmt: skip
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        await line.push(HANAKO, buttons(picker))
        [message] = await line.chat(HANAKO)
        tap = {"message_id": message["id"], "action_index": 0}
        assert (await line.do(HANAKO, "tap", **tap)).body == {"wants": "datetimepicker"}
        assert (await line.do(HANAKO, "tap", **tap, picked="2026-05-01")).status == 409
        await line.do(HANAKO, "tap", **tap, picked="2026-04-02")
        told = (await receiver.next())["postback"]
        assert told == {"data": "d", "params": {"date": "2026-04-02"}}


WRONG_PICKERS = [
    {"mode": "year"}, {"min": "2026-4-1"}, {"max": "2200-01-01"},
    {"min": "2026-04-02", "max": "2026-04-02"}, {"min": "2026-04-02", "initial": "2026-04-01"},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG_PICKERS)
async def test_a_picker_that_line_does_not_take_is_refused(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    picker = {"type": "datetimepicker", "label": "選ぶ", "data": "d", "mode": "date", **wrong}
    async with simulating(tmp_path) as line:
        assert (await line.push(HANAKO, buttons(picker))).status == 400


async def test_cameras_stand_only_in_quick_replies(tmp_path: Path) -> None:
    async with simulating(tmp_path) as line:
        camera = {"type": "camera", "label": "撮る"}
        assert (await line.push(HANAKO, buttons(camera))).status == 400
        items = [{"type": "action", "action": camera}]
        text = {"type": "text", "text": "写真を", "quickReply": {"items": items}}
        assert (await line.push(HANAKO, text)).status == 200
        [message] = await line.chat(HANAKO)
        tapped = await line.do(HANAKO, "tap", message_id=message["id"], action_index=0)
        assert tapped.body == {"wants": "camera"}


def a_menu(data: str = "pressed", **more: Any) -> dict[str, Any]:
    area = {
        "bounds": {"x": 0, "y": 0, "width": 1200, "height": 400},
        "action": {"type": "postback", "label": "押す", "data": data},
    }
    return {
        "size": {"width": 1200, "height": 400}, "selected": True, "name": "menu",
        "chatBarText": "メニュー", "areas": [area], **more,
    }  # fmt: skip


def a_picture(width: int = 1200) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (width, 400), "white").save(drawn, "PNG")
    return drawn.getvalue()


async def upload(line: Line, id: str, picture: bytes) -> int:
    headers = {**BYTES, "content-type": "image/png"}
    url = f"{line.url}/v2/bot/richmenu/{id}/content"
    async with line.http.post(url, data=picture, headers=headers) as answer:
        return answer.status


async def test_a_menu_is_shown_to_all_or_to_one_and_its_areas_are_tapped(tmp_path: Path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        ids = [
            (await line.api("POST", "/richmenu", a_menu(name=name))).body["richMenuId"]
            for name in ("all", "one")
        ]
        early = await line.api("POST", f"/user/all/richmenu/{ids[0]}", {})
        assert early.status == 400
        assert await upload(line, ids[0], a_picture(900)) == 400
        assert [await upload(line, id, a_picture()) for id in (*ids, ids[0])] == [200, 200, 400]
        assert (await line.api("POST", f"/user/all/richmenu/{ids[0]}", {})).status == 200
        assert (await line.api("POST", f"/user/{HANAKO}/richmenu/{ids[1]}", {})).status == 200
        assert (await line.api("POST", f"/user/{NOBODY}/richmenu/{ids[1]}", {})).status == 404
        seen = [
            (await line.ask("GET", f"/phone/{person}/menu")).body["name"]
            for person in (HANAKO, TARO)
        ]
        assert seen == ["one", "all"]
        await line.do(HANAKO, "menu/tap", area_index=0)
        assert (await receiver.next())["postback"] == {"data": "pressed"}
        assert (await line.do(HANAKO, "menu/tap", area_index=1)).status == 404
        await line.api("DELETE", f"/user/{HANAKO}/richmenu")
        assert (await line.ask("GET", f"/phone/{HANAKO}/menu")).body["name"] == "all"


async def test_a_tap_counts_for_the_menu_that_was_seen(tmp_path: Path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        ids = []
        for data in ("before", "after"):
            menu = a_menu(data=data)
            ids.append((await line.api("POST", "/richmenu", menu)).body["richMenuId"])
            await upload(line, ids[-1], a_picture())
            await line.api("POST", f"/user/{HANAKO}/richmenu/{ids[-1]}", {})
        await line.do(HANAKO, "menu/tap", area_index=0, menu_id=ids[0])
        assert (await receiver.next())["postback"] == {"data": "before"}
        await line.do(HANAKO, "menu/tap", area_index=0)
        assert (await receiver.next())["postback"] == {"data": "after"}
        gone = await line.do(HANAKO, "menu/tap", area_index=0, menu_id="richmenu-gone")
        assert gone.status == 404


WRONG_MENUS = [
    {"chatBarText": "十五文字になるとメニューには入らない"}, {"areas": [{}]}, {"name": "n" * 301},
    {"size": {"width": 700, "height": 400}}, {"size": {"width": 1200, "height": 900}},
]  # fmt: skip


async def test_menus_beyond_line_s_limits_are_refused(tmp_path: Path) -> None:
    async with simulating(tmp_path) as line:
        for wrong in WRONG_MENUS:
            assert (await line.api("POST", "/richmenu", a_menu(**wrong))).status == 400, wrong
        statuses = [(await line.api("POST", "/richmenu", a_menu())).status for _ in range(96)]
        assert statuses[-2:] == [200, 429]


async def test_photographs_at_once_are_told_of_one_by_one_with_their_places(tmp_path: Path) -> None:
    async with receiving() as receiver, simulating(tmp_path, webhook_url=receiver.url) as line:
        contents = [base64.b64encode(words).decode() for words in (b"one", b"two", b"three")]
        sent = await line.do(HANAKO, "send", type="images", contents=contents, order=[3, 1])
        told = [(await receiver.next())["message"] for _ in range(2)]
        places = {one["imageSet"]["index"]: one for one in told}
        assert set(places) == {1, 3}
        assert {one["imageSet"]["total"] for one in told} == {3}
        assert len({one["imageSet"]["id"] for one in told}) == 1
        assert await content(line, places[3]["id"]) == (200, b"three")
        assert [one["message_id"] for one in sent.body["sent"]] == [
            places[3]["id"], places[1]["id"],
        ]  # fmt: skip
        for wrong in ({"contents": contents[:1]}, {"contents": contents, "order": [4]}):
            assert (await line.do(HANAKO, "send", type="images", **wrong)).status == 400


async def test_whoever_sees_a_menu_is_given_another_or_none_in_one_request(tmp_path: Path) -> None:
    async with simulating(tmp_path) as line:
        old, new = [
            (await line.api("POST", "/richmenu", a_menu(name=name))).body["richMenuId"]
            for name in ("old", "new")
        ]
        for id in (old, new):
            await upload(line, id, a_picture())
        for person in (HANAKO, TARO):
            await line.api("POST", f"/user/{person}/richmenu/{old}")

        async def replace(*operations: dict[str, str]) -> Any:
            return await line.api("POST", "/richmenu/batch", {"operations": list(operations)})

        done = await replace({"type": "link", "from": old, "to": new})
        request = done.headers["x-line-request-id"]
        looks = [
            await line.api("GET", f"/richmenu/progress/batch?requestId={request}") for _ in range(2)
        ]
        menus = [(await line.ask("GET", f"/phone/{person}/menu")).body for person in (HANAKO, TARO)]
        assert done.status == 202
        assert [look.body["phase"] for look in looks] == ["ongoing", "succeeded"]
        assert [menu["richMenuId"] for menu in menus] == [new, new]
        wrong = await replace({"type": "link", "from": old}, {"type": "hide"})
        blamed = [one["property"] for one in wrong.body["details"]]
        assert (wrong.status, blamed) == (400, ["operations[0].to", "operations[1].type"])
        assert (await replace({"type": "unlink", "from": new})).status == 202
        assert (await line.ask("GET", f"/phone/{HANAKO}/menu")).body == {}
        assert (await line.api("GET", "/richmenu/progress/batch?requestId=none")).status == 404
