"""What channels are handed: leases, fences, retry keys, and what nobody can know any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from core.callers import the_core
from core.dispatches import actions
from core.dispatches.rules import Recipient
from tests.town import MUNICIPALITY, Town
from todoke.client import Core, CoreError
from todoke.v1 import dispatches_pb2 as pb

NOTICE = {"notice": {"kind": "NOTICE_KIND_REGISTERED", "language": "ja"}}


class Adapter:
    """The other end of PullDispatches, played by a test."""

    def __init__(self, core: Core) -> None:
        self._said: asyncio.Queue[pb.PullDispatchesRequest | None] = asyncio.Queue()
        self._heard = core.converse(core.dispatches.PullDispatches, self._requests())

    async def _requests(self) -> AsyncIterator[pb.PullDispatchesRequest]:
        while (request := await self._said.get()) is not None:
            yield request

    def ready(self, capacity: int) -> None:
        self._said.put_nowait(pb.PullDispatchesRequest(ready=pb.Ready(capacity=capacity)))

    def report(self, dispatch: pb.Dispatch, result: pb.OutcomeResult.ValueType, **more) -> None:
        outcome = pb.Outcome(
            dispatch_id=dispatch.dispatch_id, fence=dispatch.fence, result=result, **more
        )
        self._said.put_nowait(pb.PullDispatchesRequest(outcome=outcome))

    def hang_up(self) -> None:
        self._said.put_nowait(None)

    async def dispatch(self) -> pb.Dispatch:
        response = await asyncio.wait_for(anext(self._heard), 30)
        assert response.HasField("dispatch"), response
        return response.dispatch

    async def taken(self) -> bool:
        response = await asyncio.wait_for(anext(self._heard), 30)
        assert response.HasField("taken"), response
        return response.taken.taken

    async def ends(self) -> bool:
        """Whether the stream ends well, or so that it is to be opened again."""
        try:
            return await asyncio.wait_for(anext(self._heard, None), 30) is None
        except CoreError as ended:
            return ended.passing

    async def close(self) -> None:
        await self._heard.aclose()


@asynccontextmanager
async def an_adapter(core: Core) -> AsyncIterator[Adapter]:
    adapter = Adapter(core)
    yield adapter
    await adapter.close()


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


async def test_try_again_waits_longer_each_time_and_keeps_the_key(a_town: Town) -> None:
    await tell(a_town)
    async with an_adapter(await a_town.channel()) as adapter:
        adapter.ready(1)
        first = await adapter.dispatch()
        adapter.report(first, pb.OUTCOME_RESULT_TRY_AGAIN, retry_after_seconds=30)
        assert await adapter.taken()
        adapter.ready(1)
        a_town.clock.pass_by(seconds=31)

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
