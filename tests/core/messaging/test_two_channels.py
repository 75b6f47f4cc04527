"""A town with two channels that push: what each costs, and who stands in for whom."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import town as towns
from tests.adapter import an_adapter
from tests.cards import Cards, a_holder
from tests.core.messaging.makers import EVERYBODY, a_topic, send
from tests.core.messaging.test_campaigns import finished
from tests.core.messaging.test_results import deliveries
from tests.core.segments.test_segments import preview
from tests.makers import a_contact, a_request_id, a_resident
from tests.town import Town
from todoke.client import Core
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import dispatches_pb2
from todoke.v1.dispatches_pb2 import OUTCOME_RESULT_ACCEPTED, OUTCOME_RESULT_REFUSED
from todoke.v1.residents_pb2 import CONTACT_STATE_LOST


@pytest.fixture
async def two_channels(database: str, tmp_path: Path, cards: Cards) -> AsyncIterator[Town]:
    """A town that pushes over LINE, which costs, and over a radio, which is slow."""
    town = await towns.build(
        database, tmp_path, **cards.settings, pushing_channels=["line", "radio"],
        message_prices={"line": 2.5}, message_rates={"line": 100, "radio": 1},
    )  # fmt: skip
    yield town
    await town.close()


async def take(channel: Core, result: dispatches_pb2.OutcomeResult.ValueType) -> list[str]:
    """Take a campaign's dispatch, and say what became of it; return to whom it went."""
    async with an_adapter(channel) as adapter:
        while True:
            adapter.ready(1)
            dispatch = await adapter.dispatch()
            is_it = dispatch.HasField("campaign")
            adapter.report(dispatch, result if is_it else OUTCOME_RESULT_ACCEPTED)
            assert await adapter.taken()
            if is_it:
                return list(dispatch.recipients)


async def test_each_channel_is_reckoned_by_its_own_price_rate_and_allowance(
    two_channels: Town, cards: Cards
) -> None:
    staff, line = await two_channels.staff(), await two_channels.channel()
    radio = await two_channels.channel("radio")
    await a_topic(staff)
    for channel in (line, line, line, radio, radio):
        await a_resident(two_channels, channel, cards.issue(a_holder()))
    report = dispatches_pb2.ReportQuotaRequest(
        limit=200, used=199, period="2026-11", request_id=a_request_id()
    )
    await line.ask(line.dispatches.ReportQuota, report)

    found = await preview(staff, EVERYBODY)

    on_line, on_radio = found.channels
    assert on_line == pb.ChannelPreview(
        channel="line", recipients=3, cost=8, seconds=1, beyond_allowance=2
    )
    assert on_radio == pb.ChannelPreview(channel="radio", recipients=2, seconds=2)
    assert (found.cost, found.seconds) == (8, 2)


async def test_whom_one_channel_does_not_know_any_more_is_told_on_the_next(
    two_channels: Town, cards: Cards
) -> None:
    staff, line = await two_channels.staff(), await two_channels.channel()
    radio = await two_channels.channel("radio")
    await a_topic(staff)
    card = cards.issue(a_holder())
    heard = await a_resident(two_channels, radio, card)
    two_channels.clock.pass_by(seconds=1)
    chats = await a_resident(two_channels, line, card)
    assert heard.resident_id == chats.resident_id

    campaign = await send(staff)
    refused = await take(line, OUTCOME_RESULT_REFUSED)
    told = await take(radio, OUTCOME_RESULT_ACCEPTED)
    ended = await finished(two_channels, staff, campaign)

    assert (refused, told) == ([chats.external_id], [heard.external_id])
    assert dict(ended.deliveries) == {"sent": 1}
    assert ended.state == pb.CAMPAIGN_STATE_FINISHED
    [delivery] = await deliveries(staff, campaign)
    assert (delivery.channel, delivery.reason) == ("radio", "")


async def test_whose_contact_is_lost_before_it_is_tried_is_told_on_the_next(
    two_channels: Town, cards: Cards
) -> None:
    staff, line = await two_channels.staff(), await two_channels.channel()
    radio = await two_channels.channel("radio")
    await a_topic(staff)
    card = cards.issue(a_holder())
    heard = await a_resident(two_channels, radio, card)
    two_channels.clock.pass_by(seconds=1)
    chats = await a_resident(two_channels, line, card)
    alone = await a_resident(two_channels, line, cards.issue(a_holder()))
    campaign = await send(staff)
    await two_channels.do_waiting()

    for one in (chats, alone):
        await a_contact(two_channels, line, one.external_id, state=CONTACT_STATE_LOST)
    async with an_adapter(line) as adapter:
        adapter.ready(5)
        await adapter.dispatch()  # Of their registration, with which the campaign's is formed.
        told = await take(radio, OUTCOME_RESULT_ACCEPTED)
    ended = await finished(two_channels, staff, campaign)

    assert told == [heard.external_id]
    assert dict(ended.deliveries) == {"sent": 1, "dropped": 1}
