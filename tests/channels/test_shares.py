"""A share of a provider's rate is used evenly, however irregularly a worker comes to use it."""

from hypothesis import given
from hypothesis import strategies as st

from channels.shares import LATE, Stretch

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
