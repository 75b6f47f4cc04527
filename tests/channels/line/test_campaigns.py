"""Campaigns all the way: the core, the LINE adapter, and LINE's simulator, whose people count.

Whatever fails between the three, everybody is told once.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from channels.line.app import create_app
from tests import town
from tests.channels.line.adapter import some_settings
from tests.channels.serving import serving
from tests.channels.simulators.line.simulator import Line, simulating
from tests.core.messaging.makers import a_draft, a_topic, get, send, set_rules
from tests.core.messaging.many import lay_in, line_id, resident_id
from tests.makers import a_request_id
from tests.town import GoingClock, Town
from todoke.client import Core
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import dispatches_pb2
from todoke.v1.dispatches_pb2 import LANE_BULK, LANE_EMERGENCY

IN_LINE = pb.Condition(channel="line")


@dataclass
class City:
    """Everything that runs, and somebody who sends messages."""

    town: Town
    line: Line
    staff: Core

    async def until(
        self, come: Callable[[pb.Campaign], bool], campaign: str, *, leap: float = 0.5
    ) -> pb.Campaign:
        """Wait until a campaign has come so far, while time passes in leaps."""
        async with asyncio.timeout(60):
            while True:
                await self.town.running.jobs.run_waiting()
                found = await get(self.staff, campaign)
                if come(found):
                    return found
                await asyncio.sleep(0.05)
                self.town.clock.pass_by(seconds=leap)

    async def finished(self, campaign: str, **more: float) -> dict[str, int]:
        ended = await self.until(
            lambda one: one.state == pb.CAMPAIGN_STATE_FINISHED, campaign, **more
        )
        return dict(ended.deliveries)

    async def heard(self) -> dict[str, list[str]]:
        """Return what each person has been told, in order, as JSON."""
        answer = await self.line.ask("GET", "/admin/deliveries")
        return {
            person: [json.dumps(one["messages"], ensure_ascii=False) for one in got]
            for person, got in answer.body["people"].items()
        }


@asynccontextmanager
async def a_city(
    database: str,
    folder: Path,
    people: int,
    *,
    strangers: int = 0,
    line: Any = None,
    **adapter: Any,
) -> AsyncIterator[City]:
    """Run all three with so many people, the last of whom LINE does not know."""
    built = await town.build(database, folder, GoingClock())
    try:
        await built.running.db.write(lambda s: lay_in(s, range(people), built.clock()))
        staff = await built.staff()
        await a_topic(staff)
        token = (await built.channel()).token
        async with simulating(folder, clock=time.time, **(line or {})) as simulator:
            await simulator.add(*map(line_id, range(people - strangers)))
            settings = some_settings(folder, built.address, simulator.url, **adapter)
            settings.core_token_file.write_text(token, encoding="utf-8")
            async with serving(create_app(settings)):
                yield City(built, simulator, staff)
    finally:
        await built.close()


def draft(body: str, lane: dispatches_pb2.Lane.ValueType = LANE_BULK) -> pb.CampaignDraft:
    return a_draft(body, lane=lane, recipients=IN_LINE)


def told_once(heard: dict[str, list[str]], people: int, words: str) -> None:
    """Hold that each of so many has heard it once, and nobody else has."""
    times = Counter({person: sum(words in one for one in got) for person, got in heard.items()})
    assert +times == Counter({line_id(number): 1 for number in range(people)})


async def test_all_but_the_one_whom_line_does_not_know_are_told_once_whatever_gets_lost(
    sqlite_database: str, tmp_path: Path
) -> None:
    refusing = {"multicast_refuses_unknown": True}
    async with a_city(sqlite_database, tmp_path, 1_200, strangers=1, line=refusing) as city:
        await city.line.fault("lost_reply", probability=0.3)
        await set_rules(city.staff, approval_from=5_000)
        campaign = await send(city.staff, draft("避難所を開きます。"))
        counts = await city.finished(campaign)
        heard = await city.heard()

    assert counts == {"sent": 1_199, "failed": 1}
    told_once(heard, 1_199, "避難所を開きます。")
    [said] = heard[line_id(0)]
    assert f"1:inbox:{campaign}" in said


async def test_each_is_told_once_in_their_own_words_though_answers_get_lost(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path, 230, strangers=1) as city:
        await city.line.fault("error_after_accept", probability=0.05)
        campaign = await send(city.staff, draft("{name}様へ"))
        counts = await city.finished(campaign)
        heard = await city.heard()

    assert counts == {"sent": 229, "failed": 1}
    told_once(heard, 229, "様へ")
    assert all(f"市民{number}様へ" in heard[line_id(number)][0] for number in range(229))


async def test_an_emergency_overtakes_what_is_in_flight_and_a_paused_campaign_goes_on(
    sqlite_database: str, tmp_path: Path
) -> None:
    slow = {"capacity": 1, "push_rate": 200}
    async with a_city(sqlite_database, tmp_path, 400, **slow) as city:
        bulk = await send(city.staff, draft("{name}様へ"))
        await city.until(lambda one: one.deliveries.get("sent", 0) >= 100, bulk, leap=0)
        urgent = await send(city.staff, draft("逃げてください", LANE_EMERGENCY))
        assert await city.finished(urgent, leap=0) == {"sent": 400}
        overtaken = (await get(city.staff, bulk)).deliveries["sent"]
        pause = pb.PauseCampaignRequest(campaign_id=bulk, request_id=a_request_id())
        held = (await city.staff.ask(city.staff.campaigns.PauseCampaign, pause)).plan
        status = partial(city.staff.ask, city.staff.dispatches.GetDeliveryStatus)
        async with asyncio.timeout(30):
            while True:
                [lane] = [
                    one
                    for one in (await status(dispatches_pb2.GetDeliveryStatusRequest())).lanes
                    if one.lane == LANE_BULK
                ]
                if not lane.in_hand:
                    break
                await asyncio.sleep(0.02)
        told = sum("様へ" in one for got in (await city.heard()).values() for one in got)
        resume = pb.ResumeCampaignRequest(
            campaign_id=bulk, etag=held.etag, request_id=a_request_id()
        )
        await city.staff.ask(city.staff.campaigns.ResumeCampaign, resume)
        assert await city.finished(bulk) == {"sent": 400}
        heard = await city.heard()

    assert overtaken < 400
    assert told == 400 - lane.held < 400
    told_once(heard, 400, "様へ")
    told_once(heard, 400, "逃げてください")


async def test_an_emergency_goes_before_what_the_adapter_has_in_hand(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path, 300, push_rate=100) as city:
        bulk = await send(city.staff, draft("{name}様へ"))
        async with asyncio.timeout(30):
            while not await city.heard():  # noqa: ASYNC110 - LINE is waited for.
                await asyncio.sleep(0.02)
        some = pb.ChosenResidents(resident_ids=map(resident_id, range(296, 300)))
        chosen = a_draft(
            "{name}様、逃げてください", lane=LANE_EMERGENCY, recipients=pb.Condition(residents=some)
        )
        assert await city.finished(await send(city.staff, chosen), leap=0) == {"sent": 4}
        overtaken = sum("様へ" in one for got in (await city.heard()).values() for one in got)
        assert await city.finished(bulk) == {"sent": 300}
        heard = await city.heard()

    assert overtaken < 300
    assert all("逃げてください" in heard[line_id(number)][0] for number in range(296, 300))
    told_once(heard, 300, "様へ")


async def test_what_line_does_not_allow_this_month_waits_and_is_shown(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path, 30, line={"quota": 20}, quota_seconds=0.1) as city:
        campaign = await send(city.staff, draft("お知らせ"))
        staff = city.staff
        await city.until(lambda one: dict(one.deliveries) == {"queued": 30}, campaign)
        async with asyncio.timeout(30):
            quotas: list[dispatches_pb2.Quota] = []
            said = ""
            awaiting: list[int] = []
            while not quotas or not said or awaiting != [30]:
                await asyncio.sleep(0.05)
                request = dispatches_pb2.ListQuotasRequest()
                quotas = list((await staff.ask(staff.dispatches.ListQuotas, request)).quotas)
                listed = dispatches_pb2.ListDispatchesRequest()
                found = await staff.ask(staff.dispatches.ListDispatches, listed)
                [said] = [one.provider_message for one in found.dispatches]
                asked = dispatches_pb2.GetDeliveryStatusRequest()
                status = await staff.ask(staff.dispatches.GetDeliveryStatus, asked)
                lanes = [one for one in status.lanes if one.HasField("renew_time")]
                awaiting = [one.awaiting_allowance for one in lanes]

    assert [(one.channel, one.limit, one.used) for one in quotas] == [("line", 20, 0)]
    assert "monthly limit" in said
