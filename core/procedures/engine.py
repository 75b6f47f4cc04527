"""The engine: (procedure, answers so far, context) → what is said next. Pure, so it replays.

A procedure is walked from its first step along the answers. A step whose condition does not hold is
passed over; the first without an answer is the prompt; an option that ends the walk is the closing;
past the last step is the review of all answers. Nothing is remembered but the answers, and the step
that somebody went back to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from core.procedures import texts
from core.procedures.blocks.block import Choice, Input, Seen, ShownFact, Wrong
from core.procedures.definition import (
    AnswerNotOffered,
    Answers,
    Context,
    End,
    Outcome,
    Procedure,
    Step,
)
from core.procedures.expressions import EMPTY, Expression, ExpressionFailed
from core.procedures.texts import Arguments, Text

SKIPPED = None
"""The answer to a step that was left out."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question in the resident's language. `asks` are the fields of the contract's input."""

    step: str
    title: str
    text: str
    ruby: str
    help: str
    input: Input
    asks: Mapping[str, Any]
    facts: tuple[ShownFact, ...]
    choices: tuple[Choice, ...]
    optional: bool
    sensitive: bool
    current: Any
    """The answer that stands, as it is kept; None where there is none."""
    previous_step: str
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Line:
    """An answer as somebody looks it through."""

    step: str
    label: str
    value: str
    sensitive: bool
    staff: bool
    attachments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """All answers, to look through before they are filed."""

    title: str
    lines: tuple[Line, ...]
    previous_step: str


@dataclass(frozen=True, slots=True)
class Closing:
    """The end: what is said, what it means, and what may still be answered otherwise."""

    step: str
    text: str
    outcome: Outcome
    choices: tuple[Choice, ...]


Turn: TypeAlias = Prompt | Review | Closing


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

    def holds(self, step: Step) -> bool:
        return step.when is None or bool(self.of(step.when))

    def of(self, expression: Expression) -> Any:
        """Return what an expression comes to; empty where it fails, as by a division by nought."""
        for name in expression.names & self.procedure.values.keys():
            self.seen[name] = self.of(self.procedure.values[name])
        try:
            return expression.of(self.seen)
        except ExpressionFailed:
            return EMPTY[expression.kind]

    def answer(self, step: Step, answer: Any) -> None:
        self.answers[step.key] = answer
        if answer is not SKIPPED:
            self.seen[step.key] = step.block.for_expressions(answer)
        self.seen["answered"][step.key] = answer is not SKIPPED

    def values(self) -> dict[str, Any]:
        return {name: self.of(value) for name, value in self.procedure.values.items()}

    def arguments(self, text: Text | None = None) -> Arguments:
        """Return what fills the places of texts: what is known, answers and values."""
        patterns = "".join(text.values()) if text else "{"
        if "{" not in patterns:
            return {}
        steps = {step.key for step in self.procedure.steps}
        own = {name: _filling(self.seen[name]) for name in steps if name in patterns or not text}
        return {**own, **self.values(), **self.context.filling}

    def see(self, step: Step) -> Seen:
        return Seen(step.key, self.context, self.language, self.arguments(), self.seen)


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

    Steps that staff answer are passed over, unless `staff` are meant.
    """
    walked = Walk(procedure, context, language, _nothing_answered(procedure, context))
    for step in procedure.steps:
        if (step.staff and not staff) or not walked.holds(step):
            continue
        walked.asked.append(step)
        if step.key == until or (step.key not in answers and not step.staff):
            return walked
        if step.key not in answers:
            continue
        walked.answer(step, answers[step.key])
        if answers[step.key] is not SKIPPED and (end := step.block.end(answers[step.key])):
            walked.end = step, end
            return walked
    return walked


def turn(
    procedure: Procedure, answers: Answers, context: Context, language: str, *, at: str = ""
) -> Turn:
    """Return what is said next; where somebody went back, what is asked `at` that step."""
    walked = walk(procedure, answers, context, language, until=at)
    if walked.end is not None:
        return _closing(walked, *walked.end)
    step = walked.asked[-1] if walked.asked else None
    if step is not None and step.key not in walked.answers:
        return _prompt(walked, step, answers.get(step.key), answers)
    if procedure.review:
        return _review(walked)
    done = End(Outcome.SUBMIT, procedure.done or procedure.title)
    return _closing(walked, step or procedure.steps[0], done)


def answered(
    procedure: Procedure,
    answers: Answers,
    context: Context,
    language: str,
    *,
    step: str,
    given: Any,
    staff: bool = False,
) -> dict[str, Any]:
    """Return the answers with this one; what depends on it and was answered is asked again.

    `given` is the answer by its plain value, None where the step is left out. Raises Wrong for an
    answer that does not fit, and AnswerNotOffered for a step that the answers do not lead to.
    """
    wanted = procedure.step(step)
    if wanted.staff and not staff:
        raise AnswerNotOffered(f"step {step} is for staff", field="step", step=step)
    walked = walk(procedure, answers, context, language, staff=staff, until=step)
    if walked.end is not None or not walked.asked or walked.asked[-1].key != step:
        raise AnswerNotOffered(
            f"the answers so far do not lead to step {step}", field="step", step=step
        )
    answer = _read(walked, wanted, given)
    kept = dict(answers)
    if step not in kept or kept[step] != answer:
        for dependent in procedure.dependents.get(step, ()):
            kept.pop(dependent, None)
    kept[step] = answer
    # What the answers do not lead to any more is forgotten.
    led = walk(procedure, kept, context, language, staff=True, until="")
    if led.end is not None:
        return led.answers
    later = {one.key for one in procedure.steps} - led.answers.keys()
    return led.answers | {key: kept[key] for key in kept if key in later and _may_hold(led, key)}


def lines(walked: Walk, *, staff: bool = False) -> Iterator[Line]:
    """Yield each answer as somebody reads it, in order."""
    for step in walked.asked:
        if not step.block.is_answer or step.key not in walked.answers or (step.staff and not staff):
            continue
        answer, seen = walked.answers[step.key], walked.see(step)
        left_out = answer is SKIPPED
        yield Line(
            step=step.key,
            label=seen.say(step.label),
            value="" if left_out else step.block.shown(answer, seen),
            sensitive=step.sensitive or step.block.is_sensitive,
            staff=step.staff,
            attachments=() if left_out else step.block.attachments(answer),
        )


def said_at_end(procedure: Procedure, answers: Answers, context: Context, language: str) -> str:
    """Return what is said once the answers are filed from the review."""
    walked = walk(procedure, answers, context, language)
    text = procedure.done or procedure.title
    return texts.said(text, walked.arguments(text), language)


def _read(walked: Walk, step: Step, given: Any) -> Any:
    if given is None:
        if not step.optional:
            raise Wrong("required")
        return SKIPPED
    answer = step.block.read(given, walked.see(step))
    walked.answer(step, answer)
    for check in step.checks:
        if not walked.of(check.expression):
            said = texts.said(check.text, walked.arguments(check.text), walked.language)
            raise Wrong("check", text=said)
    return answer


def _may_hold(led: Walk, key: str) -> bool:
    """Whether a step beyond the one asked now may still be asked, as far as is known."""
    step = led.procedure.step(key)
    past = led.procedure.steps.index(step) > led.procedure.steps.index(led.asked[-1])
    return past and led.holds(step)


def _nothing_answered(procedure: Procedure, context: Context) -> dict[str, Any]:
    seen: dict[str, Any] = {step.key: EMPTY[step.block.kind] for step in procedure.steps}
    seen["answered"] = {step.key: False for step in procedure.steps}
    seen["resident"] = dict(context.resident)
    seen["held"] = dict(context.held)
    seen["today"] = context.today.isoformat()
    return seen


def _prompt(walked: Walk, step: Step, current: Any, answers: Answers) -> Prompt:
    seen = walked.see(step)
    filled = texts.filled(step.text, seen.arguments, walked.language)
    plain = texts.plain(filled)
    before = [one.key for one in walked.asked[:-1]]
    questions = [one for one in walked.asked if one.block.is_answer or one is step]
    return Prompt(
        step=step.key,
        title=seen.say(walked.procedure.title),
        text=plain,
        ruby=filled if filled != plain else "",
        help=seen.say(step.help) if step.help else "",
        input=step.block.input,
        asks=step.block.asks(seen),
        facts=step.block.facts(seen),
        choices=step.block.choices(seen),
        optional=step.optional,
        sensitive=step.sensitive or step.block.is_sensitive,
        current=current,
        previous_step=before[-1] if before else "",
        number=len(questions),
        total=len(questions) + _still_to_ask(walked, step, answers),
    )


def _still_to_ask(walked: Walk, step: Step, answers: Answers) -> int:
    """Count the questions after a step, as far as is known now."""
    steps = walked.procedure.steps
    later = steps[steps.index(step) + 1 :]
    for one in later:
        if one.key in answers and answers[one.key] is not SKIPPED:
            walked.seen[one.key] = one.block.for_expressions(answers[one.key])
    return sum(not one.staff and one.block.is_answer and walked.holds(one) for one in later)


def _review(walked: Walk) -> Review:
    return Review(
        title=texts.said(walked.procedure.title, walked.arguments(), walked.language),
        lines=tuple(lines(walked)),
        previous_step=walked.asked[-1].key if walked.asked else "",
    )


def _closing(walked: Walk, step: Step, end: End) -> Closing:
    chosen = walked.answers.get(step.key)
    others = tuple(one for one in step.block.choices(walked.see(step)) if one.value != chosen)
    return Closing(
        step=step.key,
        text=texts.said(end.text, walked.arguments(end.text), walked.language),
        outcome=end.outcome,
        choices=others if end.outcome is Outcome.HAND_OVER else (),
    )


def _filling(value: Any) -> Any:
    return "、".join(value) if isinstance(value, list) else value
