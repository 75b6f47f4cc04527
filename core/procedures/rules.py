"""The engine: (procedure, answers so far, context) → what is said next. Pure, so it replays.

A procedure is walked from its first step along the answers; the first step without an answer is the
prompt, and an option that ends the walk is the closing. Nothing is remembered but the answers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from core.errors import BadRequest, NotFound

FALLBACK = "ja"
PLACE = re.compile(r"\{([a-z_]+)\}")

Text: TypeAlias = Mapping[str, str]
"""A text by language tag; "ja" is always there."""

Answers: TypeAlias = Mapping[str, str]
"""The value chosen, by step."""

Context: TypeAlias = Mapping[str, str]
"""What the city holds, by name, already in the resident's language."""


class ProcedureUnknown(NotFound):
    reason = "PROCEDURE_UNKNOWN"


class AnswerNotOffered(BadRequest):
    reason = "ANSWER_NOT_OFFERED"


class Outcome(StrEnum):
    """What the end of a walk means for the application."""

    SUBMIT = "submit"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class GoTo:
    step: str


@dataclass(frozen=True, slots=True)
class End:
    outcome: Outcome
    text: Text


@dataclass(frozen=True, slots=True)
class Option:
    """A button, and what follows from it."""

    value: str
    label: Text
    next: GoTo | End


@dataclass(frozen=True, slots=True)
class HeldFact:
    """A line of what the city holds."""

    name: str
    label: Text


@dataclass(frozen=True, slots=True)
class Step:
    """Shows what the city holds, and asks."""

    key: str
    text: Text
    facts: tuple[HeldFact, ...]
    options: tuple[Option, ...]

    def option(self, value: str) -> Option:
        """Return the option; raise AnswerNotOffered where there is none of this value."""
        for option in self.options:
            if option.value == value:
                return option
        offered = ", ".join(option.value for option in self.options)
        raise AnswerNotOffered(
            f"step {self.key} offers {offered}: answer one of them", field="choice", step=self.key
        )


@dataclass(frozen=True, slots=True)
class Procedure:
    """One version of a procedure."""

    key: str
    version: int
    title: Text
    steps: tuple[Step, ...]

    def step(self, key: str) -> Step:
        """Return the step; raise AnswerNotOffered where there is none of this key."""
        for step in self.steps:
            if step.key == key:
                return step
        raise AnswerNotOffered(
            f"{self.key} has no step {key}: ask for the prompt again", field="step", step=key
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A button in the resident's language."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A line of what the city holds, in the resident's language."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question in the resident's language."""

    step: str
    title: str
    text: str
    facts: tuple[ShownFact, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """The end: what is said, what it means, and what may still be answered otherwise."""

    step: str
    text: str
    outcome: Outcome
    choices: tuple[Choice, ...]


def turn(
    procedure: Procedure, answers: Answers, context: Context, language: str
) -> Prompt | Closing:
    """Return what is said next.

    Raises AnswerNotOffered where an answer is none that its step offers.
    """
    step = procedure.steps[0]
    while step.key in answers:
        chosen = step.option(answers[step.key])
        if isinstance(chosen.next, End):
            return _closing(step, chosen, chosen.next, context, language)
        step = procedure.step(chosen.next.step)
    return Prompt(
        step=step.key,
        title=said(procedure.title, context, language),
        text=said(step.text, context, language),
        facts=tuple(
            ShownFact(said(fact.label, context, language), context[fact.name])
            for fact in step.facts
            if context.get(fact.name)
        ),
        choices=_choices(step.options, context, language),
    )


def answered(procedure: Procedure, answers: Answers, step: str, value: str) -> dict[str, str]:
    """Return the answers with this one.

    Raises AnswerNotOffered for a step that was not reached, or a value that it does not offer.
    """
    procedure.step(step).option(value)
    reached = procedure.steps[0]
    kept: dict[str, str] = {}
    while reached.key != step:
        if reached.key not in answers:
            raise AnswerNotOffered(
                f"step {step} is not reached yet: answer {reached.key} first",
                field="step",
                step=step,
            )
        kept[reached.key] = answers[reached.key]
        following = reached.option(answers[reached.key]).next
        if isinstance(following, End):
            raise AnswerNotOffered(
                f"the answers so far do not lead to step {step}", field="step", step=step
            )
        reached = procedure.step(following.step)
    return {**kept, step: value}


def said(text: Text, context: Context, language: str) -> str:
    """Return the text in the language, or in Japanese, with its {places} filled."""
    words = text.get(language) or text.get(language.partition("-")[0]) or text[FALLBACK]
    return PLACE.sub(lambda place: context.get(place[1], ""), words)


def flaws(procedure: Procedure) -> list[str]:
    """Say what is wrong with a definition beyond the contract's limits, path by path."""
    found = []
    keys = [step.key for step in procedure.steps]
    found += [f"steps: {key} is there twice" for key in sorted(set(keys)) if keys.count(key) > 1]
    for number, step in enumerate(procedure.steps):
        path = f"steps[{number}]"
        values = [option.value for option in step.options]
        if len(set(values)) < len(values):
            found.append(f"{path}.options: a value is there twice")
        for option in step.options:
            # Only onwards, so that every walk ends.
            if isinstance(option.next, GoTo) and option.next.step not in keys[number + 1 :]:
                found.append(f"{path}.options: {option.value} leads to no later step")
        found += [
            f"{path}: a text has no {FALLBACK}" for text in _texts(step) if FALLBACK not in text
        ]
    return found


def _texts(step: Step) -> list[Text]:
    texts = [step.text, *(fact.label for fact in step.facts)]
    for option in step.options:
        texts.append(option.label)
        if isinstance(option.next, End):
            texts.append(option.next.text)
    return texts


def _closing(step: Step, chosen: Option, end: End, context: Context, language: str) -> Closing:
    others = [option for option in step.options if option.value != chosen.value]
    changeable = others if end.outcome is Outcome.HAND_OVER else []
    return Closing(
        step=step.key,
        text=said(end.text, context, language),
        outcome=end.outcome,
        choices=_choices(tuple(changeable), context, language),
    )


def _choices(options: tuple[Option, ...], context: Context, language: str) -> tuple[Choice, ...]:
    return tuple(Choice(one.value, said(one.label, context, language)) for one in options)
