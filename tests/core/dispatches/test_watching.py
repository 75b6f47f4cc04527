"""How delivery goes now: how fast, for which campaign, and what was refused and why."""

from tests.adapter import Adapter, an_adapter
from tests.cards import Cards
from tests.core.messaging.makers import a_draft, a_topic, people, send
from tests.makers import Registered
from tests.town import Town
from todoke.client import Core
from todoke.v1 import campaigns_pb2
from todoke.v1 import dispatches_pb2 as pb


async def status_of(staff: Core) -> pb.GetDeliveryStatusResponse:
    return await staff.ask(staff.dispatches.GetDeliveryStatus, pb.GetDeliveryStatusRequest())


def only(resident: Registered) -> campaigns_pb2.Condition:
    chosen = campaigns_pb2.ChosenResidents(resident_ids=[resident.resident_id])
    return campaigns_pb2.Condition(residents=chosen)


async def under_way(staff: Core) -> list[campaigns_pb2.Campaign]:
    request = campaigns_pb2.ListCampaignsRequest(under_way=True)
    return list((await staff.ask(staff.campaigns.ListCampaigns, request)).campaigns)


async def end(adapter: Adapter, result: pb.OutcomeResult.ValueType, **more) -> None:
    """Take one dispatch and report what became of it."""
    adapter.ready(1)
    adapter.report(await adapter.dispatch(), result, **more)
    assert await adapter.taken()


async def test_it_shows_how_fast_each_lane_and_campaign_goes_and_why_some_was_refused(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    first, second = await people(a_town, cards, 2)
    a_town.clock.pass_by(minutes=5)
    going = await send(staff, a_draft("{name}様", lane=pb.LANE_PERSONAL, recipients=only(first)))
    refused = await send(staff, a_draft(lane=pb.LANE_BULK, recipients=only(second)))
    await a_town.do_waiting()
    async with an_adapter(line) as adapter:
        await end(adapter, pb.OUTCOME_RESULT_ACCEPTED)
        a_town.clock.pass_by(seconds=31)
        await end(
            adapter, pb.OUTCOME_RESULT_REFUSED, provider_message="400 no such user",
            blame=pb.BLAME_RECIPIENTS,
        )  # fmt: skip
        a_town.clock.pass_by(seconds=1)

        status = await status_of(staff)

    personal, bulk = status.lanes
    assert not status.quiet
    assert not status.HasField("quiet_end_time")
    assert (personal.lane, bulk.lane) == (pb.LANE_PERSONAL, pb.LANE_BULK)
    assert [(at, sent) for at, sent in enumerate(personal.sent_by_slice) if sent] == [(9, 1)]
    assert (personal.sent_last_minute, bulk.failed_last_minute) == (1, 1)
    assert list(bulk.sent_by_slice) == [0] * 20
    paces = {one.campaign_id: one for one in status.paces}
    assert (paces[going].sent_last_minute, paces[going].failed_last_minute) == (1, 0)
    assert (paces[refused].sent_last_minute, paces[refused].failed_last_minute) == (0, 1)
    [why] = status.refusals
    assert (why.channel, why.provider_message, why.recipients) == ("line", "400 no such user", 1)

    asked = campaigns_pb2.GetCampaignResultsRequest(campaign_id=refused)
    results = await staff.ask(staff.campaigns.GetCampaignResults, asked)
    assert dict(results.reasons) == {"refused": 1}

    a_town.clock.pass_by(minutes=2)
    later = await status_of(staff)
    assert not later.paces
    assert [one.recipients for one in later.refusals] == [1]
    a_town.clock.pass_by(hours=11, minutes=30)
    at_night = await status_of(await a_town.staff())
    assert (at_night.quiet, list(at_night.refusals)) == (True, [])
    assert at_night.quiet_end_time.ToJsonString() == "2026-11-24T23:00:00Z"


async def test_what_a_provider_could_not_take_says_when_it_is_sent_again_and_why(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await people(a_town, cards, 2)
    await send(staff)
    await a_town.do_waiting()
    why = "500 Internal error"
    async with an_adapter(line) as adapter:
        await end(adapter, pb.OUTCOME_RESULT_TRY_AGAIN, provider_message=why)

    [waits] = (await status_of(staff)).postponed
    listed = await staff.ask(staff.dispatches.ListDispatches, pb.ListDispatchesRequest())
    [queued] = [one for one in listed.dispatches if one.state == pb.DISPATCH_STATE_QUEUED]

    assert (waits.channel, waits.provider_message, waits.recipients) == ("line", why, 2)
    assert waits.due_time == queued.due_time
    a_town.clock.pass_by(minutes=10)
    assert not (await status_of(staff)).postponed


async def test_what_runs_is_paused_or_ended_lately_is_under_way(a_town: Town, cards: Cards) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await people(a_town, cards)
    await send(staff)
    await a_town.do_waiting()
    [running] = await under_way(staff)
    async with an_adapter(line) as adapter:
        await end(adapter, pb.OUTCOME_RESULT_ACCEPTED)
        [carried] = (
            await staff.ask(staff.dispatches.ListDispatches, pb.ListDispatchesRequest(page_size=1))
        ).dispatches
        a_town.clock.pass_by(minutes=2)
        await a_town.running.jobs.run_due()
    [ended] = await under_way(staff)
    a_town.clock.pass_by(minutes=11)

    assert carried.carries == "campaign"
    assert running.state == campaigns_pb2.CAMPAIGN_STATE_RUNNING
    assert (ended.campaign_id, ended.state) == (
        running.campaign_id,
        campaigns_pb2.CAMPAIGN_STATE_FINISHED,
    )
    assert await under_way(staff) == []
