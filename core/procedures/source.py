"""From an author's YAML to a procedure: every fault with its line, column and path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.procedures import yaml_places
from core.procedures.blocks.block import Block, Key, LanguageTag, Words
from core.procedures.blocks.procedure import ProcedureBlock
from core.procedures.blocks.registry import BLOCKS
from core.procedures.compiling import Fault, compiled
from core.procedures.definition import Audience, Procedure
from core.procedures.nesting import DEEPEST, Resolve, flat
from core.procedures.saying import texts_of_step
from core.procedures.yaml_places import NotYaml, Path, Read

MOST_PROBLEMS = 200


class Severity(StrEnum):
    """How bad a fault is: an error keeps a procedure from being published."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in a source: where, from 1, and what, in English for who writes procedures."""

    severity: Severity
    line: int
    column: int
    path: str
    problem: str


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckSource(Strict):
    """What must be true of an answer."""

    check: Annotated[str, Field(min_length=1, max_length=1000)]
    text: Words


class CheckItemSource(Strict):
    """A line that a reviewer ticks off."""

    key: Key
    text: Words


class StepSource(Strict):
    """One question: its words, when it is asked, and its block under the block's name."""

    key: Key
    says: Words
    block: Block
    label: Words | None = None
    help: Words | None = None
    when: Annotated[str, Field(max_length=1000)] = ""
    checks: Annotated[tuple[CheckSource, ...], Field(max_length=10)] = ()
    optional: bool = False
    sensitive: bool = False
    staff: bool = False
    for_segments: bool = False

    @model_validator(mode="before")
    @classmethod
    def _with_block(cls, value: Any) -> Any:
        """Find the block by its name; whatever it is, one must be there, and one only."""
        if not isinstance(value, dict):
            return value
        named = [name for name in value if name in BLOCKS]
        if len(named) != 1:
            unknown = sorted(set(value) - set(StepSource.model_fields))
            found = ", ".join(named or unknown) or "none"
            raise ValueError(f"must have one block of {', '.join(sorted(BLOCKS))}: it has {found}")
        settings = BLOCKS[named[0]].model_validate(value[named[0]] or {})
        whole = {name: one for name, one in value.items() if name != named[0]}
        if isinstance(settings, ProcedureBlock):
            # Its own steps speak for it.
            whole.setdefault("says", str(value.get("key")))
        return whole | {"block": settings}


class RecordedAnswer(Strict):
    """An answer of a recorded conversation; `answer` is null where the step was left out."""

    step: Key
    answer: Any = None
    refused: str = ""
    """The problem for which it is not taken, where that is what is recorded."""


class RecordedConversation(Strict):
    """A conversation that must come out as it is recorded."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    today: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] = "2026-04-01"
    resident: dict[str, Any] = {}
    held: dict[str, Any] = {}
    answers: Annotated[tuple[RecordedAnswer, ...], Field(max_length=500)] = ()
    asks: str = ""
    """The step that is asked then; empty where the conversation is at its end."""
    ends: Annotated[str, Field(pattern=r"^(review|submit|hand_over)?$")] = ""
    values: dict[str, Any] = {}


class ProcedureSource(Strict):
    """A procedure as it is written."""

    key: Key
    version: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    title: Words
    about: Words | None = None
    audience: Audience = Audience.REGISTERED
    assurance: Annotated[
        str, Field(pattern=r"^(jpki_signature|digital_auth_app|counter|self_declared)?$")
    ] = ""
    decided: bool = True
    once: bool = True
    review: bool = True
    done: Words | None = None
    values: Annotated[
        dict[Key, Annotated[str, Field(min_length=1, max_length=1000)]], Field(max_length=100)
    ] = {}
    amount: str = ""
    checklist: Annotated[tuple[CheckItemSource, ...], Field(max_length=30)] = ()
    expire_days: Annotated[int, Field(ge=1, le=400)] = 30
    remind_days: Annotated[int, Field(ge=0, le=400)] = 0
    languages: Annotated[tuple[LanguageTag, ...], Field(min_length=1, max_length=20)] = ("ja",)
    steps: Annotated[tuple[StepSource, ...], Field(min_length=1, max_length=200)]
    conversations: Annotated[tuple[RecordedConversation, ...], Field(max_length=200)] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of a source: the procedure unless an error is among the problems."""

    problems: tuple[Problem, ...]
    source: ProcedureSource | None = None
    procedure: Procedure | None = None


def parse(text: str, resolve: Resolve | None = None) -> Parsed:
    """Read a source. It never raises: whatever is wrong is among the problems, by line.

    `resolve` gives the sources of procedures that it uses; without it none are known.
    """
    return _Parser(resolve or (lambda _key, _version: None)).parsed(text)[0]


class _Parser:
    """Reads one source, and those that it uses, each once."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._under_way: list[tuple[str, int]] = []
        self._flat: dict[tuple[str, int], ProcedureSource | str] = {}

    def parsed(self, text: str) -> tuple[Parsed, ProcedureSource | None]:
        """Return what became of a source, and it with those that it uses put in."""
        try:
            read = yaml_places.read(text)
        except NotYaml as wrong:
            fault = Problem(Severity.ERROR, wrong.line, wrong.column, "", str(wrong))
            return Parsed((fault,)), None
        try:
            source = ProcedureSource.model_validate(read.value)
        except ValidationError as wrong:
            found = islice(_of_pydantic(wrong, read), MOST_PROBLEMS)
            return Parsed(tuple(sorted(found, key=_by_place))), None
        whole, origins, faults = flat(source, self._flatten)
        procedure, more = compiled(whole, origins)
        placed = {_placed(fault, read) for fault in (*faults, *more)}
        problems = tuple(sorted(placed, key=_by_place)[:MOST_PROBLEMS])
        if any(one.severity is Severity.ERROR for one in placed):
            return Parsed(problems, source), None
        return Parsed(problems, source, procedure), whole

    def _flatten(self, key: str, version: int) -> "ProcedureSource | str":
        """Return a source that is used, with those that it uses itself, or what is wrong."""
        known = key, version
        if known in self._under_way:
            return f"{key} version {version} uses itself"
        if len(self._under_way) >= DEEPEST:
            return f"procedures are put into each other more than {DEEPEST} deep"
        if known not in self._flat:
            text = self._resolve(key, version)
            if text is None:
                return f"there is no {key} version {version}"
            self._under_way.append(known)
            parsed, whole = self.parsed(text)
            self._under_way.pop()
            if whole is None:
                first = next(one for one in parsed.problems if one.severity is Severity.ERROR)
                return f"{key} version {version}, line {first.line}: {first.problem}"
            self._flat[known] = whole
        return self._flat[known]


def _of_pydantic(wrong: ValidationError, read: Read) -> Iterator[Problem]:
    for error in wrong.errors(include_url=False, include_input=False):
        path = _path(error["loc"], read.value)
        if error["type"] == "too_short" and error["ctx"]["actual_length"] < _length(
            path, read.value
        ):
            # Some were there, and have faults of their own.
            continue
        message = error["msg"].removeprefix("Value error, ")
        yield _problem(Severity.ERROR, path, message, read)


def _path(location: Sequence[str | int], value: Any) -> Path:
    """Return the path in the YAML of a place that pydantic tells: "block" is under its name."""
    path: list[str | int] = []
    for part in location:
        inside = value
        if isinstance(inside, dict) and part not in inside:
            if part == "[key]":
                break
            named = next((name for name in inside if name in BLOCKS), None)
            if named is None:
                path.append(part)
                break
            path.append(named)
            value = inside = inside[named]
            if part == "block":
                continue
        path.append(part)
        try:
            value = inside[part]
        except (KeyError, IndexError, TypeError):
            break
    return tuple(path)


def _length(path: Path, value: Any) -> int:
    for part in path:
        value = value[part]
    return len(value)


def _placed(fault: Fault, read: Read) -> Problem:
    severity = Severity.WARNING if fault.is_warning else Severity.ERROR
    line, column = read.within(fault.path, fault.line, fault.column)
    return Problem(severity, line, column, _dotted(fault.path), fault.problem)


def _problem(severity: Severity, path: Path, problem: str, read: Read) -> Problem:
    place = read.place(path)
    return Problem(severity, place.line, place.column, _dotted(path), problem)


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path)


def _by_place(problem: Problem) -> tuple[int, int, str]:
    return problem.line, problem.column, problem.problem


def texts_of(source: ProcedureSource) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Yield every text of a source that residents read, with its path."""
    for name in ("title", "about", "done"):
        if text := getattr(source, name):
            yield (name,), text
    for number, step in enumerate(source.steps):
        for inner, text, _ in texts_of_step(step):
            yield ("steps", number, *inner), text
