"""When a campaign would be done: it rests in the hours that the rules of sending keep quiet."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.messaging.rules import is_quiet
from tests.examples import examples
from tui.formats import TOKYO
from tui.nights import done_by

CLOCKS = st.times().map(lambda one: one.strftime("%H:%M"))
BEGIN = datetime(2026, 11, 27, 20, 59, tzinfo=TOKYO)


def test_what_begins_in_the_evening_goes_on_in_the_morning() -> None:
    assert done_by(BEGIN, 60, "21:00", "08:00") == BEGIN + timedelta(minutes=1)
    assert done_by(BEGIN, 120, "21:00", "08:00") == datetime(2026, 11, 28, 8, 1, tzinfo=TOKYO)
    assert done_by(BEGIN, 120, "00:00", "00:00") == BEGIN + timedelta(minutes=2)


@examples(50)
@given(CLOCKS, CLOCKS, st.integers(0, 86_400), st.integers(0, 50))
def test_as_many_minutes_as_it_takes_are_not_quiet_by_the_core_s_rule(
    first: str, last: str, later: int, minutes: int
) -> None:
    begin = (BEGIN + timedelta(seconds=later)).replace(second=0)
    end = done_by(begin, minutes * 60, first, last)
    every = (begin + timedelta(minutes=n) for n in range(int((end - begin).total_seconds() // 60)))
    assert sum(not is_quiet(first, last, moment) for moment in every) == minutes
