"""Campaigns of one lane advance together, however many the one has and how few the other."""

from tests.adapter import Adapter, an_adapter
from tests.core.messaging.makers import a_draft, a_topic, get, send
from tests.core.messaging.many import lay_in
from tests.town import Town
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import OUTCOME_RESULT_ACCEPTED

MANY, FEW = 650, 150
ALL = pb.Condition(language="ja")


async def take(adapter: Adapter, number: int) -> list[str]:
    """Take so many dispatches one by one; return the campaign of each."""
    campaigns = []
    for _ in range(number):
        adapter.ready(1)
        dispatch = await adapter.dispatch()
        campaigns.append(dispatch.campaign.campaign_id)
        adapter.report(dispatch, OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()
    return campaigns


async def test_a_small_campaign_that_comes_amid_a_large_one_takes_turns_and_ends_early(
    a_town: Town,
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await a_town.running.db.write(lambda s: lay_in(s, range(MANY), a_town.clock()))
    few = [f"0198c0de-0000-7000-8000-{number:012}" for number in range(FEW)]
    chosen = pb.Condition(residents=pb.ChosenResidents(resident_ids=few))

    large = await send(staff, a_draft("{name}様", recipients=ALL))
    await a_town.do_waiting()
    async with an_adapter(line) as adapter:
        alone = await take(adapter, 2)
        small = await send(staff, a_draft("{name}さん", recipients=chosen))
        await a_town.do_waiting()
        together = await take(adapter, 4)
        halfway = await get(staff, small), await get(staff, large)
        rest = await take(adapter, 3)

    assert alone == [large] * 2
    assert sorted(together[:2]) == sorted(together[2:]) == sorted([small, large])
    assert [dict(one.deliveries) for one in halfway] == [
        {"sent": FEW},
        {"sent": 400, "queued": MANY - 400},
    ]
    assert rest == [large] * 3
    assert dict((await get(staff, large)).deliveries) == {"sent": MANY}
