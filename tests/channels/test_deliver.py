"""The delivery loop: every dispatch sent once at a time, every outcome told, whatever breaks."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from channels.deliver import Attempt, Delivery
from channels.hands import HowMany
from tests.channels.fake_core import FakeCore, a_dispatch, fake_core
from tests.channels.pulls import Pull
from todoke.client import Core
from todoke.v1.dispatches_pb2 import (
    LANE_BULK,
    LANE_EMERGENCY,
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_NOT_TAKEN,
    OUTCOME_RESULT_TRY_AGAIN,
    Dispatch,
    Ready,
)


@dataclass
class Sender:
    """Counts its sends; holds them while `go_on` is not set."""

    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    began: asyncio.Queue[Dispatch] = field(default_factory=asyncio.Queue)
    now: int = 0
    most: int = 0
    bug: Exception | None = None

    async def send(self, dispatch: Dispatch) -> Attempt:
        self.now += 1
        self.most = max(self.most, self.now)
        self.began.put_nowait(dispatch)
        await self.go_on.wait()
        self.now -= 1
        if self.bug:
            raise self.bug
        return Attempt(OUTCOME_RESULT_ACCEPTED, ("request-1",))


@dataclass
class Running:
    core: FakeCore
    sender: Sender
    delivery: Delivery
    loop: asyncio.Task[None]

    async def pull(self) -> Pull:
        async with asyncio.timeout(30):
            return await self.core.pulls.get()


@asynccontextmanager
async def delivering(
    capacity: int = 4, *, emergency: int = 1, sends: bool = True
) -> AsyncIterator[Running]:
    async with fake_core() as fake:
        core = Core(fake.address)
        sender = Sender()
        if sends:
            sender.go_on.set()
        delivery = Delivery(core, sender, HowMany(any=capacity, personal=1, emergency=emergency))
        loop = asyncio.create_task(delivery.run())
        try:
            yield Running(fake, sender, delivery, loop)
        finally:
            sender.go_on.set()
            await delivery.stop(30)
            loop.cancel()
            await asyncio.wait([loop])
            await core.close()


async def test_a_dispatch_is_sent_and_its_outcome_told() -> None:
    async with delivering() as running:
        pull = await running.pull()
        assert (await pull.ready.get()).capacity == 4
        assert running.delivery.is_up

        pull.give(a_dispatch(1, fence=7))

        outcome = await pull.outcomes.get()
        assert outcome.dispatch_id == a_dispatch(1).dispatch_id
        assert outcome.fence == 7
        assert outcome.result == OUTCOME_RESULT_ACCEPTED
        assert list(outcome.provider_request_ids) == ["request-1"]


async def test_more_is_asked_for_as_sends_end_and_never_more_than_can_be_taken() -> None:
    async with delivering(capacity=2) as running:
        pull = await running.pull()
        granted = 0
        for number in range(20):
            while granted == 0:
                granted += (await pull.ready.get()).capacity
            granted -= 1
            pull.give(a_dispatch(number))
        told = {(await pull.outcomes.get()).dispatch_id for _ in range(20)}
        assert len(told) == 20
        assert running.sender.most <= 2


async def test_an_emergency_is_taken_while_all_other_hands_are_full_of_campaigns() -> None:
    async with delivering(capacity=2, emergency=1, sends=False) as running:
        pull = await running.pull()
        assert await pull.ready.get() == Ready(
            capacity=2, personal_capacity=1, emergency_capacity=1
        )
        for number, lane in enumerate((LANE_BULK, LANE_BULK, LANE_EMERGENCY, LANE_EMERGENCY)):
            pull.give(a_dispatch(number, lane=lane))
            await running.sender.began.get()
        running.sender.go_on.set()
        said = Ready()
        while said.ByteSize() == 0 or said != Ready(
            capacity=2, personal_capacity=1, emergency_capacity=1
        ):
            more = await asyncio.wait_for(pull.ready.get(), 30)
            said.capacity += more.capacity
            said.personal_capacity += more.personal_capacity
            said.emergency_capacity += more.emergency_capacity


async def test_a_dispatch_offered_again_meanwhile_is_not_sent_beside_itself() -> None:
    async with delivering(sends=False) as running:
        pull = await running.pull()
        pull.give(a_dispatch(1, fence=1))
        await running.sender.began.get()
        pull.give(a_dispatch(1, fence=2))
        pull.give(a_dispatch(2))
        await running.sender.began.get()
        running.sender.go_on.set()
        told = {(o.dispatch_id[-1], o.fence) for o in [await pull.outcomes.get() for _ in "12"]}
        assert told == {("1", 2), ("2", 1)}
        assert running.sender.began.empty()


async def test_an_outcome_is_told_on_the_next_stream_when_the_first_broke() -> None:
    async with delivering(sends=False) as running:
        first = await running.pull()
        first.give(a_dispatch(1))
        await running.sender.began.get()
        first.break_off()
        await first.closed.wait()
        running.sender.go_on.set()

        second = await running.pull()
        outcome = await second.outcomes.get()
        assert outcome.result == OUTCOME_RESULT_ACCEPTED
        assert (await second.ready.get()).capacity in {3, 4}


async def test_a_stream_that_the_core_ends_is_opened_again() -> None:
    async with delivering() as running:
        for _ in range(3):
            pull = await running.pull()
            assert (await pull.ready.get()).capacity == 4
            pull.end()


async def test_a_stream_that_broke_leaves_nobody_waiting_for_what_is_said_on_it() -> None:
    troubles: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: troubles.append(context["message"])
    )
    async with delivering() as running:
        (await running.pull()).break_off()
        (await running.pull()).end()
        await running.pull()
        gc.collect()
        await asyncio.sleep(0)
    gc.collect()
    await asyncio.sleep(0)

    assert troubles == []


async def test_a_lost_lease_is_let_go() -> None:
    async with delivering() as running:
        pull = await running.pull()
        pull.takes = False
        pull.give(a_dispatch(1))
        await pull.outcomes.get()
        pull.end()
        again = await running.pull()
        again.give(a_dispatch(2))
        assert (await again.outcomes.get()).dispatch_id[-1] == "2"


async def test_a_bug_in_a_sender_gives_the_dispatch_back() -> None:
    async with delivering() as running:
        running.sender.bug = RuntimeError("with a name in it")
        pull = await running.pull()
        pull.give(a_dispatch(1))
        outcome = await pull.outcomes.get()
        assert outcome.result == OUTCOME_RESULT_TRY_AGAIN
        assert outcome.provider_message == "RuntimeError"


async def test_at_the_end_what_is_being_sent_is_finished_and_told() -> None:
    async with delivering(sends=False) as running:
        pull = await running.pull()
        pull.give(a_dispatch(1))
        await running.sender.began.get()

        stopping = asyncio.create_task(running.delivery.stop(30))
        await asyncio.wait([stopping], timeout=0.01)
        pull.give(a_dispatch(2))
        given_back = await pull.outcomes.get()
        running.sender.go_on.set()
        finished = await pull.outcomes.get()
        await stopping
        await asyncio.wait_for(running.loop, 30)

        assert (given_back.dispatch_id[-1], given_back.result) == ("2", OUTCOME_RESULT_NOT_TAKEN)
        assert (finished.dispatch_id[-1], finished.result) == ("1", OUTCOME_RESULT_ACCEPTED)
        assert pull.closed.is_set()


async def test_the_end_does_not_wait_for_ever() -> None:
    async with delivering(sends=False) as running:
        pull = await running.pull()
        pull.give(a_dispatch(1))
        await running.sender.began.get()
        async with asyncio.timeout(30):
            await running.delivery.stop(0.1)
            await running.loop
        # Nobody knows what became of it: nothing is told, and the lease ends by itself.
        await pull.closed.wait()
        assert pull.outcomes.empty()
        assert running.sender.now == 1


async def test_a_core_that_is_away_is_named_as_the_trouble() -> None:
    core = Core("127.0.0.1:9")
    delivery = Delivery(core, Sender(), HowMany())
    loop = asyncio.create_task(delivery.run())
    while "UNAVAILABLE" not in delivery.trouble:
        await asyncio.wait([loop], timeout=0.01)
    assert not delivery.is_up
    await delivery.stop(1)
    await asyncio.wait_for(loop, 30)
    await core.close()
