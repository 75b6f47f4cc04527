"""A resident's phone with LINE: what is said to it, its buttons, and the card held to it."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from channels.simulators.card import Holder
from tests.channels.line.chat import Said
from tests.channels.simulators.line.simulator import Line
from tests.town import Town

PIN = "ABC123"


@dataclass
class Phone:
    """Who taps waits for the answer; `heard` is how far the chat was read."""

    line: Line
    town: Town
    id: str
    holder: Holder
    heard: int = 0

    async def do(self, deed: str, *, count: int = 1, **more: Any) -> Said:
        done = await self.line.do(self.id, deed, **more)
        assert done.status == 200, done.body
        return await self.hear(count=count)

    async def write(self, text: str) -> Said:
        return await self.do("say", text=text)

    async def tap(self, data: str, *, count: int = 1) -> Said:
        """Press the newest button that carries this; `count` messages come of it."""
        message_id = await self._newest(data)
        return await self.do("tap", count=count, message_id=message_id, data=data)

    async def pick(self, said: Said, verb: str, picked: str, *, count: int = 1) -> Said:
        """Pick a day, or a day and a time, by a verb's button under what was said."""
        data = said.starting(f"1:{verb}")
        message_id = await self._newest(data)
        return await self.do("tap", count=count, message_id=message_id, data=data, picked=picked)

    async def choose(self, said: Said, verb: str, *, count: int = 1) -> Said:
        """Press the button of a verb that stands under what was said."""
        return await self.tap(said.starting(f"1:{verb}"), count=count)

    async def tap_in_menu(self, data: str, page: int = 1) -> Said:
        """Open 登録の内容, which any text leads to, and press a button of it."""
        await self.write("登録の内容")
        await self.tap("1:menu:1")
        if page > 1:
            await self.tap(f"1:menu:{page}")
        return await self.tap(data)

    async def hear(self, words: str = "", *, count: int = 1) -> Said:
        """Wait until the account has said so much, and these words; time passes meanwhile."""
        found: list[Any] = []
        async with asyncio.timeout(60):
            while len(found) < count or words not in Said(found).words:
                query = f"/phone/{self.id}/messages?after={self.heard}&wait=0.1"
                answer = (await self.line.ask("GET", query)).body
                self.heard = answer["after"]
                found += [one["message"] for one in answer["messages"] if one["from"] == "account"]
                self.town.clock.pass_by(seconds=1)
        return Said(found)

    async def hold_card(self, challenge: Said, words: str, *, card: str = "") -> Said:
        """Open the page that the chat leads to, and hold a card to the phone."""
        if card:
            await self.line.add(self.id, card_id=card)
        [address] = challenge.links
        assert address.startswith("http://127.0.0.1:")
        done = await self.line.do(self.id, "card", pin=PIN, request_url=f"{address}/request")
        assert (done.status, done.body["reason"]) == (200, ""), done.body
        return await self.hear(words)

    async def register(self) -> Said:
        return await self.hold_card(await self.tap("1:register"), "登録が終わりました")

    async def all_said(self) -> str:
        return json.dumps(await self.line.chat(self.id), ensure_ascii=False)

    async def _newest(self, data: str) -> str:
        chat = await self.line.chat(self.id)
        ids = [one["id"] for one in chat if data in Said([one["message"]]).data]
        assert ids, f"no button for {data} in the chat"
        return str(ids[-1])
