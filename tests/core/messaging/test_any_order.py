"""Whatever staff, providers and residents do: everybody is told once, and nothing is stuck."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from core.campaigns.recipient_rows import Recipient
from core.dispatches.rows import Dispatch
from core.dispatches.rules import State
from core.jobs import At
from core.messaging import sweeping
from tests import town as towns
from tests.core.messaging.makers import a_draft, a_topic, create, get, plan_of, schedule, set_rules
from tests.core.messaging.many import lay_in, lay_in_more, line_id, sms_id
from tests.core.messaging.provider import Fate, Provider, deliver
from tests.core.messaging.test_results import results
from tests.core.residents.makers import suppress as protect
from tests.examples import examples
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town
from todoke.client import Core, CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import dispatches_pb2, residents_pb2

PEOPLE = 6
NUMBERS = count()
CHANNELS = ("line", "sms")
REFUSED = {"WRONG_STATE", "CHANGED_MEANWHILE", "NOBODY_TO_TELL"}
"""What the core may say no with; anything else is a fault."""

UNTOLD = {"failed", "left_out", "inbox", "dropped"}
"""States of which nobody may have been told, but by a person's word."""

chosen = st.integers(0, 5)
fates = st.lists(st.sampled_from(Fate), min_size=1, max_size=4)


class Life(RuleBasedStateMachine):
    """Campaigns to six people, four of whom are reached on a second channel as well."""

    runner: asyncio.Runner
    town: Town

    @initialize()
    def begin(self) -> None:
        self.runner.run(self._begun())

    async def _begun(self) -> None:
        self.provider = Provider()
        self.campaigns: list[str] = []
        self.by_word: Counter[tuple[str, str]] = Counter()
        self.lines = self.town.cores[0], self.town.cores[1]
        await self._signs_in()
        first = next(NUMBERS) * PEOPLE
        self.people = {
            f"0198c0de-0000-7000-8000-{number:012}": number
            for number in range(first, first + PEOPLE)
        }
        self.ids = {
            external: resident
            for resident, number in self.people.items()
            for external in (line_id(number), sms_id(number))
        }
        await self.town.running.db.write(self._lay_in)
        recipients = pb.ChosenResidents(resident_ids=list(self.people))
        self.all = pb.Condition(residents=recipients)
        await self._send("皆様", dispatches_pb2.LANE_PERSONAL)

    def _lay_in(self, session: Any) -> None:
        numbers = list(self.people.values())
        now = self.town.clock()
        lay_in(session, range(numbers[0], numbers[-1] + 1), now)
        lay_in_more(session, numbers[:4], now)

    async def _signs_in(self) -> None:
        """Whoever signed in before is signed out after some hours."""
        self.staff, self.approver = await self.town.staff(), await self.town.staff()

    def tried(self, asked: Any) -> None:
        try:
            self.runner.run(asked)
        except CoreError as refused:
            if refused.reason not in REFUSED:
                raise

    @rule(body=st.sampled_from(["{name}様", "皆様"]), lane=st.sampled_from([1, 2, 3]))
    def send(self, body: str, lane: int) -> None:
        if len(self.campaigns) < 3:
            self.tried(self._send(body, lane))

    async def _send(self, body: str, lane: int) -> None:
        plan = await create(
            self.staff,
            a_draft(body, lane=dispatches_pb2.Lane.ValueType(lane), recipients=self.all),
        )
        if plan.needs_approval:
            request = pb.ApproveCampaignRequest(
                campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=a_request_id()
            )
            approve = self.approver.campaigns.ApproveCampaign
            plan = (await self.approver.ask(approve, request)).plan
        await schedule(self.staff, plan)
        self.campaigns.append(plan.campaign.campaign_id)
        await self.town.running.jobs.run_waiting()

    @rule(which=st.sampled_from(["pause", "resume", "cancel"]), number=chosen)
    def steer(self, which: str, number: int) -> None:
        if self.campaigns:
            self.tried(self._steer(which, self.campaigns[number % len(self.campaigns)]))

    async def _steer(self, which: str, id: str) -> None:
        of = {"campaign_id": id, "request_id": a_request_id()}
        rpcs = self.staff.campaigns
        if which == "pause":
            await self.staff.ask(rpcs.PauseCampaign, pb.PauseCampaignRequest(**of))
        elif which == "cancel":
            request = pb.CancelCampaignRequest(**of, reason="中止")
            await self.staff.ask(rpcs.CancelCampaign, request)
        else:
            etag = (await plan_of(self.staff, id)).etag
            await self.staff.ask(rpcs.ResumeCampaign, pb.ResumeCampaignRequest(**of, etag=etag))

    @rule(channel=st.sampled_from([0, 0, 1]), fates=fates)
    def deliver(self, channel: int, fates: list[Fate]) -> None:
        self.runner.run(self._deliver(channel, fates))

    async def _deliver(self, channel: int, fates: list[Fate]) -> int:
        line = self.lines[channel]
        return await deliver(self.town, line, CHANNELS[channel], self.provider, fates)

    @rule(what=st.sampled_from(["forgotten", "blocked", "protected"]), number=chosen)
    def somebody_is_lost(self, what: str, number: int) -> None:
        """Let a provider forget somebody, or have them block the city, or be protected."""
        resident, name = list(self.people.items())[number]
        if what == "forgotten":
            self.provider.unknown.update((line_id(name), sms_id(name))[: 1 + number % 2])
        elif what == "protected":
            self.tried(protect(self.staff, resident))
        else:
            request = residents_pb2.SeeContactRequest(
                external_id=line_id(name),
                state=residents_pb2.CONTACT_STATE_LOST,
                seen_time=self.town.clock(),
                request_id=a_request_id(),
            )
            self.runner.run(self.lines[0].ask(self.lines[0].residents.SeeContact, request))

    @rule(fate=st.sampled_from([Fate.ANSWER_LOST, Fate.SILENT, Fate.ALLOWANCE_ENDS]))
    def deliver_in_trouble(self, fate: Fate) -> None:
        self.runner.run(self._deliver(0, [fate] * 3))

    @rule(minutes=st.sampled_from([2, 12, 90, 25 * 60, 4 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.runner.run(self._time_passes(minutes))

    async def _time_passes(self, minutes: int) -> None:
        self.town.clock.pass_by(minutes=minutes)
        if minutes > 60:
            await self._signs_in()
        now = self.town.clock()
        await self.town.running.db.write(
            lambda s: sweeping.step(s, At(municipality=MUNICIPALITY, cursor="", now=now))
        )
        await self.town.running.jobs.run_waiting()

    @rule(resolution=st.sampled_from([1, 2, 3]))
    def decide(self, resolution: int) -> None:
        self.tried(self._decide(resolution))

    async def _decide(self, resolution: int) -> None:
        request = dispatches_pb2.ListDispatchesRequest(
            state=dispatches_pb2.DISPATCH_STATE_UNKNOWN, page_size=200
        )
        found = await self.staff.ask(self.staff.dispatches.ListDispatches, request)
        for one in found.dispatches:
            if one.campaign_id not in self.campaigns:
                continue
            of = await self.town.read(lambda s, one=one: self._of(s, one.dispatch_id))
            self.by_word.update((one.campaign_id, resident) for resident in of)
            decided = dispatches_pb2.ResolveDispatchRequest(
                dispatch_id=one.dispatch_id,
                resolution=dispatches_pb2.Resolution.ValueType(resolution),
                reason="電話で確かめた",
                request_id=a_request_id(),
            )
            await self.staff.ask(self.staff.dispatches.ResolveDispatch, decided)

    def _of(self, session: Any, dispatch_id: str) -> list[str]:
        dispatch = session.get(Dispatch, (MUNICIPALITY, dispatch_id))
        query = select(Recipient.resident_id).where(
            Recipient.campaign_id == dispatch.campaign_id, Recipient.batch == dispatch.batch
        )
        return list(session.scalars(query))

    @invariant()
    def everybody_is_in_one_state_and_was_told_at_most_once(self) -> None:
        if hasattr(self, "campaigns"):
            for id in self.campaigns:
                self.runner.run(self._holds(id))

    async def _holds(self, id: str) -> None:
        campaign, listed, rows = await self._seen(id)
        states = {
            one.resident_id: pb.DeliveryState.Name(one.state)
            .removeprefix("DELIVERY_STATE_")
            .lower()
            for one in listed
        }
        counted = Counter(states.values())
        assert len(listed) == len(states) == campaign.recipients
        assert counted == dict(campaign.deliveries)
        assert counted == sum((Counter(dict(row.deliveries)) for row in rows), Counter())
        told: Counter[str] = Counter()
        for (of, external), times in self.provider.told.items():
            if of == id:
                told[self.ids[external]] += times
        for resident, state in states.items():
            words = self.by_word[id, resident]
            assert told[resident] <= 1 + words
            if not words:
                assert state not in UNTOLD or not told[resident]
                assert state != "sent" or told[resident]

    async def _seen(
        self, id: str
    ) -> tuple[pb.Campaign, list[pb.Delivery], list[pb.CampaignResultRow]]:
        """Return what staff see of a campaign at one moment: its job may be at it meanwhile."""
        request = pb.ListDeliveriesRequest(campaign_id=id, page_size=200)
        while True:
            before = await get(self.staff, id)
            listed = await self.staff.ask(self.staff.campaigns.ListDeliveries, request)
            rows = await results(self.staff, id)
            if before == await get(self.staff, id):
                return before, list(listed.deliveries), rows

    def teardown(self) -> None:
        if hasattr(self, "campaigns"):
            self.runner.run(self._comes_to_an_end())

    async def _comes_to_an_end(self) -> None:
        """With a provider that takes everything, nothing waits for ever."""
        await self._signs_in()
        for _ in range(12):
            for id in self.campaigns:
                if (await get(self.staff, id)).state == pb.CAMPAIGN_STATE_PAUSED:
                    await self._steer("resume", id)
            for channel in (0, 1):
                while await self._deliver(channel, [Fate.TAKEN] * 4):
                    pass
            if not await self.town.read(self._waits):
                break
            await self._time_passes(26 * 60)
        await self._decide(dispatches_pb2.RESOLUTION_NOT_SENT)
        await self._time_passes(2)
        for id in self.campaigns:
            campaign = await get(self.staff, id)
            assert campaign.state in {pb.CAMPAIGN_STATE_FINISHED, pb.CAMPAIGN_STATE_CANCELLED}
            assert "queued" not in campaign.deliveries
            assert "unknown" not in campaign.deliveries
            await self._holds(id)

    def _waits(self, session: Any) -> bool:
        found = session.scalars(select(Dispatch).where(Dispatch.campaign_id.in_(self.campaigns)))
        return any(one.free_time is not None or one.state is State.HELD for one in found)


async def _rules_of_sending(town: Town) -> None:
    for channel in CHANNELS:
        await town.channel(channel)
    staff: Core = await town.staff()
    await a_topic(staff)
    await set_rules(staff, quiet_from="00:00", quiet_to="00:00", approval_from=5)


@pytest.fixture
def machine(sqlite_database: str, tmp_path: Path) -> Iterator[type[Life]]:
    """Campaigns of one town, each life's to others."""
    with asyncio.Runner() as runner:
        town = runner.run(towns.build(sqlite_database, tmp_path, pushing_channels=list(CHANNELS)))
        runner.run(_rules_of_sending(town))
        yield type("InTown", (Life,), {"runner": runner, "town": town})
        runner.run(town.close())


def test_in_any_order_everybody_is_told_once_and_nothing_is_stuck(machine: type[Life]) -> None:
    run_state_machine_as_test(machine, settings=examples(4, stateful_step_count=18))
