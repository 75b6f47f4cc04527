"""The pictures of sending: a campaign being written, whom it goes to, and delivery as it goes.

They are of a town with the real core, since what they show is mostly its figures.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

from core import migrations
from core.callers import Role
from tests import town
from tests.adapter import Adapter, an_adapter
from tests.cards import Cards
from tests.core.messaging.makers import a_draft, a_topic, create, people, send
from tests.makers import a_request_id
from tests.tui.composing import composing, in_the_tree, the_campaigns, to_part
from tests.tui.real_core import hire, sat_down
from tests.tui.sitting import Sitting
from tests.tui.test_delivery_with_the_real_core import into
from todoke.client import Core
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import dispatches_pb2
from todoke.v1.dispatches_pb2 import (
    LANE_BULK,
    LANE_EMERGENCY,
    LANE_PERSONAL,
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_REFUSED,
)
from todoke.v1.procedures_pb2 import Text
from tui.screens.live import LiveScreen

ELDERS, OTHERS = 30, 12
OLD, YOUNG = date(1950, 4, 12), date(1990, 4, 12)
UNKNOWN_THERE = {
    "provider_message": "400 Failed to send messages",
    "blame": dispatches_pb2.BLAME_RECIPIENTS,
}
WHOM = pb.Condition(
    all_of=pb.Conditions(
        conditions=[
            pb.Condition(age=pb.AgeRange(from_age=65, to_age=150)),
            pb.Condition(area=pb.TownArea(town="中央1丁目")),
        ]
    )
)


async def campaign(sitting: Sitting) -> None:
    await the_campaigns(sitting)
    await composing(sitting, "d")
    await to_part(sitting, "whom")


async def conditions(sitting: Sitting) -> None:
    await campaign(sitting)
    await sitting.press("d")
    await in_the_tree(sitting)
    await sitting.sees(f"届く人 {ELDERS - 1}人")  # One is not known to the provider any more.


async def delivery(sitting: Sitting) -> None:
    await sitting.open("5")
    await into(sitting, "v", LiveScreen)
    await sitting.sees("配信中")


PICTURES: dict[str, Callable[[Sitting], Awaitable[None]]] = {
    "tui-composing": campaign,
    "tui-segment": conditions,
    "tui-live": delivery,
}


@asynccontextmanager
async def drawn(folder: Path) -> AsyncIterator[AsyncIterator[tuple[str, Sitting]]]:
    """Yield a sitting for each picture, before the screen that it is of."""
    database = f"sqlite:///{folder / 'sending.db'}"
    migrations.upgrade(database)
    cards = Cards(folder)
    hall = await town.build(database, folder, **cards.settings)
    try:
        async with AsyncExitStack() as adapters:
            await _fill(hall, cards, adapters)
            yield _sittings(hall)
    finally:
        await hall.close()


async def _sittings(hall: town.Town) -> AsyncIterator[tuple[str, Sitting]]:
    for name, go in PICTURES.items():
        async with sat_down(hall, "tanaka") as sitting:
            await go(sitting)
            yield name, sitting


async def _fill(hall: town.Town, cards: Cards, adapters: AsyncExitStack) -> None:
    """Tell of an emergency, hold one campaign, leave one half-way, and have one refused."""
    await hire(hall, "tanaka", Role.MESSENGER, shown="田中")
    staff, line = await hall.staff(name="sato", shown="佐藤"), await hall.channel()
    await a_topic(staff, title="防災")
    gone, *_ = await people(hall, cards, ELDERS, birth_date=OLD)
    await people(hall, cards, OTHERS, birth_date=YOUNG, language="en")
    hall.clock.pass_by(minutes=5)
    quota = dispatches_pb2.ReportQuotaRequest(
        limit=200_000, used=151_240, period="2026-11", request_id=a_request_id()
    )
    await line.ask(line.dispatches.ReportQuota, quota)
    adapter = await adapters.enter_async_context(an_adapter(line))

    await send(staff, _draft("断水のお知らせ(緊急)", lane=LANE_EMERGENCY))
    await hall.do_waiting()
    await _report(adapter, OUTCOME_RESULT_ACCEPTED)
    await _report(adapter, OUTCOME_RESULT_ACCEPTED)
    held = await send(staff, _draft("冬の節電のお願い", lane=LANE_BULK))
    await hall.do_waiting()
    await _pause(staff, held)
    await send(staff, _draft("健康診断のご案内", lane=LANE_BULK))
    await hall.do_waiting()
    await _report(adapter, OUTCOME_RESULT_ACCEPTED)
    one = pb.Condition(residents=pb.ChosenResidents(resident_ids=[gone.resident_id]))
    await send(staff, _draft("補聴器の助成の期限", lane=LANE_PERSONAL, recipients=one))
    await hall.do_waiting()
    await _report(adapter, OUTCOME_RESULT_REFUSED, **UNKNOWN_THERE)
    adapter.ready(1)
    await adapter.dispatch()  # In hand, as long as the pictures are drawn.
    await create(staff, _draft("防災訓練のお知らせ", recipients=WHOM))


def _draft(title: str, **more) -> pb.CampaignDraft:
    draft = a_draft("{name}様\n日曜日の午前9時から、集会所で行います。", **more)
    draft.title = title
    draft.message.title.CopyFrom(Text(by_language={"ja": title, "en": "From the city"}))
    return draft


async def _report(
    adapter: Adapter, result: dispatches_pb2.OutcomeResult.ValueType, **more: Any
) -> None:
    adapter.ready(1)
    adapter.report(await adapter.dispatch(), result, **more)
    assert await adapter.taken()


async def _pause(staff: Core, campaign_id: str) -> None:
    request = pb.PauseCampaignRequest(campaign_id=campaign_id, request_id=a_request_id())
    await staff.ask(staff.campaigns.PauseCampaign, request)
