"""A share of a provider's rate is used evenly, however irregularly a worker comes to use it."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from channels.shares import LATE, Shares, Stretch, Turn
from tests.channels.fake_core import fake_core
from todoke.client import Core
from todoke.v1.dispatches_pb2 import LeaseRateRequest, LeaseRateResponse

PAUSES = st.lists(st.integers(0, 200), min_size=1, max_size=300)
"""Milliseconds between two looks."""


@given(PAUSES, st.integers(1, 2_000), st.integers(1, 500))
def test_no_second_has_more_than_the_rate_and_what_may_be_late(
    pauses: list[int], per_second: int, granted: int
) -> None:
    share, now, used = Stretch(0.0, per_second, granted), -0.05, []
    for pause in pauses:
        now += pause / 1_000
        while not share.is_over(now) and share.use(now):
            used.append(now)
    assert len(used) <= granted
    for place, begin in enumerate(used):
        within = [moment for moment in used[place:] if moment < begin + 1]
        assert len(within) <= per_second * (1 + LATE) + 2


@given(st.integers(1, 2_000), st.integers(1, 500))
def test_whoever_comes_in_time_uses_all(per_second: int, granted: int) -> None:
    share, used = Stretch(0.0, per_second, granted), 0
    for number in range(granted):
        now = number / per_second + 1e-6
        assert not share.is_over(now)
        used += share.use(now)
        assert not share.use(now)
    assert used == granted
    assert share.is_over(now)


async def test_an_emergency_is_served_first_and_asks_as_one_for_no_more_than_its_own() -> None:
    served: list[Turn] = []

    def two(request: LeaseRateRequest) -> LeaseRateResponse:
        return LeaseRateResponse(
            granted=min(request.wanted, 2), per_second=100, retry_after_millis=20
        )

    async def take(turn: Turn) -> None:
        await shares.take(turn, seconds=30)
        served.append(turn)

    async with fake_core() as fake:
        fake.script["LeaseRate"] = two
        core = Core(fake.address)
        shares = Shares(core, "multicast", 100)
        turns = [Turn.CAMPAIGN] * 3 + [Turn.CONVERSATION] + [Turn.EMERGENCY] * 3
        await asyncio.gather(*map(take, turns))
        asked = [(one.wanted, one.emergency) for one in fake.calls["LeaseRate"]]
        await shares.stop()
        await core.close()

    assert served == sorted(served)
    assert asked[:3] == [(3, True), (1, True), (4, False)]
