"""What channels are handed: leases, fences, retry keys, and what nobody can know any more."""

from datetime import timedelta
from functools import partial

import pytest

from core.callers import the_core
from core.dispatches import actions
from core.dispatches.rules import LONGEST_PAUSE, Recipient, pause
from tests.adapter import an_adapter
from tests.town import MUNICIPALITY, Town
from todoke.client import CoreError
from todoke.v1 import dispatches_pb2 as pb

NOTICE = {"notice": {"kind": "NOTICE_KIND_REGISTERED", "language": "ja"}}


async def tell(
    town: Town, occasion: str = "o1", resident: str = "r1", channel: str = "line"
) -> bool:
    work = partial(
        actions.tell, by=the_core(MUNICIPALITY), occasion=occasion, resident_id=resident,
        contact=Recipient("c1", channel, "U1"), content=NOTICE, now=town.clock(),
    )  # fmt: skip
    return await town.running.db.write(work)


async def states(town: Town) -> list[pb.DispatchState.ValueType]:
    auditor = await town.staff()
    page = await auditor.ask(auditor.dispatches.ListDispatches, pb.ListDispatchesRequest())
    return [dispatch.state for dispatch in page.dispatches]


async def test_what_is_queued_is_handed_out_sent_and_finished(a_town: Town) -> None:
    async with an_adapter(await a_town.channel()) as adapter:
        adapter.ready(1)
        await tell(a_town)

        dispatch = await adapter.dispatch()
        adapter.report(dispatch, pb.OUTCOME_RESULT_ACCEPTED, provider_request_ids=["x-1"])

        assert list(dispatch.recipients) == ["U1"]
        assert dispatch.notice.kind == pb.NOTICE_KIND_REGISTERED
        assert dispatch.attempt == 1
        assert await adapter.taken()
    assert await states(a_town) == [pb.DISPATCH_STATE_SENT]


async def test_an_occasion_is_told_once(a_town: Town) -> None:
    assert await tell(a_town)
    assert not await tell(a_town)
    assert await tell(a_town, resident="r2")
    assert len(await states(a_town)) == 2


async def test_a_channel_gets_only_its_own(a_town: Town) -> None:
    await tell(a_town, channel="board")
    async with an_adapter(await a_town.channel("line")) as adapter:
        adapter.ready(10)
        await tell(a_town, occasion="o2")

        dispatch = await adapter.dispatch()

        assert list(dispatch.recipients) == ["U1"]
    board = await a_town.channel("board")
    async with an_adapter(board) as adapter:
        adapter.report(dispatch, pb.OUTCOME_RESULT_ACCEPTED)
        assert not await adapter.taken()


async def test_no_more_is_handed_out_than_the_adapter_can_take(a_town: Town) -> None:
    for number in range(5):
        await tell(a_town, occasion=f"o{number}")
    async with an_adapter(await a_town.channel()) as adapter:
        adapter.ready(2)
        first = [await adapter.dispatch(), await adapter.dispatch()]
        adapter.report(first[0], pb.OUTCOME_RESULT_ACCEPTED)

        assert await adapter.taken()  # And not a third dispatch before it.
        adapter.ready(1)
        assert (await adapter.dispatch()).dispatch_id not in {d.dispatch_id for d in first}


async def test_a_lease_that_ends_is_offered_again_under_the_same_key(a_town: Town) -> None:
    await tell(a_town)
    core = await a_town.channel()
    async with an_adapter(core) as slow, an_adapter(core) as quick:
        slow.ready(1)
        first = await slow.dispatch()
        a_town.clock.pass_by(seconds=61)
        quick.ready(1)
        second = await quick.dispatch()

        slow.report(first, pb.OUTCOME_RESULT_ACCEPTED)
        late = await slow.taken()
        quick.report(second, pb.OUTCOME_RESULT_ACCEPTED)
        in_time = await quick.taken()

    assert second.retry_key == first.retry_key
    assert second.fence > first.fence
    assert second.attempt == 2
    assert (late, in_time) == (False, True)


def test_a_pause_grows_is_never_shorter_than_asked_and_differs_for_what_failed_together() -> None:
    for attempts in range(1, 20):
        least = min(timedelta(seconds=2**attempts), LONGEST_PAUSE)
        found = {pause(attempts, timedelta(), f"dispatch {number}") for number in range(100)}
        asked = {pause(attempts, timedelta(hours=1), f"dispatch {number}") for number in range(100)}
        assert len(found) > 90
        assert least <= min(found) < 1.2 * least < 1.3 * least < max(found) <= 1.5 * least
        assert timedelta(hours=1) <= min(asked)


async def test_try_again_waits_as_long_as_was_asked_and_keeps_the_key(a_town: Town) -> None:
    await tell(a_town)
    async with an_adapter(await a_town.channel()) as adapter:
        adapter.ready(1)
        first = await adapter.dispatch()
        adapter.report(first, pb.OUTCOME_RESULT_TRY_AGAIN, retry_after_seconds=30)
        assert await adapter.taken()
        adapter.ready(1)
        a_town.clock.pass_by(seconds=46)

        second = await adapter.dispatch()

    assert second.retry_key == first.retry_key


async def test_what_the_provider_refuses_is_failed(a_town: Town) -> None:
    await tell(a_town)
    async with an_adapter(await a_town.channel()) as adapter:
        adapter.ready(1)
        adapter.report(await adapter.dispatch(), pb.OUTCOME_RESULT_REFUSED, provider_message="no")
        assert await adapter.taken()
    assert await states(a_town) == [pb.DISPATCH_STATE_FAILED]


async def test_what_nobody_can_know_after_a_day_goes_to_a_person(a_town: Town) -> None:
    await tell(a_town)
    core = await a_town.channel()
    async with an_adapter(core) as adapter:
        adapter.ready(1)
        await adapter.dispatch()
    a_town.clock.pass_by(hours=24)
    await tell(a_town, occasion="o2")

    async with an_adapter(core) as adapter:
        adapter.ready(5)
        fresh = await adapter.dispatch()

    assert fresh.attempt == 1
    assert await states(a_town) == [pb.DISPATCH_STATE_LEASED, pb.DISPATCH_STATE_UNKNOWN]


async def test_two_adapters_never_hold_the_same(a_town: Town) -> None:
    for number in range(40):
        await tell(a_town, occasion=f"o{number}")
    core = await a_town.channel()
    async with an_adapter(core) as one, an_adapter(core) as two:
        one.ready(20)
        two.ready(20)

        held = [await one.dispatch() for _ in range(20)]
        held += [await two.dispatch() for _ in range(20)]

    assert len({dispatch.dispatch_id for dispatch in held}) == 40


async def test_the_stream_ends_when_the_adapter_hangs_up_or_the_core_stops(a_town: Town) -> None:
    core = await a_town.channel()
    async with an_adapter(core) as leaving, an_adapter(core) as staying:
        leaving.ready(1)
        staying.ready(1)
        leaving.hang_up()
        assert await leaving.ends()

        a_town.running.db.end_watches()
        assert await staying.ends()


async def test_a_broken_report_ends_the_stream_with_its_error(a_town: Town) -> None:
    async with an_adapter(await a_town.channel()) as adapter:
        adapter.ready(-1)
        with pytest.raises(CoreError) as refused:
            await adapter.dispatch()
    assert refused.value.reason == "FIELD_INVALID"
    assert refused.value.violations[0].field == "ready.capacity"
