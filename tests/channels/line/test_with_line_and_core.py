"""The adapter between the simulated LINE and the real core: each thing is said exactly once."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from channels.line.app import create_app
from channels.simulators.card import Signed
from tests import town
from tests.cards import Card, Cards
from tests.channels.line.adapter import some_settings
from tests.channels.serving import serving_there
from tests.channels.simulators.line.simulator import HANAKO, Line, simulating
from tests.town import Town


@dataclass
class Wallet:
    """One card in every pocket."""

    card: Card

    def sign(self, card_id: str, pin: str, text: bytes) -> Signed:
        return self.card.sign(text.decode())


@asynccontextmanager
async def a_city(database: str, folder: Path, **more: Any) -> AsyncIterator[tuple[Line, Town]]:
    cards = Cards(folder / "authority")
    built = await town.build(database, folder, **cards.settings)
    token = (await built.channel()).token
    wallet = Wallet(cards.issue())
    try:
        async with simulating(folder, clock=time.time, wallet=wallet) as line:

            def make(url: str) -> Any:
                settings = some_settings(folder, built.address, line.url, public_url=url, **more)
                settings.core_token_file.write_text(token, encoding="utf-8")
                return create_app(settings)

            async with serving_there(make) as url:
                endpoint = {"endpoint": f"{url}/line/webhook"}
                await line.api("PUT", "/channel/webhook/endpoint", endpoint)
                await line.do(HANAKO, "unfollow")
                await line.settled()
                yield line, built
    finally:
        await built.close()


async def until_said(line: Line, city: Town, words: str) -> list[Any]:
    """Wait until the account has said something, while time passes; returns all that it said."""
    async with asyncio.timeout(60):
        after = 0
        while True:
            answer = await line.ask("GET", f"/phone/{HANAKO}/messages?after={after}&wait=0.2")
            city.clock.pass_by(seconds=2)
            after = answer.body["after"]
            if any(words in said(message) for message in answer.body["messages"]):
                return await line.chat(HANAKO)


def said(message: Any) -> str:
    return json.dumps(message, ensure_ascii=False)


async def register(line: Line, city: Town) -> None:
    """Follow, press the button, and hold the card to the phone."""
    await line.do(HANAKO, "follow")
    chat = await until_said(line, city, "1:register")
    await line.do(HANAKO, "tap", message_id=chat[-1]["id"], data="1:register")
    chat = await until_said(line, city, "/card/")
    opened = await line.do(HANAKO, "tap", message_id=chat[-1]["id"], action_index=0)
    held = await line.do(HANAKO, "card", pin="ABC123", request_url=opened.body["open"] + "/request")
    assert (held.status, held.body["reason"]) == (200, ""), held.body
    await until_said(line, city, "登録が終わりました")


@pytest.mark.parametrize(
    "fault", ["", "lost_reply", "error_after_accept", "error_before_accept", "duplicate_webhook"]
)
async def test_a_resident_registers_and_hears_everything_once(
    sqlite_database: str, tmp_path: Path, fault: str
) -> None:
    async with a_city(sqlite_database, tmp_path) as (line, city):
        if fault:
            await line.fault(fault, probability=0.5)
        await line.add(HANAKO, card_id="hanako")
        await register(line, city)
        await line.settled()
        texts = [said(message) for message in await line.chat(HANAKO)]
        for words in ("ようこそ", "同意の文を読む", "登録が終わりました"):
            assert sum(words in text for text in texts) == 1, (words, texts)
