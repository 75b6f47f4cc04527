"""Puts the steps of other procedures in the place of the steps that use them.

Each step and value of the other one gets the step's key before its own, `<step>_<its key>`, also
where its expressions and texts name it, so that it sees its own answers only.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from core.procedures.blocks.block import Block
from core.procedures.blocks.procedure import ProcedureBlock
from core.procedures.compiling import Fault
from core.procedures.expressions import renamed
from core.procedures.texts import Text, with_places_renamed
from core.procedures.yaml_places import Path

if TYPE_CHECKING:
    from core.procedures.source import CheckSource, ProcedureSource, StepSource

DEEPEST = 4
MOST_STEPS = 200
LONGEST_KEY = 64

Resolve: TypeAlias = Callable[[str, int], str | None]
"""From a procedure's key and version to its source; None where there is none."""
Flatten: TypeAlias = Callable[[str, int], "ProcedureSource | str"]
"""From a procedure's key and version to its source with everything in it, or what is wrong."""


def flat(
    source: "ProcedureSource", flatten: Flatten
) -> tuple["ProcedureSource", list[Path], list[Fault]]:
    """Return a source without procedures in it, where each of its steps is written, and faults."""
    steps: list[StepSource] = []
    origins: list[Path] = []
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for number, step in enumerate(source.steps):
        if not isinstance(step.block, ProcedureBlock):
            steps.append(step)
            origins.append(("steps", number))
            continue
        path: Path = ("steps", number)
        faults.extend(_meaningless(step, path))
        found = flatten(step.block.use, step.block.version)
        if isinstance(found, str):
            faults.append(Fault((*path, "procedure", "use"), found))
            continue
        inner = _put_in(step, found)
        steps.extend(inner.steps)
        origins.extend([(*path, "procedure")] * len(inner.steps))
        values |= inner.values
    faults.extend(_too_much(steps))
    faults.extend(
        Fault(("values", name), f"{name}: a procedure that is put in has it")
        for name in values.keys() & source.values.keys()
    )
    whole = source.model_copy(update={"steps": tuple(steps), "values": values | source.values})
    return whole, origins, faults


def _meaningless(step: "StepSource", path: Path) -> Iterator[Fault]:
    for name in ("optional", "checks", "help"):
        if getattr(step, name):
            yield Fault((*path, name), "means nothing where a procedure is put in")


def _too_much(steps: Sequence["StepSource"]) -> Iterator[Fault]:
    if any(len(step.key) > LONGEST_KEY for step in steps):
        yield Fault(("steps",), f"keys put together are longer than {LONGEST_KEY}")
    if len(steps) > MOST_STEPS:
        yield Fault(("steps",), f"more than {MOST_STEPS} steps when put together")


def _put_in(outer: "StepSource", source: "ProcedureSource") -> "ProcedureSource":
    new = {
        name: f"{outer.key}_{name}"
        for name in (*(step.key for step in source.steps), *source.values)
    }
    steps = tuple(_renamed(step, outer, new) for step in source.steps)
    values = {new[name]: renamed(text, new) for name, text in source.values.items()}
    return source.model_copy(update={"steps": steps, "values": values})


def _renamed(step: "StepSource", outer: "StepSource", new: Mapping[str, str]) -> "StepSource":
    conditions = [one for one in (outer.when, renamed(step.when, new)) if one]
    # A line ends before each bracket, as an expression may end in a comment.
    when = " && ".join(f"({one}\n)" for one in conditions) if len(conditions) > 1 else ""
    return step.model_copy(
        update={
            "key": new[step.key],
            "says": _text(step.says, new),
            "label": _text(step.label, new) if step.label else None,
            "help": _text(step.help, new) if step.help else None,
            "when": when or "".join(conditions),
            "checks": tuple(_check(one, new) for one in step.checks),
            "block": _block(step.block, new),
            "sensitive": step.sensitive or outer.sensitive,
            "staff": step.staff or outer.staff,
            "for_segments": step.for_segments or outer.for_segments,
        }
    )


def _check(check: "CheckSource", new: Mapping[str, str]) -> "CheckSource":
    text = _text(check.text, new)
    return check.model_copy(update={"check": renamed(check.check, new), "text": text})


def _text(text: Text, new: Mapping[str, str]) -> dict[str, str]:
    return {language: with_places_renamed(one, new) for language, one in text.items()}


def _block(block: Block, new: Mapping[str, str]) -> Block:
    changed = [
        (path.split("."), changed)
        for path, text in block.texts()
        if (changed := _text(text, new)) != dict(text)
    ]
    if not changed:
        return block
    settings = block.model_dump(mode="json", by_alias=True)
    for path, text in changed:
        _set(settings, path, text)
    return type(block).model_validate(settings)


def _set(settings: Any, path: Sequence[str], text: dict[str, str]) -> None:
    for part in path[:-1]:
        settings = settings[int(part) if part.isdigit() else part]
    settings[path[-1]] = text
