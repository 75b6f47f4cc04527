"""All that is wrong with a source: its faults, and conversations that come out otherwise."""

from dataclasses import dataclass
from functools import lru_cache

from core.procedures import recordings, yaml_places
from core.procedures.definition import Procedure
from core.procedures.nesting import Resolve
from core.procedures.source import Parsed, Problem, Severity, parse
from core.procedures.using import uses


@dataclass(frozen=True, slots=True)
class Linted:
    """What became of a source: its problems by line; `replayed` conversations came out."""

    problems: tuple[Problem, ...]
    procedure: Procedure | None = None
    replayed: int = 0
    conversations: int = 0

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.severity is Severity.ERROR)


def lint(text: str, key: str = "", resolve: Resolve | None = None) -> Linted:
    """Check a source and replay what is recorded in it; a `key` is the one that it must have.

    The same text is looked at once, unless it uses others, which `resolve` finds.
    """
    return _lint(text, key, resolve) if resolve and uses(text) else _known(text, key)


@lru_cache(maxsize=64)
def _known(text: str, key: str) -> Linted:
    return _lint(text, key, None)


def _lint(text: str, key: str, resolve: Resolve | None) -> Linted:
    parsed = parse(text, resolve)
    if parsed.procedure is None or parsed.source is None:
        return Linted(parsed.problems)
    read = yaml_places.read(text)
    problems = [*parsed.problems, *_of_key(parsed, read, key)]
    recorded = parsed.source.conversations
    replayed = 0
    for number, one in enumerate(recorded):
        mismatch = recordings.replay(parsed.procedure, one)
        if mismatch is None:
            replayed += 1
            continue
        path = ("conversations", number, *mismatch.path)
        problems.append(_at(path, f"“{one.name}”: {mismatch.problem}", read))
    problems.sort(key=lambda one: (one.line, one.column, one.problem))
    return Linted(tuple(problems), parsed.procedure, replayed, len(recorded))


def _of_key(parsed: Parsed, read: yaml_places.Read, key: str) -> list[Problem]:
    if not key or parsed.source is None or parsed.source.key == key:
        return []
    return [_at(("key",), f"is {parsed.source.key}, where {key} is meant", read)]


def _at(path: yaml_places.Path, problem: str, read: yaml_places.Read) -> Problem:
    place = read.place(path)
    dotted = ".".join(str(part) for part in path)
    return Problem(Severity.ERROR, place.line, place.column, dotted, problem)
