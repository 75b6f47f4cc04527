"""Walks a procedure along its answers: which steps are asked, what counts, what is known then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.procedures.blocks.block import Seen
from core.procedures.definition import Answers, Context, End, Procedure, Step
from core.procedures.expressions import EMPTY, Expression, ExpressionFailed
from core.procedures.texts import Argument, Arguments

SKIPPED = None
"""The answer to a step that was left out."""


@dataclass(slots=True)
class Walk:
    """A procedure walked along the answers, as far as they lead."""

    procedure: Procedure
    context: Context
    language: str
    seen: dict[str, Any]
    """What expressions see: every step's answer, empty where it has none, and what is known."""
    asked: list[Step] = field(default_factory=list)
    """The steps whose condition holds, up to the one that is asked now or the end."""
    answers: dict[str, Any] = field(default_factory=dict)
    """Those answers that count."""
    end: tuple[Step, End] | None = None
    fresh: set[str] = field(default_factory=set)
    """The values that are worked out for these answers, so that none is twice."""

    def holds(self, step: Step) -> bool:
        return step.when is None or bool(self.of(step.when))

    def of(self, expression: Expression) -> Any:
        """Return what an expression comes to; empty where it fails, as by a division by nought."""
        for name in expression.names & self.procedure.values.keys():
            self._work_out(name)
        try:
            return expression.of(self.seen)
        except ExpressionFailed:
            return EMPTY[expression.kind]

    def answer(self, step: Step, answer: Any) -> None:
        self.answers[step.key] = answer
        is_given = answer is not SKIPPED
        self.seen[step.key] = (
            step.block.for_expressions(answer) if is_given else EMPTY[step.block.kind]
        )
        self.seen["answered"][step.key] = is_given
        behind = self.procedure.behind
        self.fresh = {name for name in self.fresh if step.key not in behind[name]}

    def values(self) -> dict[str, Any]:
        return {name: self.value(name) for name in self.procedure.values}

    def value(self, name: str) -> Any:
        """Return what a calculation comes to now."""
        self._work_out(name)
        return self.seen[name]

    def _work_out(self, name: str) -> None:
        if name not in self.fresh:
            self.seen[name] = self.of(self.procedure.values[name])
            self.fresh.add(name)

    def arguments(self) -> Arguments:
        """Return what fills the places of texts: what is known, answers and values."""
        return Filling(self)

    def see(self, step: Step) -> Seen:
        return Seen(step.key, self.context, self.language, Filling(self), self.seen)

    def copy(self) -> "Walk":
        """Return the same, to walk on with as a trial."""
        seen = {**self.seen, "answered": dict(self.seen["answered"])}
        return Walk(
            self.procedure,
            self.context,
            self.language,
            seen,
            list(self.asked),
            dict(self.answers),
            self.end,
            set(self.fresh),
        )


class Filling(Mapping[str, Argument]):
    """What fills the places of texts, worked out when it is wanted: most texts want little."""

    def __init__(self, walked: Walk) -> None:
        self._walked = walked

    def __getitem__(self, name: str) -> Argument:
        walked = self._walked
        if name in walked.answers:
            return self._answer(name)
        if name in walked.procedure.values:
            return _filling(walked.value(name))
        if name in walked.seen["answered"]:
            return ""
        return walked.context.filling[name]

    def __iter__(self) -> Iterator[str]:
        walked = self._walked
        own = dict.fromkeys((*walked.seen["answered"], *walked.procedure.values))
        return iter(own | dict.fromkeys(walked.context.filling))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _answer(self, key: str) -> Argument:
        answer = self._walked.answers[key]
        if answer is SKIPPED:
            return ""
        step = self._walked.procedure.step(key)
        return _filling(step.block.fills(answer, self._walked.see(step)))


def walk(
    procedure: Procedure,
    answers: Answers,
    context: Context,
    language: str,
    *,
    staff: bool = False,
    until: str = "",
) -> Walk:
    """Walk along the answers: to the first step without one, to the end, or to the step `until`.

    Steps that staff answer are passed over, unless `staff` are meant: these come beyond the end,
    too, as staff answer once it is filed.
    """
    walked = begin(procedure, context, language)
    for step in procedure.steps:
        is_over = walked.end is not None and not step.staff
        if is_over or (step.staff and not staff) or not walked.holds(step):
            continue
        walked.asked.append(step)
        if step.key == until or (step.key not in answers and not step.staff):
            return walked
        if step.key not in answers:
            continue
        walked.answer(step, answers[step.key])
        if answers[step.key] is not SKIPPED and (end := step.block.end(answers[step.key])):
            walked.end = step, end
            if not staff:
                return walked
    return walked


def begin(procedure: Procedure, context: Context, language: str) -> Walk:
    """Return a walk before its first step."""
    seen: dict[str, Any] = {step.key: EMPTY[step.block.kind] for step in procedure.steps}
    seen["answered"] = {step.key: False for step in procedure.steps}
    seen["resident"] = dict(context.resident)
    seen["held"] = dict(context.held)
    seen["today"] = context.today.isoformat()
    return Walk(procedure, context, language, seen)


def standing(
    procedure: Procedure, answers: Answers, context: Context, language: str
) -> dict[str, Any]:
    """Return those answers that are still asked, as far as is known, beyond unanswered steps too.

    An answer whose condition names a step that is to be asked again stands until that is answered.
    """
    walked = begin(procedure, context, language)
    kept: dict[str, Any] = {}
    unknown: set[str] = set()
    has_ended = False
    for step in procedure.steps:
        if has_ended and not step.staff:
            continue
        holds = walked.holds(step)
        may_hold = holds or not unknown.isdisjoint(procedure.behind.get(step.key, ()))
        if step.key not in answers or (may_hold and not holds):
            if may_hold:
                unknown.add(step.key)
                kept |= {step.key: answers[step.key]} if step.key in answers else {}
            continue
        if not holds:
            continue
        answer = kept[step.key] = answers[step.key]
        walked.answer(step, answer)
        has_ended = has_ended or (answer is not SKIPPED and step.block.end(answer) is not None)
    return kept


def _filling(value: Any) -> Argument:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "、".join(value)
    return value if isinstance(value, str | int) or hasattr(value, "isoformat") else ""
