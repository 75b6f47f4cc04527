"""Threads take work in groups and in turns, and nothing that was asked is lost."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from core.lanes import Lane, Piece


class Runner:
    """Runs each piece as a function, and remembers how many came together."""

    def __init__(self) -> None:
        self.groups: list[int] = []

    def run(self, group: list[Piece[Callable[[], object]]]) -> None:
        self.groups.append(len(group))
        for piece in group:
            try:
                piece.value = piece.work()
            except ValueError as error:
                piece.error = error


@pytest.fixture
def runner() -> Runner:
    return Runner()


async def test_what_is_asked_in_one_turn_runs_as_one_group(runner: Runner) -> None:
    lane = Lane("test", runner.run, threads=2, most=64)
    answers = await asyncio.gather(*(lane.ask(lambda n=n: n) for n in range(50)))
    await asyncio.to_thread(lane.close)
    assert answers == list(range(50))
    assert runner.groups == [50]


async def test_a_group_holds_no_more_than_the_most(runner: Runner) -> None:
    lane = Lane("test", runner.run, threads=1, most=20)
    await asyncio.gather(*(lane.ask(lambda: None) for _ in range(50)))
    await asyncio.to_thread(lane.close)
    assert runner.groups == [20, 20, 10]


async def test_another_thread_helps_where_a_group_is_slow(runner: Runner) -> None:
    lane = Lane("test", runner.run, threads=2, most=64)
    begun, over = threading.Event(), threading.Event()
    slow = asyncio.create_task(lane.ask(lambda: (begun.set(), over.wait())))
    await asyncio.to_thread(begun.wait)
    assert await lane.ask(lambda: "quick") == "quick"
    assert not slow.done()
    over.set()
    await slow
    await asyncio.to_thread(lane.close)


async def test_one_who_raises_does_not_fail_the_others(runner: Runner) -> None:
    lane = Lane("test", runner.run, threads=1, most=64)
    answers = await asyncio.gather(
        lane.ask(lambda: int("no number")), lane.ask(lambda: 1), return_exceptions=True
    )
    await asyncio.to_thread(lane.close)
    assert isinstance(answers[0], ValueError)
    assert answers[1] == 1


async def test_work_is_done_though_its_caller_has_gone(runner: Runner) -> None:
    lane = Lane("test", runner.run, threads=1, most=64)
    done = threading.Event()
    caller = asyncio.create_task(lane.ask(done.set))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.to_thread(lane.close)
    assert done.is_set()


async def test_closing_finishes_what_was_asked(runner: Runner) -> None:
    lane = Lane("test", runner.run, threads=1, most=1)
    asked = [asyncio.create_task(lane.ask(lambda n=n: n)) for n in range(5)]
    await asyncio.sleep(0)
    await asyncio.to_thread(lane.close)
    assert await asyncio.gather(*asked) == list(range(5))
