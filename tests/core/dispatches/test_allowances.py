"""What a provider surely did not take waits for the allowance, and no person decides of it."""

from datetime import datetime, timedelta

from tests.adapter import Adapter, an_adapter
from tests.cards import Cards
from tests.core.dispatches.test_rates import events
from tests.core.messaging.makers import a_draft, a_topic, get, people, send
from tests.core.messaging.test_campaigns import finished
from tests.core.residents.makers import suppress
from tests.makers import Registered, a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core
from todoke.v1 import campaigns_pb2
from todoke.v1 import dispatches_pb2 as pb

DAYS = timedelta(days=4)
"""Until the allowance is renewed: longer than any key is remembered."""


async def not_taken(town: Town, adapter: Adapter, **outcome: object) -> pb.Dispatch:
    """Take a dispatch, and say that nothing of it was taken until the allowance is renewed."""
    adapter.ready(1)
    dispatch = await adapter.dispatch()
    refuse(town, adapter, dispatch, pb.OUTCOME_RESULT_NOT_TAKEN, **outcome)
    assert await adapter.taken()
    return dispatch


def refuse(
    town: Town,
    adapter: Adapter,
    dispatch: pb.Dispatch,
    result: pb.OutcomeResult.ValueType,
    **more: object,
) -> None:
    renewal: datetime = town.clock() + DAYS
    adapter.report(dispatch, result, allowance_renew_time=renewal, **more)


async def accept(line: Core) -> pb.Dispatch:
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        dispatch = await adapter.dispatch()
        adapter.report(dispatch, pb.OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()
    return dispatch


async def status(staff: Core) -> pb.GetDeliveryStatusResponse:
    return await staff.ask(staff.dispatches.GetDeliveryStatus, pb.GetDeliveryStatusRequest())


async def report_quota(line: Core, limit: int, used: int, period: str = "2026-11") -> None:
    request = pb.ReportQuotaRequest(
        limit=limit, used=used, period=period, request_id=a_request_id()
    )
    await line.ask(line.dispatches.ReportQuota, request)


async def sent(
    town: Town, cards: Cards, number: int = 2, **draft: object
) -> tuple[Core, Core, str, list[Registered]]:
    staff, line = await town.staff(), await town.channel()
    await a_topic(staff)
    residents = await people(town, cards, number)
    campaign = await send(staff, a_draft(**draft))
    await town.do_waiting()
    return staff, line, campaign, residents


async def test_what_the_allowance_does_not_reach_waits_for_it_and_goes_out_once_by_lane(
    a_town: Town, cards: Cards
) -> None:
    staff, line, bulk, residents = await sent(a_town, cards)
    urgent = await send(staff, a_draft("避難してください", lane=pb.LANE_EMERGENCY))
    await a_town.do_waiting()
    async with an_adapter(line) as adapter:
        first = [await not_taken(a_town, adapter) for _ in range(2)]
    waits = await status(staff)
    noted = await events(staff, "quota.awaited")

    a_town.clock.pass_by(hours=30)
    await a_town.running.jobs.run_due()
    staff = await a_town.staff()
    assert (await status(staff)).unknown == 0
    assert not (await status(staff)).amiss
    await suppress(staff, residents[0].resident_id)
    a_town.clock.pass_by(days=3)
    again = [await accept(line) for _ in range(2)]

    lanes = [one for one in waits.lanes if one.HasField("renew_time")]
    assert [(one.lane, one.waiting, one.awaiting_allowance) for one in lanes] == [
        (pb.LANE_EMERGENCY, 2, 2),
        (pb.LANE_BULK, 2, 2),
    ]
    assert noted == 1
    assert [one.campaign.campaign_id for one in again] == [urgent, bulk]
    assert [one.retry_key for one in again] == [one.retry_key for one in first]
    # Formed anew, it goes to nobody who came under protection meanwhile.
    assert [list(one.recipients) for one in again] == [[residents[1].external_id]] * 2
    staff = await a_town.staff()
    for campaign in (urgent, bulk):
        ended = await finished(a_town, staff, campaign)
        assert ended.state == campaigns_pb2.CAMPAIGN_STATE_FINISHED
        assert dict(ended.deliveries) == {"sent": 1, "dropped": 1}


async def test_what_waits_for_the_allowance_is_free_once_it_has_grown(
    a_town: Town, cards: Cards
) -> None:
    _, line, campaign, _ = await sent(a_town, cards)
    await report_quota(line, 200, 199)
    async with an_adapter(line) as adapter:
        await not_taken(a_town, adapter)
        await report_quota(line, 200, 200)
        await report_quota(line, 200, 200)
        adapter.ready(1)
        await report_quota(line, 5_000, 200)
        dispatch = await adapter.dispatch()

    assert dispatch.campaign.campaign_id == campaign


async def test_of_what_an_earlier_attempt_may_have_told_nobody_knows_when_the_key_is_forgotten(
    a_town: Town, cards: Cards
) -> None:
    _, line, _, _ = await sent(a_town, cards)
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        adapter.report(await adapter.dispatch(), pb.OUTCOME_RESULT_TRY_AGAIN)
        assert await adapter.taken()
        a_town.clock.pass_by(minutes=1)
        await not_taken(a_town, adapter)
        a_town.clock.pass_by(hours=25)
    await a_town.running.jobs.run_due()

    assert (await status(await a_town.staff())).unknown == 1


@on_sqlite
async def test_who_was_told_is_not_told_again_with_those_whom_the_allowance_did_not_reach(
    a_town: Town, cards: Cards
) -> None:
    staff, line, campaign, _ = await sent(a_town, cards, 3, body="{name}様へ")
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        first = await adapter.dispatch()
        accepted = pb.OUTCOME_RESULT_ACCEPTED
        refuse(a_town, adapter, first, accepted, untaken_recipients=[1, 2], refused_recipients=[0])
        assert await adapter.taken()
    halfway = await get(staff, campaign)
    a_town.clock.pass_by(days=5)
    second = await accept(line)
    staff = await a_town.staff()
    ended = await finished(a_town, staff, campaign)

    assert dict(halfway.deliveries) == {"failed": 1, "queued": 2}
    assert second.retry_key != first.retry_key
    assert list(second.recipients) == list(first.recipients)[1:]
    assert ended.state == campaigns_pb2.CAMPAIGN_STATE_FINISHED
    assert dict(ended.deliveries) == {"failed": 1, "sent": 2}
