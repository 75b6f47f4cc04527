"""Nothing of a campaign is stuck unseen: what should never be is mended, counted and shown."""

from sqlalchemy import delete, update

from core.campaigns.rows import Campaign
from core.campaigns.rules import State
from core.dispatches.rows import Dispatch
from core.dispatches.rules import State as Sent
from tests.adapter import an_adapter
from tests.cards import Cards
from tests.core.messaging.makers import a_draft, a_topic, send
from tests.core.messaging.test_campaigns import finished, people
from tests.town import Town
from todoke.client import Core
from todoke.v1 import campaigns_pb2
from todoke.v1 import dispatches_pb2 as pb


async def swept(town: Town, staff: Core) -> pb.GetDeliveryStatusResponse:
    """Let the sweepers look once, and return what staff see."""
    town.clock.pass_by(minutes=2)
    await town.running.jobs.run_due()
    return await staff.ask(staff.dispatches.GetDeliveryStatus, pb.GetDeliveryStatusRequest())


async def a_campaign(town: Town, cards: Cards) -> tuple[Core, Core, str]:
    staff, line = await town.staff(), await town.channel()
    await a_topic(staff)
    await people(town, cards, 2)
    campaign = await send(staff)
    await town.do_waiting()
    return staff, line, campaign


async def accept(line: Core, count: int = 1) -> None:
    async with an_adapter(line) as adapter:
        for _ in range(count):
            adapter.ready(1)
            adapter.report(await adapter.dispatch(), pb.OUTCOME_RESULT_ACCEPTED)
            assert await adapter.taken()


async def test_batches_without_a_dispatch_get_one_and_nothing_is_amiss_after_it(
    a_town: Town, cards: Cards
) -> None:
    staff, line, campaign = await a_campaign(a_town, cards)
    await a_town.running.db.write(
        lambda s: s.execute(delete(Dispatch).where(Dispatch.campaign_id == campaign))
    )
    await a_town.do_waiting()  # A campaign with nothing that waits is not over yet.

    found = await swept(a_town, staff)
    await accept(line)
    after = await swept(a_town, staff)

    assert dict(found.amiss) == {"unmade_batches": 1}
    assert [(one.lane, one.waiting) for one in found.lanes] == [(pb.LANE_BULK, 2)]
    assert dict(after.amiss) == {}
    assert dict((await finished(a_town, staff, campaign)).deliveries) == {"sent": 2}


async def test_what_is_held_of_a_running_campaign_is_freed(a_town: Town, cards: Cards) -> None:
    staff, line, campaign = await a_campaign(a_town, cards)
    await a_town.running.db.write(
        lambda s: s.execute(
            update(Dispatch)
            .where(Dispatch.campaign_id == campaign)
            .values(state=Sent.HELD, free_time=None)
        )
    )

    found = await swept(a_town, staff)
    await accept(line)

    assert dict(found.amiss) == {"wrongly_held": 1}
    assert (await finished(a_town, staff, campaign)).state == campaigns_pb2.CAMPAIGN_STATE_FINISHED


async def test_what_waits_of_an_ended_campaign_is_dropped(a_town: Town, cards: Cards) -> None:
    staff, _, campaign = await a_campaign(a_town, cards)
    await a_town.running.db.write(
        lambda s: s.execute(
            update(Campaign).where(Campaign.id == campaign).values(state=State.FINISHED)
        )
    )

    found = await swept(a_town, staff)

    assert dict(found.amiss) == {"of_ended_campaigns": 1}
    assert dict((await finished(a_town, staff, campaign)).deliveries) == {"dropped": 2}


async def test_what_nobody_fetches_is_seen_by_day_and_left_alone_by_night(
    a_town: Town, cards: Cards
) -> None:
    staff, line, _ = await a_campaign(a_town, cards)
    await send(staff, a_draft("避難してください", lane=pb.LANE_EMERGENCY))
    await a_town.do_waiting()
    async with an_adapter(line) as lost:
        lost.ready(1)
        await lost.dispatch()
    a_town.clock.pass_by(hours=2)
    by_day = await swept(a_town, staff)
    a_town.clock.pass_by(hours=10)  # 22:00 in Japan and later.
    staff = await a_town.staff()
    by_night = await swept(a_town, staff)

    assert dict(by_day.amiss) == {"still_campaigns": 2, "leases_ended": 1}
    assert dict(by_night.amiss) == {"still_campaigns": 1, "leases_ended": 1}
    assert [(one.lane, one.waiting, one.in_hand) for one in by_day.lanes] == [
        (pb.LANE_EMERGENCY, 0, 2),
        (pb.LANE_BULK, 2, 0),
    ]
