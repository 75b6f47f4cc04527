"""Which days one may be, mistaken or not wholly known, told by a list as by the comparison."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matching.births import compatible, days_within, near, near_days

DAYS = st.dates(date(1900, 1, 1), date(2026, 12, 31)).map(lambda day: int(f"{day:%Y%m%d}"))


@given(DAYS, st.data())
def test_the_days_near_to_one_are_those_that_the_comparison_takes_for_it(born: int, data) -> None:
    listed = near_days(born)

    other = data.draw(st.one_of(DAYS, st.sampled_from(listed)))
    assert (other in listed) == (other != born and near(born, other))


@given(DAYS, st.sampled_from([1, 100, 10_000]), st.data())
def test_the_days_of_a_month_or_year_are_those_that_may_be_meant(born: int, part, data) -> None:
    known = born // part * part
    listed = days_within(known)

    other = data.draw(st.one_of(DAYS, st.sampled_from(listed or [born])))
    whole_or_year_known = known % 100 == 0
    meant = compatible(known, other) if whole_or_year_known else known == other
    assert (other in listed) == meant


@pytest.mark.parametrize("nothing", [0, 19500230, 19501301])
def test_of_nothing_known_and_of_no_day_there_are_none(nothing: int) -> None:
    assert days_within(nothing) == []
