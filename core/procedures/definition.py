"""A procedure as the engine walks it: compiled, pure, and the same for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from core.errors import BadRequest, NotFound
from core.procedures.expressions import Expression
from core.procedures.texts import Argument, Text

if TYPE_CHECKING:
    from core.procedures.blocks.block import Block

Answers: TypeAlias = Mapping[str, Any]
"""Answers by step, each as its block keeps it: what JSON can hold."""


Refused: TypeAlias = tuple[str, str | date]
"""Why the city does not take something: a problem, and the `limit` to word it with, or ""."""


class ProcedureUnknown(NotFound):
    reason = "PROCEDURE_UNKNOWN"


class AnswerNotOffered(BadRequest):
    reason = "ANSWER_NOT_OFFERED"


class Audience(StrEnum):
    """Who goes through a procedure."""

    REGISTERED = "registered"
    ANYBODY = "anybody"
    STAFF = "staff"


class Outcome(StrEnum):
    """What the end of a walk means for the application."""

    SUBMIT = "submit"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class End:
    """An end: what it means, and what is said."""

    outcome: Outcome
    text: Text


@dataclass(frozen=True, slots=True)
class Check:
    """What must be true of an answer, and what is said where it is not."""

    expression: Expression
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question, or one thing told. `label` is what it is called in short."""

    key: str
    block: "Block"
    text: Text
    label: Text
    help: Text | None = None
    when: Expression | None = None
    checks: tuple[Check, ...] = ()
    optional: bool = False
    sensitive: bool = False
    staff: bool = False
    for_segments: bool = False


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A line that a reviewer ticks off."""

    key: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One version of a procedure.

    `dependents` are, by step, the steps that are asked again when its answer changes. `behind` are,
    by step or value, the steps whose answers its condition or it itself names, also through values.
    """

    key: str
    version: int
    title: Text
    steps: tuple[Step, ...]
    about: Text | None = None
    audience: Audience = Audience.REGISTERED
    assurance: str = ""
    decided: bool = True
    once: bool = True
    review: bool = True
    done: Text | None = None
    values: Mapping[str, Expression] = field(default_factory=dict)
    amount: str = ""
    checklist: tuple[CheckItem, ...] = ()
    expire_days: int = 30
    remind_days: int = 0
    languages: tuple[str, ...] = ("ja",)
    dependents: Mapping[str, frozenset[str]] = field(default_factory=dict)
    behind: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def step(self, key: str) -> Step:
        """Return the step; raise AnswerNotOffered where there is none of this key."""
        for step in self.steps:
            if step.key == key:
                return step
        raise AnswerNotOffered(
            f"{self.key} has no step {key}: ask for the prompt again", field="step", step=key
        )


@dataclass(frozen=True, slots=True)
class Context:
    """What the city knows when it asks, beside the answers.

    `resident` and `held` are what expressions see; `shown` are the facts that a block may show, as
    the resident reads them; `filling` fills places of texts. `taken` is how many of each slot
    others have taken, by step and slot; `refused` are the codes that are not taken, by step and
    code.
    """

    today: date
    resident: Mapping[str, Any] = field(default_factory=dict)
    held: Mapping[str, Any] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    filling: Mapping[str, Argument] = field(default_factory=dict)
    taken: Mapping[tuple[str, str], int] = field(default_factory=dict)
    refused: Mapping[tuple[str, str], Refused] = field(default_factory=dict)


RESIDENT = {"registered", "name", "birth_date", "sex", "address", "age"}
"""What expressions may name of `resident`; without a resident each is empty."""

HELD = {"program", "amount", "account", "household_size"}
"""What expressions may name of `held`, what the city holds for the program."""
