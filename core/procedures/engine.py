"""The engine: (procedure, answers so far, context) → what is said next. Pure, so it replays.

A procedure is walked from its first step along the answers. A step whose condition does not hold is
passed over; the first without an answer is the prompt; an option that ends the walk is the closing;
past the last step is the review of all answers. Nothing is remembered but the answers, and the step
that somebody went back to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from core.procedures import hearing, texts
from core.procedures.blocks.block import Choice, Input, ShownFact, Wrong
from core.procedures.definition import (
    AnswerNotOffered,
    Answers,
    Context,
    End,
    Outcome,
    Procedure,
    Step,
)
from core.procedures.walking import SKIPPED, Walk, standing, walk

__all__ = ["SKIPPED", "Walk", "walk"]


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


@dataclass(frozen=True, slots=True)
class Heard:
    """What typed words answer: `given` as `answered` takes it, None where the step is left out."""

    given: Any


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


def asked_of_staff(
    procedure: Procedure, answers: Answers, context: Context, language: str, step: str
) -> Prompt:
    """Return how staff are asked a step of theirs, with the answer that stands."""
    walked = walk(procedure, answers, context, language, staff=True, until=step)
    return _prompt(walked, procedure.step(step), answers.get(step), answers)


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
    if not walked.asked or walked.asked[-1].key != step:
        raise AnswerNotOffered(
            f"the answers so far do not lead to step {step}", field="step", step=step
        )
    answer = _read(walked, wanted, given)
    kept = dict(answers)
    if step not in kept or kept[step] != answer:
        for dependent in procedure.dependents.get(step, ()):
            kept.pop(dependent, None)
    kept[step] = answer
    return _settled(procedure, kept, context, language)


def _settled(
    procedure: Procedure, answers: dict[str, Any], context: Context, language: str
) -> dict[str, Any]:
    """Return those answers that stand, without what depended on one that is asked no more.

    Whoever agreed to the fee for two things has not agreed to that for one.
    """
    while True:
        kept = standing(procedure, answers, context, language)
        gone = answers.keys() - kept.keys()
        depended = {one for step in gone for one in procedure.dependents.get(step, ())}
        if depended.isdisjoint(kept):
            return kept
        answers = {step: answer for step, answer in kept.items() if step not in depended}


def heard(
    procedure: Procedure,
    answers: Answers,
    context: Context,
    language: str,
    *,
    step: str,
    words: str,
) -> Heard | None:
    """Return what words in a chat answer to a step; None where they say nothing to it.

    What is heard may still be refused by `answered`, with what is wrong with it.
    """
    wanted = procedure.step(step)
    seen = walk(procedure, answers, context, language, until=step).see(wanted)
    choices = wanted.block.choices(seen)
    if wanted.optional and hearing.means(words, "skip"):
        # A choice may be called "none" itself.
        given = wanted.block.hear(words, seen) if choices else None
        return Heard(SKIPPED if given is None else given)
    given = wanted.block.hear(words, seen)
    return None if given is None else Heard(given)


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
    return texts.said(text, walked.arguments(), language)


def _read(walked: Walk, step: Step, given: Any) -> Any:
    if given is None:
        if not step.optional:
            raise Wrong("required")
        return SKIPPED
    if type(given) not in step.block.takes:
        raise Wrong("not_of_the_kind")
    answer = step.block.read(given, walked.see(step))
    walked.answer(step, answer)
    for check in step.checks:
        if not walked.of(check.expression):
            said = texts.said(check.text, walked.arguments(), walked.language)
            raise Wrong("check", text=said)
    return answer


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
    trial, count, is_later = walked.copy(), 0, False
    for one in walked.procedure.steps:
        if one is step:
            is_later = True
            continue
        if not is_later or one.staff or not trial.holds(one):
            continue
        count += one.block.is_answer
        if one.key in answers:
            trial.answer(one, answers[one.key])
    return count


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
        text=texts.said(end.text, walked.arguments(), walked.language),
        outcome=end.outcome,
        choices=others if end.outcome is Outcome.HAND_OVER else (),
    )
