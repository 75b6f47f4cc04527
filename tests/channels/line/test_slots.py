"""Slots: never more at once than there are, and what came first goes first, also when repeated."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from channels.line.slots import Slots


async def test_what_came_first_goes_first_though_it_asks_again_last() -> None:
    slots, went = Slots(1), []

    async def ask(order: int) -> None:
        async with slots.one(order):
            went.append(order)

    async with slots.one(0):
        asking = [asyncio.create_task(ask(order)) for order in (2, 1, 2, 0)]
        await asyncio.sleep(0)
    await asyncio.gather(*asking)

    assert went == [0, 1, 2, 2]


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=30), st.integers(1, 4))
def test_never_more_at_once_and_none_is_lost_with_who_gives_up(
    asked: list[tuple[int, bool]], number: int
) -> None:
    async def play() -> tuple[int, int]:
        slots, inside, most, went = Slots(number), 0, 0, 0

        async def ask(order: int) -> None:
            nonlocal inside, most, went
            async with slots.one(order):
                inside += 1
                most = max(most, inside)
                try:
                    await asyncio.sleep(0)
                finally:
                    inside -= 1
                went += 1

        tasks = [asyncio.create_task(ask(order)) for order, _ in asked]
        await asyncio.sleep(0)
        for task, (_, gives_up) in zip(tasks, asked, strict=True):
            if gives_up:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(5):
            await asyncio.gather(*(ask(0) for _ in range(number)))
        return most, went

    most, went = asyncio.run(play())

    assert most <= number
    assert went >= number + sum(not gives_up for _, gives_up in asked)
