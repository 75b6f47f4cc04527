"""Conditions, checks and calculations of procedures, in CEL (Common Expression Language).

They are checked for their types when a procedure is written, and always end: CEL has no loops but
those over lists, the library stops after 10,000 turns and refuses depths beyond 32, and patterns
are RE2's, linear in what they read. Lengths are bounded here.

What an expression may name: each step's answer by the step's key, empty where it was not asked
("", 0, false, []); each value that the procedure calculates; `answered.<step>`; `resident`, `held`,
`today`. Days are text, ISO 8601, which compares as days do.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from functools import cache
from typing import Any

from cel_expr_python import cel

LONGEST = 10_000
"""Characters of an expression, also of one that is put together from several."""

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*)
    |(?P<text>(?:[rR][bB]?|[bB][rR])(?:\"\"\"[\s\S]*?\"\"\"|\'\'\'[\s\S]*?\'\'\'|"[^"]*"|'[^']*')
      |[bB]?(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|\'\'\'(?:\\.|[^\\])*?\'\'\'
              |"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      |`[^`]*`)
    |(?P<number>[0-9][0-9A-Za-z_]*(?:\.[0-9]+)?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<space>\s+)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
"""What an expression is made of."""

LONGEST_VALUE = 10_000
"""Characters or members that a value comes to: one may be made of others again and again."""

MOST_MAPS = 2
"""`map` in an expression: each makes what the one before made many times longer."""

SURROGATE = re.compile("[\ud800-\udfff]")
PLACE = re.compile(r"<input>:(-?\d+):(-?\d+): (.*)")


class Kind(Enum):
    """What an expression, or an answer as an expression sees it, is."""

    TEXT = cel.Type.STRING
    NUMBER = cel.Type.INT
    TRUTH = cel.Type.BOOL
    TEXTS = cel.Type.List(cel.Type.STRING)
    MAP = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
    PARTS = cel.Type.Map(cel.Type.STRING, cel.Type.STRING)
    TRUTHS = cel.Type.Map(cel.Type.STRING, cel.Type.BOOL)


EMPTY: Mapping[Kind, Any] = {
    Kind.TEXT: "",
    Kind.NUMBER: 0,
    Kind.TRUTH: False,
    Kind.TEXTS: [],
    Kind.MAP: {},
    Kind.PARTS: {},
    Kind.TRUTHS: {},
}


class ExpressionInvalid(ValueError):  # noqa: N818 - named for what is wrong.
    """An expression cannot be: what is wrong, with the line and column within it, from 1."""

    def __init__(self, problem: str, line: int = 1, column: int = 1) -> None:
        super().__init__(problem)
        self.line = line
        self.column = column


class ExpressionFailed(ValueError):  # noqa: N818 - named for what is wrong.
    """An expression came to nothing for these values, such as by a division by nought."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; `names` are the variables that it names.

    `parts` are, by map, the members that it names, where it names no map as a whole: handing over
    all of them would take longer than the rest.
    """

    source: str
    kind: Kind
    names: frozenset[str]
    compiled: Any = field(repr=False, compare=False)
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def of(self, values: Mapping[str, Any]) -> Any:
        """Return what it comes to. Raises ExpressionFailed."""
        try:
            given = {name: values[name] for name in self.names}
            for name, parts in self.parts:
                whole = given[name]
                given[name] = {part: whole[part] for part in parts if part in whole}
            result = self.compiled.eval(data=given)
        except RuntimeError as wrong:
            raise ExpressionFailed(f"{self.source}: {wrong}") from None
        if result.type() == cel.Type.ERROR:
            raise ExpressionFailed(f"{self.source}: {result}")
        value = result.plain_value()
        if isinstance(value, str | list) and len(value) > LONGEST_VALUE:
            raise ExpressionFailed(f"{self.source}: comes to more than {LONGEST_VALUE}")
        return value


class Expressions:
    """What expressions of one procedure may name."""

    def __init__(self, variables: Mapping[str, Kind]) -> None:
        self.variables = dict(variables)
        self._env = cel.NewEnv(
            variables={name: kind.value for name, kind in variables.items()}, functions=FUNCTIONS
        )

    def compile(self, source: str, *wanted: Kind) -> Expression:
        """Return the expression. Raises ExpressionInvalid, also where it is of no kind `wanted`."""
        if len(source) > LONGEST:
            raise ExpressionInvalid(f"longer than {LONGEST} characters")
        if half := SURROGATE.search(source):
            line = source.count("\n", 0, half.start()) + 1
            column = half.start() - source.rfind("\n", 0, half.start())
            raise ExpressionInvalid("has half a character", line, column)
        named = [name for name, _ in names(source)]
        maps = sum(found.lastgroup == "name" and found[0] == "map" for found in tokens(source))
        if maps > MOST_MAPS:
            raise ExpressionInvalid(f"has more than {MOST_MAPS} map")
        try:
            compiled = self._env.compile(source)
        except RuntimeError as wrong:
            raise _invalid(str(wrong)) from None
        if compiled.return_type() == cel.Type.DYN:
            raise ExpressionInvalid("comes to anything: write int(…) or string(…) around it")
        kind = next((one for one in Kind if one.value == compiled.return_type()), None)
        if kind is None or (wanted and kind not in wanted):
            kinds = " or ".join(one.name.lower() for one in wanted or Kind)
            found = compiled.return_type().name().lower()
            raise ExpressionInvalid(f"comes to {found}, where {kinds} is wanted")
        known = frozenset(named) & self.variables.keys()
        return Expression(source, kind, known, compiled, self._parts(source, known))

    def _parts(self, source: str, known: frozenset[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        maps = [name for name in known if isinstance(EMPTY[self.variables[name]], dict)]
        found = {name: members(source, name) for name in sorted(maps)}
        return tuple((name, tuple(sorted(of))) for name, of in found.items() if "" not in of)


def tokens(source: str) -> list[re.Match[str]]:
    """Return what an expression is made of, without spaces and comments."""
    return [one for one in TOKEN.finditer(source) if one.lastgroup not in {"space", "comment"}]


def names(source: str) -> Iterator[tuple[str, str]]:
    """Yield each variable that an expression names, with the member that is named of it or ""."""
    known = tokens(source)
    for at, token in enumerate(known):
        if token.lastgroup == "name" and not _is_member(known, at):
            after = [one[0] for one in known[at + 1 : at + 3]]
            has_member = len(after) == 2 and after[0] == "." and known[at + 2].lastgroup == "name"
            yield token[0], after[1] if has_member else ""


def members(source: str, name: str) -> set[str]:
    """Return what an expression names of a map: `resident.age` names "age" of "resident".

    The map as a whole, or a member that is calculated, is "".
    """
    return {member for named, member in names(source) if named == name}


def renamed(source: str, new: Mapping[str, str]) -> str:
    """Return an expression with its variables renamed, also where they are named of `answered`."""
    known = tokens(source)
    changed: dict[int, str] = {}
    for at, token in enumerate(known):
        if token.lastgroup != "name" or token[0] not in new:
            continue
        of_answered = at > 1 and known[at - 1][0] == "." and known[at - 2][0] == "answered"
        if not _is_member(known, at) or (of_answered and not _is_member(known, at - 2)):
            changed[token.start()] = new[token[0]]
    return "".join(changed.get(one.start(), one[0]) for one in TOKEN.finditer(source))


def matches(text: str, pattern: str) -> bool:
    """Whether all of a text is of a pattern, RE2's, which never takes long.

    Raises ExpressionFailed where the pattern is none.
    """
    return bool(_matching().of({"text": text, "pattern": rf"\A(?:{pattern})\z"}))


@cache
def _matching() -> Expression:
    known = Expressions({"text": Kind.TEXT, "pattern": Kind.TEXT})
    return known.compile("text.matches(pattern)", Kind.TRUTH)


def _is_member(known: Sequence[re.Match[str]], at: int) -> bool:
    """Whether a name is behind a dot, as `age` is in resident.age, and names no variable."""
    if at == 0 or known[at - 1][0] != ".":
        return False
    before = known[at - 2] if at > 1 else None
    return before is not None and (
        before.lastgroup in {"name", "text", "number"} or before[0] in {")", "]", "}"}
    )


def _invalid(told: str) -> ExpressionInvalid:
    found = PLACE.search(told)
    if found is None:
        return ExpressionInvalid(told.partition("\n")[0].partition(": ")[2] or told)
    line, column = max(1, int(found[1])), max(1, int(found[2]))
    return ExpressionInvalid(found[3].removesuffix(" [INVALID_ARGUMENT]"), line, column)


def _age_on(birth: str, day: str) -> int:
    born, then = date.fromisoformat(birth), date.fromisoformat(day)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def _days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _add_days(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _add_months(day: str, months: int) -> str:
    begin = date.fromisoformat(day)
    year, month = divmod(begin.year * 12 + begin.month - 1 + months, 12)
    return date(year, month + 1, min(begin.day, monthrange(year, month + 1)[1])).isoformat()


def _fiscal_year(day: str) -> int:
    """Return 年度: it begins in April."""
    then = date.fromisoformat(day)
    return then.year - (then.month < 4)


def _floor_to(number: int, step: int) -> int:
    return number // step * step


def _declared(name: str, impl: Callable[..., Any], result: Kind, *parameters: Kind) -> Any:
    overload = cel.Overload(
        id=f"{name}_{len(parameters)}",
        return_type=result.value,
        parameters=[one.value for one in parameters],
        is_member=False,
        impl=impl,
    )
    return cel.FunctionDecl(name, [overload])


N, T = Kind.NUMBER, Kind.TEXT
FUNCTIONS = [
    _declared("min", min, N, N, N),
    _declared("max", max, N, N, N),
    _declared("floor_to", _floor_to, N, N, N),
    _declared("age_on", _age_on, N, T, T),
    _declared("days_between", _days_between, N, T, T),
    _declared("add_days", _add_days, T, T, N),
    _declared("add_months", _add_months, T, T, N),
    _declared("fiscal_year", _fiscal_year, N, T),
]
"""What CEL itself does not have; docs/procedure-reference.md tells each."""
