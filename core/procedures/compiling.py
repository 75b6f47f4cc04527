"""Compiles a source: its expressions, what depends on what, and every fault between the lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.procedures.definition import (
    HELD,
    RESIDENT,
    Check,
    CheckItem,
    Procedure,
    Step,
)
from core.procedures.expressions import (
    Expression,
    ExpressionInvalid,
    Expressions,
    Kind,
    members,
)
from core.procedures.texts import places
from core.procedures.yaml_places import Path

if TYPE_CHECKING:
    from core.procedures.source import ProcedureSource, StepSource

KNOWN: Mapping[str, Kind] = {
    "answered": Kind.TRUTHS,
    "resident": Kind.MAP,
    "held": Kind.MAP,
    "today": Kind.TEXT,
}
"""What expressions may name beside answers and values."""

TAKEN = "the name is there twice, or has a meaning of its own"

FILLING = HELD | {"name", "birth_date", "address", "today"}
"""What texts may name beside answers and values."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a path; line and column are within the value there, from 1."""

    path: Path
    problem: str
    line: int = 1
    column: int = 1
    is_warning: bool = False


class Compiler:
    """One source on its way to a procedure; `faults` grow while it is compiled."""

    def __init__(self, source: "ProcedureSource") -> None:
        self.source = source
        self.faults: list[Fault] = []
        self.values: dict[str, Expression] = {}
        self.kinds = {step.key: step.block.kind for step in source.steps}
        self.order = {step.key: number for number, step in enumerate(source.steps)}
        self.known: dict[str, Kind] = {**KNOWN, **self.kinds}
        self.expressions = Expressions(self.known)

    def procedure(self) -> Procedure:
        self._names()
        self._values()
        steps = tuple(self._step(number, step) for number, step in enumerate(self.source.steps))
        source = self.source
        if source.amount and self._kind(source.amount) is not Kind.NUMBER:
            self._fault(("amount",), f"{source.amount} is no number of this procedure")
        self._texts()
        return Procedure(
            key=source.key,
            version=source.version,
            title=source.title,
            steps=steps,
            about=source.about,
            audience=source.audience,
            assurance=source.assurance,
            decided=source.decided,
            once=source.once,
            review=source.review,
            done=source.done,
            values=self.values,
            amount=source.amount,
            checklist=tuple(CheckItem(one.key, one.text) for one in source.checklist),
            expire_days=source.expire_days,
            remind_days=source.remind_days,
            languages=source.languages,
            dependents=self._dependents(steps),
        )

    def _fault(self, path: Path, problem: str, *, is_warning: bool = False) -> None:
        self.faults.append(Fault(path, problem, is_warning=is_warning))

    def _names(self) -> None:
        seen: set[str] = set(KNOWN)
        for number, step in enumerate(self.source.steps):
            if step.key in seen:
                self._fault(("steps", number, "key"), f"{step.key}: {TAKEN}")
            seen.add(step.key)
        for name in self.source.values:
            if name in seen:
                self._fault(("values", name), f"{name}: {TAKEN}")
            seen.add(name)
        keys = [item.key for item in self.source.checklist]
        for number, key in enumerate(keys):
            if key in keys[:number]:
                self._fault(("checklist", number, "key"), f"{key} is there twice")

    def _kind(self, name: str) -> Kind | None:
        value = self.values.get(name)
        return value.kind if value else self.kinds.get(name)

    def _values(self) -> None:
        """Compile the calculations; each may name those before it."""
        for name, text in self.source.values.items():
            value = self._expression(text, ("values", name))
            if value is not None:
                self.values[name] = value
                self.known[name] = value.kind
                self.expressions = Expressions(self.known)

    def _expression(self, text: str, path: Path, *wanted: Kind) -> Expression | None:
        try:
            expression = self.expressions.compile(text, *wanted)
        except ExpressionInvalid as wrong:
            self.faults.append(Fault(path, str(wrong), wrong.line, wrong.column))
            return None
        for name, has in (("resident", RESIDENT), ("held", HELD), ("answered", set(self.order))):
            for member in sorted(members(text, name) - has):
                self._fault(path, f"{name} has no {member}: it has {', '.join(sorted(has))}")
        return expression

    def _step(self, number: int, step: "StepSource") -> Step:
        path: Path = ("steps", number)
        when = None
        if step.when:
            when = self._expression(step.when, (*path, "when"), Kind.TRUTH)
            self._only_before(step, when, (*path, "when"), of=number)
        checks = []
        for at, check in enumerate(step.checks):
            place = (*path, "checks", at, "check")
            expression = self._expression(check.check, place, Kind.TRUTH)
            self._only_before(step, expression, place, of=number + 1)
            if expression is not None:
                checks.append(Check(expression, check.text))
        for inner, problem in step.block.flaws():
            parts = (int(one) if one.isdigit() else one for one in inner.split("."))
            self._fault((*path, step.block.name, *parts), problem)
        if step.staff and step.sensitive:
            self._fault((*path, "sensitive"), "means nothing where staff answer", is_warning=True)
        return Step(
            key=step.key,
            block=step.block,
            text=step.says,
            label=step.label or step.says,
            help=step.help,
            when=when,
            checks=tuple(checks),
            optional=step.optional,
            sensitive=step.sensitive,
            staff=step.staff,
        )

    def _only_before(
        self, step: "StepSource", expression: Expression | None, path: Path, *, of: int
    ) -> None:
        """Let an expression name only what is asked before it, so that every walk ends."""
        for name in sorted(self._answers_behind(expression)):
            if self.order[name] >= of:
                self._fault(path, f"{name} is asked later than {step.key}: it is always empty here")

    def _answers_behind(self, expression: Expression | None) -> frozenset[str]:
        """Return the steps that an expression names, also through values."""
        if expression is None:
            return frozenset()
        found = expression.names & self.order.keys()
        for name in expression.names & self.values.keys():
            found |= self._answers_behind(self.values[name])
        return frozenset(found)

    def _dependents(self, steps: tuple[Step, ...]) -> dict[str, frozenset[str]]:
        """Return, by step, which steps' answers were checked against its answer."""
        behind = {
            step.key: frozenset().union(
                *(self._answers_behind(check.expression) for check in step.checks)
            )
            - {step.key}
            for step in steps
        }
        return {
            step.key: frozenset(_reached(step.key, behind))
            for step in steps
            if any(step.key in names for names in behind.values())
        }

    def _texts(self) -> None:
        from core.procedures.source import texts_of  # noqa: PLC0415 - the two describe each other.

        known = FILLING | set(self.order) | set(self.values)
        for path, text in texts_of(self.source):
            for language, pattern in text.items():
                for name in sorted(places(pattern) - known):
                    self._fault((*path, language), f"{{{name}}} is filled by nothing")
            for language in self.source.languages:
                if language not in text:
                    self._fault(path, f"has no {language}", is_warning=True)


def compiled(source: "ProcedureSource") -> tuple[Procedure, list[Fault]]:
    """Return the procedure, which is good for nothing where a fault is an error, and the faults."""
    compiler = Compiler(source)
    return compiler.procedure(), compiler.faults


def _reached(key: str, behind: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Yield what depends on a step, also through others."""
    waiting, found = [key], set()
    while waiting:
        name = waiting.pop()
        for step, names in behind.items():
            if name in names and step not in found:
                found.add(step)
                waiting.append(step)
                yield step
