"""Hands kept for urgent lanes: an emergency is handed out though all others are full."""

from functools import partial

from core.callers import the_core
from core.dispatches import actions
from core.dispatches.rules import Lane, Recipient
from tests.adapter import an_adapter
from tests.town import MUNICIPALITY, Town
from todoke.v1 import dispatches_pb2 as pb

NOTICE = {"notice": {"kind": "NOTICE_KIND_REGISTERED", "language": "ja"}}


async def queue(town: Town, lane: Lane, *numbers: int) -> None:
    for n in numbers:
        work = partial(
            actions.tell, by=the_core(MUNICIPALITY), occasion=f"{lane.name} {n}", resident_id="r1",
            contact=Recipient("c1", "line", "U1"), content=NOTICE, now=town.clock(), lane=lane,
        )  # fmt: skip
        await town.running.db.write(work)


async def test_each_hand_takes_its_lane_and_what_goes_before(a_town: Town) -> None:
    await queue(a_town, Lane.BULK, *range(5))
    async with an_adapter(await a_town.channel()) as adapter:
        adapter.ready(2, personal=2, emergency=1)
        first = [await adapter.dispatch() for _ in range(2)]
        await queue(a_town, Lane.PERSONAL, *range(3))
        second = [await adapter.dispatch() for _ in range(2)]
        await queue(a_town, Lane.EMERGENCY, *range(2))
        third = [await adapter.dispatch()]
        # Nothing is free for any other: they come with the next hands, the most urgent first.
        adapter.report(third[0], pb.OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()
        adapter.ready(3)
        last = [await adapter.dispatch() for _ in range(3)]

    lanes = [[one.lane for one in some] for some in (first, second, third, last)]
    assert lanes == [
        [pb.LANE_BULK] * 2,
        [pb.LANE_PERSONAL] * 2,
        [pb.LANE_EMERGENCY],
        [pb.LANE_EMERGENCY, pb.LANE_PERSONAL, pb.LANE_BULK],
    ]


async def test_an_emergency_takes_hands_of_any_lane_first(a_town: Town) -> None:
    await queue(a_town, Lane.EMERGENCY, *range(3))
    await queue(a_town, Lane.BULK, 0)
    async with an_adapter(await a_town.channel()) as adapter:
        adapter.ready(2, emergency=2)
        told = [await adapter.dispatch() for _ in range(3)]
        adapter.report(told[0], pb.OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()  # And the one of the campaign not before it.
        await queue(a_town, Lane.EMERGENCY, 3)
        told.append(await adapter.dispatch())

    assert [one.lane for one in told] == [pb.LANE_EMERGENCY] * 4
