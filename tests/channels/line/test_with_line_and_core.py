"""The adapter between the simulated LINE and the real core: each thing is said exactly once."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.line.app import create_app
from channels.simulators.card import Signed
from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, State, Told
from core.ids import new_id
from core.residents.rows import Resident
from tests import town
from tests.cards import Card, Cards
from tests.channels.line.adapter import some_settings
from tests.channels.serving import serving_there
from tests.channels.simulators.line.simulator import HANAKO, Line, simulating
from tests.town import MUNICIPALITY, Town


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


async def test_a_resident_reads_the_inbox_and_asks_whether_a_code_is_real(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (line, city):
        await line.add(HANAKO, card_id="hanako")
        await register(line, city)
        campaign, code = await city.running.db.write(_in_the_inbox)

        await line.do(HANAKO, "say", text="お知らせ")
        chat = await until_said(line, city, "防災訓練")
        listed = said(chat[-1])
        await line.do(HANAKO, "tap", message_id=chat[-1]["id"], data=f"1:inbox:{campaign}")
        opened = said((await until_said(line, city, "日曜日です"))[-1])
        await line.do(HANAKO, "say", text=f"確認 {code.lower()}")
        real = said((await until_said(line, city, "市役所が出したお知らせです"))[-1])
        await line.do(HANAKO, "say", text="確認 7777 7777")
        await until_said(line, city, "市役所からのお知らせにはありません")

        assert "【未読】防災訓練" in listed
        assert "登録の完了" in listed
        assert f"公式確認コード:{code[:4]}-{code[4:]}" in opened
        assert "防災訓練" in real
        key = {"municipality": MUNICIPALITY, "campaign_id": campaign}
        read = await city.read(lambda s: s.scalars(select(Recipient).filter_by(**key)).one())
        assert read.open_time is not None


def _in_the_inbox(session: Session) -> tuple[str, str]:
    """Keep a campaign for whoever is registered, which stands in the inbox alone."""
    now = datetime.now(UTC)
    text = {"by_language": {"ja": "防災訓練"}}, {"by_language": {"ja": "日曜日です。"}}
    campaign = Campaign(
        municipality=MUNICIPALITY, id=new_id(), title="訓練", kind=Kind.MESSAGE, program_id="",
        state=State.RUNNING, create_time=now, start_time=now, official_code="ACDE3467",
        draft_json=json.dumps(
            {
                "message": {"title": text[0], "body": text[1]},
                "recipients": {"age": {"to_age": 150}}, "topic": "events",
            }
        ),
    )  # fmt: skip
    session.add(campaign)
    session.flush()
    resident = session.scalars(select(Resident)).one()
    recipient = Recipient(
        municipality=MUNICIPALITY, campaign_id=campaign.id, resident_id=resident.id,
        contact_id="", batch=None, state=Told.INBOX,
    )  # fmt: skip
    session.add(recipient)
    return campaign.id, "ACDE3467"
