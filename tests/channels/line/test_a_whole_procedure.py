"""A scripted phone goes through procedures with the real core behind the adapter."""

import base64
from pathlib import Path
from typing import Any

from tests.channels.line.chat import Said
from tests.channels.line.test_with_line_and_core import a_city
from tests.channels.simulators.line.simulator import HANAKO, Line
from tests.core.applications.procedures import publish
from tests.core.attachments.files import a_photo

WEB = "https://city.todoke.example"


class Phone:
    """Hanako's phone: does something, and returns what the account says to it."""

    def __init__(self, line: Line) -> None:
        self.line = line

    async def tap(self, prefix: str, place: int = 0, ending: str = "", **more: Any) -> Said:
        """Tap a button whose data begin so, in the newest message that has such."""
        for entry in reversed(await self.line.chat(HANAKO)):
            data = Said(entry["message"]).data
            found = [one for one in data if one.startswith(prefix) and one.endswith(ending)]
            if found and entry["from"] == "account":
                tap = {"message_id": entry["id"], "data": found[place], **more}
                return await self._answered("tap", **tap)
        raise AssertionError(f"no button begins with {prefix}")

    async def own(self) -> Said:
        """Ask for 申請の状況, by the list of what may be begun."""
        await self.tap("1:procedures:1")
        return await self.tap("1:own:1")

    async def say(self, text: str) -> Said:
        return await self._answered("say", text=text)

    async def send(self, **thing: Any) -> Said:
        return await self._answered("send", **thing)

    async def unsend(self) -> Said:
        """Take back what was sent last."""
        own = [one["id"] for one in await self.line.chat(HANAKO) if one["from"] != "account"]
        return await self._answered("unsend", message_id=own[-1])

    async def _answered(self, deed: str, **more: Any) -> Said:
        before = (await self.line.chat(HANAKO))[-1]["seq"]
        done = await self.line.do(HANAKO, deed, **more)
        assert done.status == 200, done.body
        await self.line.settled()
        said = await self.line.chat(HANAKO, f"?after={before}")
        return Said([entry["message"] for entry in said if entry["from"] == "account"])


WASTE = """
key: bulky_waste
version: 1
title: {ja: 粗大ごみの収集}
languages: [ja]
audience: anybody
decided: true
once: false
steps:
  - key: rules
    says: {ja: 朝8時までに出してください。}
    label: {ja: 出し方}
    info: {}
  - key: things
    says: {ja: 何を出しますか。}
    label: {ja: 品目}
    choices:
      most: 2
      options:
        - {value: chair, label: {ja: いす}}
        - {value: table, label: {ja: 机}}
        - {value: bed, label: {ja: ベッド}}
  - key: bought
    says: {ja: いつ買いましたか。}
    label: {ja: 買った日}
    date: {last: '2026-12-31'}
  - key: where
    says: {ja: どこに出しますか。}
    label: {ja: 場所}
    place: {}
  - key: day
    says: {ja: いつ集めますか。}
    label: {ja: 収集日}
    slot:
      most: 3
      slots:
        - {value: monday, label: {ja: 月曜}, capacity: 0}
        - {value: friday, label: {ja: 金曜}, capacity: 9}
  - key: count
    says: {ja: 袋はいくつですか。}
    label: {ja: 袋}
    number: {least: 1, most: 5}
  - key: account
    says: {ja: 返金の口座を入れてください。}
    label: {ja: 口座}
    optional: true
    sensitive: true
    text: {most: 40}
  - key: agreed
    says: {ja: 確かめてください。}
    label: {ja: 同意}
    consent: {terms: {ja: 収集料を払います。}}
"""


async def test_a_whole_procedure_is_gone_through_on_the_phone(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path, web_url=WEB) as (line, city):
        await publish(city, WASTE)
        await line.do(HANAKO, "follow")
        phone = Phone(line)
        await line.settled()
        assert "登録" in (await phone.send(type="sticker")).words
        await phone.tap("1:procedures:1")
        assert "朝8時までに" in (await phone.tap("1:start:bulky_waste")).words
        assert "何を出しますか" in (await phone.tap("1:read:")).words
        await phone.tap("1:toggle:", place=0)
        assert "選んだもの:いす、ベッド" in (await phone.tap("1:toggle:", place=2)).words
        assert "いつ買いましたか" in (await phone.tap("1:decide:")).words
        asked = await phone.tap("1:pick:", picked="2020-04-01")
        assert "どこに出しますか" in asked.words
        asked = await phone.send(type="location", latitude=35.6, longitude=139.7, address="本町")
        assert "月曜(満)" in asked.words
        assert "「金曜」を、いくつ" in (await phone.tap("1:how_many:")).words
        assert "袋はいくつ" in (await phone.tap("1:slot:", place=1)).words
        wrong = await phone.say("９袋")
        assert "大きすぎます。5までで" in wrong.words
        sound = base64.b64encode(b"sound").decode()
        for told, thing in (
            ("スタンプは答えとして", {"type": "sticker"}),
            ("音声は聞き取れません", {"type": "audio", "content": sound}),
            ("動画は見られません", {"type": "video", "content": sound}),
            ("ファイルをお願いしていないため", {"type": "image", "content": sound}),
            ("場所をお願いしていないため", {"type": "location", "latitude": 1, "longitude": 1}),
        ):
            again = await phone.send(**thing)
            assert told in again.words
            assert "袋はいくつ" in again.words
        assert (await phone.unsend()).messages == []
        account = await phone.say("３つです")
        assert "ページで入れてください" in account.words
        assert "書いた文字は、送信の取り消し" in (await phone.say("普通 1234567")).words
        link = (await phone.tap("1:on_page:")).links
        assert link[0].startswith(f"{WEB}/go/")
        assert "「スキップ」と書いて" in account.words
        assert "収集料を払います。" in (await phone.say("スキップ")).words
        await phone.tap("1:reopen:", ending=":account")
        terms = await phone.tap("1:skip:")
        assert "収集料を払います。" in terms.words
        review = await phone.tap("1:agree:")
        for shown in ("いす", "ベッド", "4月1日", "金曜", "3"):
            assert shown in review.words, shown
        assert "ベッド" in (await phone.tap("1:reopen:", ending=":things")).words
        await phone.tap("1:toggle:", place=2)
        review = await phone.tap("1:decide:")
        assert "ベッド" not in review.words
        assert "内容の確認" in review.words
        filed = await phone.tap("1:submit:")
        assert len(filed.messages) == 1
        assert "粗大ごみの収集\\n審査中" in (await phone.own()).words
        await phone.tap("1:own_one:")
        await phone.tap("1:take_back:")
        assert "取り下げました" in (await phone.tap("1:take_back_sure:")).words
        assert "取り下げ" in (await phone.own()).words


PHOTOGRAPHS = """
key: pothole
version: 1
title: {ja: 道路の穴}
languages: [ja]
audience: anybody
decided: false
once: false
steps:
  - key: photos
    says: {ja: 写真を送ってください。}
    label: {ja: 写真}
    photo: {most: 3, megabytes: 1}
  - key: note
    says: {ja: ほかに何かありますか。}
    label: {ja: そのほか}
    text: {most: 40}
"""


async def test_photographs_sent_at_once_are_one_answer_on_the_phone(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path, web_url=WEB) as (line, city):
        await publish(city, PHOTOGRAPHS)
        await line.do(HANAKO, "follow")
        phone = Phone(line)
        await line.settled()
        await phone.send(type="sticker")
        await phone.tap("1:procedures:1")
        asked = await phone.tap("1:start:pothole")
        assert "3枚まで、まとめて" in asked.words
        good = base64.b64encode(a_photo()).decode()
        bad = base64.b64encode(b"no photograph").decode()
        contents = [good, bad, good, good, good]
        said = await phone.send(type="images", contents=contents, order=[5, 2, 1, 4, 3])
        assert len(said.messages) == 1
        assert "ほかに何かありますか" in said.words
        for told in (
            "5枚のうち、3枚",
            "2枚目は受け取っていません。この",
            "5枚目は受け取っていません。3枚まで",
        ):
            assert told in said.words, told
        review = await phone.say("ありません")
        assert "3枚" in review.words
