"""The rules of a batch alone: what may follow what, which days, whose hands, which findings."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.payments import findings, rules
from core.payments.findings import MOST_LINES_NAMED, Earlier, Payment, Program
from core.payments.rules import State, Verb

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PROGRAM = Program(amount=30_000, budget=100_000, entitled=3)


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("state", State)
def test_only_these_moves_are_open(state: State, verb: Verb) -> None:
    open_moves = {
        "proposed override": "proposed",
        "proposed approve": "approved",
        "proposed cancel": "cancelled",
        "approved export": "exported",
        "approved cancel": "cancelled",
        "exported export": "exported",
    }
    expected = open_moves.get(f"{state} {verb}")
    if expected is not None:
        assert rules.move(state, verb) == expected
        return
    with pytest.raises(rules.WrongState) as refused:
        rules.move(state, verb)
    assert refused.value.metadata == {"state": state, "verb": verb}


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        (date(2026, 11, 24), None),
        (date(2026, 11, 25), None),
        (date(2026, 12, 30), None),
        (date(2027, 1, 4), None),
        (date(2027, 11, 24), None),
        (date(2026, 11, 23), "PAST"),
        (date(2026, 11, 28), "NO_BUSINESS_DAY"),
        (date(2026, 11, 29), "NO_BUSINESS_DAY"),
        (date(2026, 12, 31), "NO_BUSINESS_DAY"),
        (date(2027, 1, 11), "NO_BUSINESS_DAY"),  # 成人の日
        (date(2027, 1, 1), "NO_BUSINESS_DAY"),
        (date(2027, 11, 25), "TOO_FAR"),
        (date(9999, 12, 31), "TOO_FAR"),
    ],
)
def test_a_bank_pays_on_business_days_within_a_year(day: date, problem: str | None) -> None:
    if problem is None:
        rules.check_transfer_date(day, NOW)
        return
    with pytest.raises(rules.TransferDateRefused) as refused:
        rules.check_transfer_date(day, NOW)
    assert refused.value.metadata == {"date": str(day), "problem": problem}


def test_the_day_is_the_one_in_tokyo() -> None:
    late_in_utc = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # Midnight of the 25th in Tokyo.

    rules.check_transfer_date(date(2026, 11, 24), late_in_utc - timedelta(seconds=1))
    with pytest.raises(rules.TransferDateRefused):
        rules.check_transfer_date(date(2026, 11, 24), late_in_utc)


@pytest.mark.parametrize(
    ("overrode", "enough"),
    [([], False), (["kato"], False), (["kato", "kato"], False), (["kato", "mori"], True)],
)
def test_findings_need_two_different_people(overrode: list[str], *, enough: bool) -> None:
    if enough:
        rules.check_overridden(["above_budget"], overrode)
        return
    with pytest.raises(rules.BatchHasFindings) as refused:
        rules.check_overridden(["above_budget", "above_budget"], overrode)
    assert refused.value.metadata == {"findings": "above_budget"}


@given(st.lists(st.tuples(st.integers(-5_000, 5_000), st.integers(1, 3)), max_size=30))
def test_payment_numbers_never_repeat_whatever_the_clock_does(
    batches: list[tuple[int, int]],
) -> None:
    serial, numbers = 0, []
    for milliseconds, lines in batches:
        serial = rules.next_serial(serial, NOW + timedelta(milliseconds=milliseconds))
        numbers += [rules.payment_number(serial, line) for line in range(1, lines + 1)]

    assert len(set(numbers)) == len(numbers)
    assert all(len(number) == 20 for number in numbers)


def paying(*lines: tuple[int, str]) -> list[Payment]:
    return [Payment(amount, account.encode()) for amount, account in lines]


@pytest.mark.parametrize(
    ("lines", "earlier", "expected"),
    [
        ([(30_000, "a"), (30_000, "b"), (30_000, "c")], Earlier(), []),
        ([(30_001, "a")], Earlier(), [("above_program_amount", (1,))]),
        (
            [(30_000, "a"), (1, "b"), (30_000, "a")],
            Earlier(),
            [("many_lines_to_one_account", (1, 3))],
        ),
        (
            [(30_000, "a"), (30_000, "b")],
            Earlier(lines=1, total=1, accounts={b"b"}),
            [("many_lines_to_one_account", (2,))],
        ),
        ([(30_000, "a")], Earlier(lines=1, total=70_000), []),
        ([(30_000, "a")], Earlier(lines=1, total=70_001), [("above_budget", ())]),
        ([(1, "a")], Earlier(lines=2, total=2), []),
        ([(1, "a")], Earlier(lines=3, total=3), [("more_lines_than_entitlements", ())]),
    ],
)
def test_what_stops_a_batch(lines, earlier: Earlier, expected) -> None:
    found = findings.find(paying(*lines), PROGRAM, earlier)

    assert [(one.kind, one.lines) for one in found] == expected


def test_figures_word_a_finding() -> None:
    (found,) = findings.find(paying((1, "a")), PROGRAM, Earlier(lines=1, total=100_000))

    assert found.metadata == {"total": "1", "earlier": "100000", "budget": "100000"}


def test_a_finding_names_a_thousand_lines_and_counts_all() -> None:
    program = Program(amount=30_000, budget=10**9, entitled=5_000)

    (found,) = findings.find(paying(*[(1, "a")] * 2_000), program, Earlier())

    assert found.lines == tuple(range(1, MOST_LINES_NAMED + 1))
    assert found.metadata["lineCount"] == "2000"
