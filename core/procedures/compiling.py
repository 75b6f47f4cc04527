"""Compiles a source: its expressions, what depends on what, and every fault between the lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    names,
)
from core.procedures.patterns import places_of
from core.procedures.saying import Role, check_texts, texts_of_step
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

MARKABLE = ("choice", "choices")
"""The blocks whose answers may be kept for segments: what is chosen, never words."""

TAKEN = "the name is there twice, or has a meaning of its own"


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

    def __init__(self, source: "ProcedureSource", origins: Sequence[Path] = ()) -> None:
        self.source = source
        self.origins = origins
        self.faults: list[Fault] = []
        self.values: dict[str, Expression] = {}
        self._of_values: dict[str, frozenset[str]] = {}
        self.kinds = {step.key: step.block.kind for step in source.steps}
        self.order = {step.key: number for number, step in enumerate(source.steps)}
        self.known: dict[str, Kind] = {**KNOWN, **self.kinds}
        self.expressions = Expressions(self.known)

    def procedure(self) -> Procedure:
        self._names()
        self._values()
        steps = tuple(self._step(number, step) for number, step in enumerate(self.source.steps))
        source = self.source
        if source.amount and self.kind(source.amount) is not Kind.NUMBER:
            self.fault(("amount",), f"{source.amount} is no number of this procedure")
        check_texts(self)
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
            dependents=self._dependents(),
            behind=self._behind(steps),
        )

    def fault(
        self, path: Path, problem: str, line: int = 1, column: int = 1, *, is_warning: bool = False
    ) -> None:
        if path[:1] == ("steps",) and len(path) > 1 and self.origins:
            written = self.origins[int(path[1])]
            if len(written) > 2:
                # It is another procedure's: what is wrong is how it is put in.
                path, problem, line, column = written, f"put in: {problem}", 1, 1
            else:
                path = (*written, *path[2:])
        self.faults.append(Fault(path, problem, line, column, is_warning=is_warning))

    def _names(self) -> None:
        seen: set[str] = set(KNOWN)
        for number, step in enumerate(self.source.steps):
            if step.key in seen:
                self.fault(("steps", number, "key"), f"{step.key}: {TAKEN}")
            seen.add(step.key)
        for name in self.source.values:
            if name in seen:
                self.fault(("values", name), f"{name}: {TAKEN}")
            seen.add(name)
        keys = [item.key for item in self.source.checklist]
        for number, key in enumerate(keys):
            if key in keys[:number]:
                self.fault(("checklist", number, "key"), f"{key} is there twice")

    def kind(self, name: str) -> Kind | None:
        value = self.values.get(name)
        return value.kind if value else self.kinds.get(name)

    def _values(self) -> None:
        """Compile the calculations; each may name those before it."""
        for name, text in self.source.values.items():
            value = self._expression(text, ("values", name))
            if value is not None:
                self.values[name] = value
                self._of_values[name] = self._answers_behind(value)
                self.known[name] = value.kind
                self.expressions = Expressions(self.known)

    def _expression(self, text: str, path: Path, *wanted: Kind) -> Expression | None:
        try:
            expression = self.expressions.compile(text, *wanted)
        except ExpressionInvalid as wrong:
            self.fault(path, str(wrong), wrong.line, wrong.column)
            return None
        for name, has in (("resident", RESIDENT), ("held", HELD), ("answered", set(self.order))):
            for member in sorted(members(text, name) - has):
                told = f"has no {member}" if member else f"is named as a whole: write {name}.…"
                self.fault(path, f"{name} {told}; it has {', '.join(sorted(has))}")
        return expression

    def _step(self, number: int, step: "StepSource") -> Step:
        path: Path = ("steps", number)
        when = None
        if step.when:
            when = self._expression(step.when, (*path, "when"), Kind.TRUTH)
            self._only_before(step, when, (*path, "when"), of=number)
        checks = self._checks(number, step)
        self._find_flaws(step, path)
        return Step(
            key=step.key,
            block=step.block,
            text=step.says,
            label=step.label or step.says,
            help=step.help,
            when=when,
            checks=checks,
            optional=step.optional,
            sensitive=step.sensitive,
            staff=step.staff,
            for_segments=step.for_segments,
        )

    def _checks(self, number: int, step: "StepSource") -> tuple[Check, ...]:
        checks = []
        for at, check in enumerate(step.checks):
            place = ("steps", number, "checks", at, "check")
            expression = self._expression(check.check, place, Kind.TRUTH)
            self._only_before(step, expression, place, of=number + 1)
            if expression is not None:
                checks.append(Check(expression, check.text))
        return tuple(checks)

    def _find_flaws(self, step: "StepSource", path: Path) -> None:
        """Find what a step says of itself that does not go together."""
        for inner, problem in step.block.flaws():
            parts = (int(one) if one.isdigit() else one for one in inner.split("."))
            self.fault((*path, step.block.name, *parts), problem)
        if step.staff and step.block.name == "coupon":
            self.fault((*path, "staff"), "a code is given by residents, and used when they file")
        if step.staff and step.sensitive:
            self.fault((*path, "sensitive"), "means nothing where staff answer", is_warning=True)
        if step.for_segments:
            self._only_choices(step, (*path, "for_segments"))
        if step.optional and not step.block.is_answer:
            self.fault((*path, "optional"), "means nothing where nothing is answered")

    def _only_choices(self, step: "StepSource", path: Path) -> None:
        """Let only what residents choose be kept for segments, in clear: never words or secrets."""
        if step.block.name not in MARKABLE:
            self.fault(path, f"only an answer of {' or '.join(MARKABLE)} is kept for segments")
        elif step.sensitive or step.staff:
            self.fault(path, "what is sensitive, or answered by staff, is not kept for segments")

    def _only_before(
        self, step: "StepSource", expression: Expression | None, path: Path, *, of: int
    ) -> None:
        """Let an expression name only what is asked before it, so that every walk ends."""
        for name in sorted(self._answers_behind(expression)):
            if self.order[name] >= of:
                self.fault(path, f"{name} is asked later than {step.key}: it is always empty here")
            elif self.source.steps[self.order[name]].staff and not step.staff:
                self.fault(path, f"{name} is answered by staff: it is always empty here")

    def _answers_behind(self, expression: Expression | None) -> frozenset[str]:
        """Return the steps that an expression names, also through values."""
        if expression is None:
            return frozenset()
        named = expression.names | members(expression.source, "answered")
        return self.steps_behind(named)

    def steps_behind(self, names: Iterable[str]) -> frozenset[str]:
        """Return the steps among names, and those that the values among them name."""
        found = {name for name in names if name in self.order}
        for name in names:
            found |= self._of_values.get(name, frozenset())
        return frozenset(found)

    def _behind(self, steps: tuple[Step, ...]) -> dict[str, frozenset[str]]:
        return {**self._of_values, **{one.key: self._answers_behind(one.when) for one in steps}}

    def _dependents(self) -> dict[str, frozenset[str]]:
        """Return, by step, which steps are to be asked again when its answer changes.

        They are those that were checked against it, and those whose question tells it: a yes to one
        question is none to another.
        """
        behind = {step.key: self._relies_on(step) - {step.key} for step in self.source.steps}
        return {
            step.key: frozenset(_reached(step.key, behind))
            for step in self.source.steps
            if any(step.key in names for names in behind.values())
        }

    def _relies_on(self, step: "StepSource") -> frozenset[str]:
        named: set[str] = set()
        for check in step.checks:
            used = {name for name, _ in names(check.check)}
            named |= used | members(check.check, "answered")
        for _, text, role in texts_of_step(step):
            if role is Role.QUESTION:
                named |= {place.name for one in text.values() for place in places_of(one)}
        return self.steps_behind(named)


def compiled(
    source: "ProcedureSource", origins: Sequence[Path] = ()
) -> tuple[Procedure, list[Fault]]:
    """Return the procedure, which is good for nothing where a fault is an error, and the faults.

    `origins` are where each step is written, where that is not its own place.
    """
    compiler = Compiler(source, origins)
    return compiler.procedure(), compiler.faults


def _reached(key: str, behind: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Yield what depends on a step, also through others."""
    waiting, found = [key], set()
    while waiting:
        name = waiting.pop()
        for step, relies_on in behind.items():
            if name in relies_on and step not in found:
                found.add(step)
                waiting.append(step)
                yield step
