"""Another validator, and the JPKI's rules stated again, agree with us on every kind of case.

A case is good or broken in a single way. Three opinions meet: ours, the other validator's, and that
of whoever wrote the case. Where the first two are meant to differ, `by_design` says so by name.
"""

from dataclasses import replace

import pytest

from tests.core.registration.identity_oracle import groups, oracle
from tests.core.registration.identity_oracle.by_design import DIFFERENCES, differences
from tests.core.registration.identity_oracle.ours import Ours
from tests.core.registration.identity_oracle.verdict import NOT_CHECKED, NOT_REVOKED, Verdict
from tests.core.registration.identity_oracle.world import Case, World

pytestmark = [
    # One process makes the keys, and judges each group once.
    pytest.mark.xdist_group("identity_oracle"),
    # The library warns of a serial number that is not above zero before it is refused.
    pytest.mark.filterwarnings("ignore:Parsed a serial number"),
]

each_group = pytest.mark.parametrize(
    "group",
    # A thousand cases take a quarter of a minute: a fourth of the groups is judged by default.
    [
        pytest.param(name, marks=[pytest.mark.slow] if number % 4 else [])
        for number, name in enumerate(groups.GROUPS)
    ],
)

REASONS = {
    "CERTIFICATE_UNREADABLE",
    "CERTIFICATE_NOT_TRUSTED",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_NOT_YET_VALID",
    "CERTIFICATE_REVOKED",
    "CERTIFICATE_POLICY_REFUSED",
    "CERTIFICATE_NOT_FOR_SIGNATURE",
    "CERTIFICATE_FACTS_MISSING",
    "SIGNATURE_MISMATCH",
    "NO_TRUST",
}


class Judged:
    """Every case of a group with both verdicts, worked out once."""

    def __init__(self, ours: Ours) -> None:
        self._ours, self._world = ours, World()
        self._done: dict[str, list[tuple[Case, Verdict, Verdict]]] = {}

    def __getitem__(self, group: str) -> list[tuple[Case, Verdict, Verdict]]:
        if group not in self._done:
            made = groups.cases(self._world, group)
            self._done[group] = [(case, *self._both(case)) for case in made]
        return self._done[group]

    def _both(self, case: Case) -> tuple[Verdict, Verdict]:
        try:
            return self._ours.judge(case), oracle.judge(case)
        except Exception as error:
            error.add_note(f"in the case: {case.name}")
            raise


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> Judged:
    return Judged(Ours(tmp_path_factory.mktemp("identity_oracle")))


@each_group
def test_the_other_validator_accepts_and_refuses_what_we_do(judged, group):
    differing = {
        case.name: (ours.outcome, other.outcome)
        for case, ours, other in judged[group]
        if ours.outcome != other.outcome
    }

    assert differing == differences(group)


@each_group
def test_each_case_is_accepted_or_refused_for_what_was_done_to_it(judged, group):
    surprising = {
        case.name: (ours.why, sorted(case.expected))
        for case, ours, _ in judged[group]
        if ours.why not in case.expected
    }

    assert surprising == {}


@each_group
def test_both_read_the_same_from_a_certificate_that_both_accept(judged, group):
    differing = {
        case.name: (ours.read, other.read)
        for case, ours, other in judged[group]
        if ours.read and other.read and ours.read != other.read
    }

    assert differing == {}


@pytest.mark.slow
def test_there_are_a_thousand_different_cases_and_every_answer_among_them(judged):
    everything = [(group, *each) for group in groups.GROUPS for each in judged[group]]

    assert len({(group, case.name) for group, case, _, _ in everything}) == len(everything)
    assert len({replace(case, name="") for _, case, _, _ in everything}) >= 1000
    assert {ours.why for _, _, ours, _ in everything} == REASONS | {NOT_CHECKED, NOT_REVOKED}


@pytest.mark.slow
def test_every_difference_by_design_is_of_a_case_that_there_is(judged):
    for each in DIFFERENCES:
        assert each.why
        assert each.source
        for group, names in each.cases.items():
            assert set(names) <= {case.name for case, _, _ in judged[group]}
