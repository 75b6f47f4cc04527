"""Which step of the line from program to bank file comes next, told from the counts alone."""

from collections.abc import Callable
from dataclasses import dataclass

from todoke.v1.activity_pb2 import GetOverviewResponse
from todoke.v1.eligibility_pb2 import Program
from tui import roles


@dataclass(frozen=True, slots=True)
class Step:
    """A step, the screen it is done on, and who may do it."""

    name: str
    subject: str
    needs: roles.Roles
    due: Callable[[Program], bool]


def _filed(program: Program, *states: str) -> int:
    return sum(
        program.counts.applications[state]
        for state in states
        if state in program.counts.applications
    )


LINE = (
    Step("roster", "programs", roles.ELIGIBILITY, lambda p: not p.HasField("roster")),
    Step(
        "match",
        "programs",
        roles.ELIGIBILITY,
        lambda p: p.counts.matched == 0 and p.counts.to_review == 0,
    ),
    Step("decide", "applications", roles.REVIEW, lambda p: _filed(p, "submitted") > 0),
    Step("review", "programs", roles.ELIGIBILITY, lambda p: p.counts.to_review > 0),
    Step(
        "invite",
        "programs",
        roles.ELIGIBILITY,
        lambda p: p.counts.matched > 0 and not sum(p.counts.applications.values()),
    ),
    Step("propose", "payments", roles.PROPOSE, lambda p: _filed(p, "approved") > 0),
    Step("release", "payments", roles.RELEASE, lambda p: _filed(p, "in_payment") > 0),
    Step(
        "wait", "dashboard", frozenset(), lambda p: _filed(p, "invited", "started", "returned") > 0
    ),
)
"""The steps of a program in the order in which they press."""

CREATE = Step("create", "programs", roles.ELIGIBILITY, lambda _: True)
DONE = Step("done", "dashboard", frozenset(), lambda _: True)


def next_step(overview: GetOverviewResponse) -> Step:
    """Return the step that comes next for the newest program."""
    if not overview.programs:
        return CREATE
    return next((step for step in LINE if step.due(overview.programs[0])), DONE)
