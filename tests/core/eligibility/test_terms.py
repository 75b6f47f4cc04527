"""Amounts, ages, freezes and filing by a program's terms."""

from calendar import isleap
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.eligibility import terms
from core.eligibility.rules import (
    AmountProblem,
    AmountRefused,
    ProgramClosed,
    ProgramDatesRefused,
    ProgramFrozen,
)
from core.eligibility.terms import (
    AgeBand,
    ByAge,
    Days,
    Fixed,
    FromRoster,
    PerHead,
    Terms,
    age_on,
    amount_of,
)
from core.residents.rules import Assurance
from tests.examples import examples

TODAY = date(2026, 11, 24)


def some_terms(**changes) -> Terms:
    values = {
        "effective_date": TODAY,
        "amount": FromRoster(70_000),
        "budget": 1_000_000,
        "filing": Days(TODAY, date(2027, 3, 31)),
        "required_assurance": Assurance.COUNTER,
        "title": {"ja": "給付金"},
        "description": {"ja": "給付金です"},
    }
    return Terms(**values | changes)


BANDS = ByAge(date(2026, 4, 1), (AgeBand(0, 2, 15_000), AgeBand(3, 18, 10_000)))


@pytest.mark.parametrize(
    ("rule", "given_", "born", "size", "due"),
    [
        (Fixed(30_000), None, None, None, 30_000),
        (Fixed(30_000), 30_000, None, None, 30_000),
        (PerHead(10_000), None, None, 4, 40_000),
        (PerHead(10_000, 30_000), None, None, 4, 30_000),
        (PerHead(10_000, 30_000), 30_000, None, 4, 30_000),
        (FromRoster(70_000), 50_000, None, None, 50_000),
        (FromRoster(70_000), 70_000, None, None, 70_000),
        (FromRoster(70_000), None, None, None, 70_000),
        # Three the next day, so three at the end of this one.
        (BANDS, None, date(2023, 4, 2), None, 10_000),
        (BANDS, None, date(2023, 4, 3), None, 15_000),
        (BANDS, None, date(2026, 4, 1), None, 15_000),
        (BANDS, None, date(2007, 4, 3), None, 10_000),
    ],
)
def test_an_amount_is_what_the_terms_give(rule, given_, born, size, due) -> None:
    found = amount_of(some_terms(amount=rule), given=given_, birth_date=born, household_size=size)

    assert found == due


@pytest.mark.parametrize(
    ("rule", "given_", "born", "size", "reason"),
    [
        (Fixed(30_000), 20_000, None, None, AmountProblem.OTHER_THAN_RULE),
        (PerHead(10_000), 50_000, None, 4, AmountProblem.OTHER_THAN_RULE),
        (PerHead(10_000), None, None, None, AmountProblem.HOUSEHOLD_SIZE_MISSING),
        (PerHead(10_000), None, None, 0, AmountProblem.HOUSEHOLD_SIZE_MISSING),
        (FromRoster(70_000), 70_001, None, None, AmountProblem.ABOVE_MOST),
        (BANDS, None, None, None, AmountProblem.BIRTH_DATE_MISSING),
        (BANDS, None, date(2007, 4, 2), None, AmountProblem.IN_NO_BAND),
        (BANDS, None, date(2026, 4, 2), None, AmountProblem.IN_NO_BAND),
        (BANDS, 15_000, date(2023, 4, 2), None, AmountProblem.OTHER_THAN_RULE),
    ],
)
def test_who_has_no_amount_is_refused_and_not_paid_nothing(
    rule, given_, born, size, reason
) -> None:
    with pytest.raises(AmountRefused) as refused:
        amount_of(some_terms(amount=rule), given=given_, birth_date=born, household_size=size)

    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 4, 1), date(2026, 3, 30), 17),
        (date(2008, 4, 1), date(2026, 3, 31), 18),
        (date(2008, 4, 1), date(2026, 4, 1), 18),
        (date(2008, 2, 29), date(2026, 2, 27), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 18),
        (date(2008, 2, 29), date(2028, 2, 27), 19),
        (date(2008, 2, 29), date(2028, 2, 28), 20),
        (date(2008, 3, 1), date(2026, 2, 28), 18),
        (date(2008, 3, 1), date(2028, 2, 28), 19),
        (date(2008, 3, 1), date(2028, 2, 29), 20),
        (date(2008, 1, 1), date(2025, 12, 31), 18),
        (date(2026, 5, 5), date(2026, 5, 5), 0),
        (date(2026, 5, 5), date(2026, 5, 4), None),
    ],
)
def test_one_grows_older_at_the_end_of_the_day_before_the_birthday(born, day, age) -> None:
    assert age_on(born, day) == age


days = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@examples(100)
@given(days, days)
def test_an_age_never_falls_and_grows_once_a_year(born: date, day: date) -> None:
    today, later = age_on(born, day), age_on(born, day + timedelta(days=366))
    if today is None:
        assert day < born
        return
    assert later is not None
    assert today + 1 <= later <= today + 2
    morrow = age_on(born, day + timedelta(days=1))
    assert morrow in (today, today + 1)
    if morrow == today + 1:
        after = day + timedelta(days=2)
        leapling = (born.month, born.day) == (2, 29) and not isleap(after.year)
        birthday = (3, 1) if leapling else (born.month, born.day)
        assert (after.month, after.day) == birthday


@st.composite
def rules(draw: st.DrawFn) -> terms.AmountRule:
    yen = st.integers(1, 100_000_000)
    cuts = sorted(draw(st.sets(st.integers(0, 150), min_size=2, max_size=6)))
    bands = tuple(AgeBand(low, high - 1, draw(yen)) for low, high in pairwise(cuts))
    return draw(
        st.one_of(
            st.builds(Fixed, yen),
            st.builds(PerHead, yen, st.just(0) | yen),
            st.builds(FromRoster, yen),
            st.builds(ByAge, days, st.just(bands)),
        )
    )


@examples(100)
@given(rules(), st.none() | st.integers(1, 10**8), st.none() | days, st.none() | st.integers(0, 99))
def test_no_amount_is_above_what_the_terms_give_at_most(rule, given_, born, size) -> None:
    under = some_terms(amount=rule)
    try:
        due = amount_of(under, given=given_, birth_date=born, household_size=size)
    except AmountRefused:
        return
    assert 0 < due <= under.most
    assert given_ in (None, due)


@examples(50)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(-3, 35))
def test_the_terms_of_a_day_are_the_latest_whose_day_has_come(offsets, passed) -> None:
    versions = [some_terms(effective_date=TODAY + timedelta(days=one)) for one in sorted(offsets)]
    day = TODAY + timedelta(days=passed)

    number, found = terms.in_force(versions, day)

    assert versions[number - 1] is found
    assert number == 1 or found.effective_date <= day
    assert all(later.effective_date > day for later in versions[number:])


def test_a_freeze_holds_with_its_first_and_last_day() -> None:
    begin, end = date(2026, 12, 1), date(2026, 12, 3)
    frozen = some_terms(freezes=(Days(begin, begin), Days(begin, end)))

    for day in (begin - timedelta(days=1), end + timedelta(days=1)):
        terms.require_unfrozen(frozen, day)
    for day in (begin, end):
        with pytest.raises(ProgramFrozen) as refused:
            terms.require_unfrozen(frozen, day)
        assert refused.value.metadata == {"endDate": "2026-12-03"}


def test_residents_file_with_the_first_and_the_last_day() -> None:
    under = some_terms()

    terms.require_filing(under, under.filing.begin)
    terms.require_filing(under, under.filing.end)
    with pytest.raises(ProgramClosed) as early:
        terms.require_filing(under, under.filing.begin - timedelta(days=1))
    with pytest.raises(ProgramClosed) as late:
        terms.require_filing(under, under.filing.end + timedelta(days=1))

    assert early.value.metadata["state"] == "filing_not_begun"
    assert late.value.metadata["state"] == "filing_ended"


@pytest.mark.parametrize(
    ("changes", "before", "problem"),
    [
        ({"effective_date": TODAY - timedelta(days=1)}, None, "IN_THE_PAST"),
        ({}, TODAY + timedelta(days=1), "BEFORE_THE_VERSION_BEFORE"),
        ({"filing": Days(TODAY, TODAY - timedelta(days=1))}, None, "ENDS_BEFORE_IT_BEGINS"),
        ({"freezes": (Days(TODAY, TODAY - timedelta(days=1)),)}, None, "ENDS_BEFORE_IT_BEGINS"),
        (
            {"amount": ByAge(TODAY, (AgeBand(0, 18, 1), AgeBand(18, 20, 2)))},
            None,
            "BANDS_OVERLAP",
        ),
        ({"amount": ByAge(TODAY, (AgeBand(5, 4, 1),))}, None, "BANDS_OVERLAP"),
    ],
)
def test_terms_that_contradict_themselves_or_those_before_are_refused(
    changes, before, problem
) -> None:
    with pytest.raises(ProgramDatesRefused) as refused:
        terms.check(some_terms(**changes), today=TODAY, before=before)

    assert refused.value.metadata == {"problem": problem}
    terms.check(replace(some_terms(), effective_date=TODAY), today=TODAY, before=TODAY)


@pytest.mark.parametrize(
    ("language", "read"), [("en-GB", "Relief"), ("ja", "給付金"), ("vi", "給付金"), ("", "給付金")]
)
def test_a_title_is_read_in_the_residents_language_or_in_japanese(language, read) -> None:
    assert some_terms(title={"en": "Relief", "ja": "給付金"}).title_in(language) == read
