"""Texts of a source: which there are, and whether their places can be filled."""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING

from core.procedures.definition import HELD
from core.procedures.expressions import Kind
from core.procedures.patterns import DAYS, NUMBERS, Place
from core.procedures.texts import Text, typed_places
from core.procedures.yaml_places import Path

if TYPE_CHECKING:
    from core.procedures.compiling import Compiler
    from core.procedures.source import StepSource

FILLED: Mapping[str, Kind] = {
    **dict.fromkeys((*HELD, "name", "birth_date", "address", "today"), Kind.TEXT),
    "amount": Kind.NUMBER,
    "household_size": Kind.NUMBER,
}
"""What texts may name beside answers and values."""

FILLING = frozenset(FILLED)


class Role(Enum):
    """What a text of a step is for."""

    QUESTION = "question"
    AFTER = "after"
    """What is said of an answer: its end, or why it is refused."""


ENDS = {"submit", "hand_over"}


def texts_of_step(step: "StepSource") -> Iterator[tuple[Path, Text, Role]]:
    """Yield every text of a step, with its path within."""
    for name in ("says", "label", "help"):
        if text := getattr(step, name):
            yield (name,), text, Role.QUESTION
    for at, check in enumerate(step.checks):
        yield ("checks", at, "text"), check.text, Role.AFTER
    for inner, text in step.block.texts():
        parts = tuple(int(one) if one.isdigit() else one for one in inner.split("."))
        role = Role.AFTER if parts[-1] in ENDS else Role.QUESTION
        yield (step.block.name, *parts), text, role


def check_texts(compiler: "Compiler") -> None:
    """Find what is wrong with the places of texts, and which languages are missing."""
    for name in ("title", "about", "done"):
        if text := getattr(compiler.source, name):
            _text(compiler, (name,), text, len(compiler.order))
    for number, step in enumerate(compiler.source.steps):
        for inner, text, role in texts_of_step(step):
            # What is said of an answer may name it; what asks for it may not.
            before = number if role is Role.QUESTION else number + 1
            _text(compiler, ("steps", number, *inner), text, before, step)
    for number, item in enumerate(compiler.source.checklist):
        _text(compiler, ("checklist", number, "text"), item.text, 0)


def _text(
    compiler: "Compiler", path: Path, text: Text, before: int, step: "StepSource | None" = None
) -> None:
    for language, pattern in text.items():
        for place in typed_places(pattern):
            for problem, is_warning in _misplaced(compiler, place, before, step):
                compiler.fault((*path, language), problem, is_warning=is_warning)
    for language in compiler.source.languages:
        if language not in text:
            compiler.fault(path, f"has no {language}", is_warning=True)


def _misplaced(
    compiler: "Compiler", place: Place, before: int, step: "StepSource | None"
) -> Iterator[tuple[str, bool]]:
    """Yield what is wrong with a place of a text: a problem, and whether it is a warning."""
    name = place.name
    kind = compiler.kind(name)
    if kind is None and name not in FILLING:
        yield f"{{{name}}} is filled by nothing", False
        return
    if place.type in NUMBERS and (kind or FILLED.get(name)) is not Kind.NUMBER:
        yield f"{{{name}}} is no number", False
    if place.type in DAYS and (kind or Kind.TEXT) is not Kind.TEXT:
        yield f"{{{name}}} is no day", False
    for key in sorted(compiler.steps_behind((name,))):
        if compiler.order[key] >= before and name == key:
            yield f"{key} is asked later: it is always empty here", False
    asked = compiler.order.get(name)
    if asked is None:
        return
    told = compiler.source.steps[asked]
    if told.staff and not (step and step.staff):
        yield f"{name} is answered by staff: it is always empty here", False
    hides = told.sensitive and not told.staff
    if hides and (step is None or not (step.sensitive or step.staff)):
        yield f"tells {name}, which is sensitive, where it may stand in a chat", True
