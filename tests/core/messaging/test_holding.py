"""What was held or cancelled stays so, whatever becomes of what an adapter had in hand."""

import pytest

from tests.adapter import an_adapter
from tests.cards import Cards
from tests.core.messaging.makers import a_topic, get, people, send, set_rules
from tests.makers import a_request_id
from tests.town import Town
from todoke.client import Core
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import dispatches_pb2


async def pause(staff: Core, campaign: str) -> pb.CampaignPlan:
    request = pb.PauseCampaignRequest(campaign_id=campaign, request_id=a_request_id())
    return (await staff.ask(staff.campaigns.PauseCampaign, request)).plan


async def cancel(staff: Core, campaign: str) -> pb.CampaignPlan:
    request = pb.CancelCampaignRequest(
        campaign_id=campaign, reason="日付の誤り", request_id=a_request_id()
    )
    return (await staff.ask(staff.campaigns.CancelCampaign, request)).plan


@pytest.mark.parametrize(("stop", "after"), [(pause, "queued"), (cancel, "unknown")])
async def test_what_an_adapter_died_with_is_not_tried_again_once_it_is_stopped(
    a_town: Town, cards: Cards, stop, after: str
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await people(a_town, cards, 2)
    campaign = await send(staff)
    async with an_adapter(line) as dying:
        dying.ready(1)
        await dying.dispatch()
    await stop(staff, campaign)
    a_town.clock.pass_by(minutes=10)
    other = await send(staff)

    async with an_adapter(line) as adapter:
        adapter.ready(5)
        told = (await adapter.dispatch()).campaign.campaign_id

    assert told == other
    assert dict((await get(staff, campaign)).deliveries) == {after: 2}


async def test_what_is_refused_after_it_was_cancelled_is_not_told_in_halves(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await people(a_town, cards, 2)
    campaign = await send(staff)
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        tried = await adapter.dispatch()
        await cancel(staff, campaign)
        adapter.report(tried, dispatches_pb2.OUTCOME_RESULT_REFUSED)
        assert await adapter.taken()
    other = await send(staff)

    async with an_adapter(line) as adapter:
        adapter.ready(5)
        told = (await adapter.dispatch()).campaign.campaign_id

    assert told == other
    assert dict((await get(staff, campaign)).deliveries) == {"dropped": 2}


async def test_what_was_cancelled_before_it_told_anybody_counts_for_no_cap(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    await people(a_town, cards, 1)
    await set_rules(staff, weekly_cap=1)
    await a_town.do_waiting()
    wrong = await send(staff)
    await a_town.do_waiting()
    await cancel(staff, wrong)

    mended = await send(staff)
    await a_town.do_waiting()

    assert dict((await get(staff, mended)).deliveries) == {"queued": 1}
