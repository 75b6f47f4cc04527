"""Reads YAML as plain values, and remembers on which line each stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

LONGEST = 512 * 1024
DEEPEST = 20
MOST_VALUES = 100_000

NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,30}")
UNREADABLE = re.compile(
    r"[^\t\n\r\x20-\x7e\x85\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
"""What YAML does not take, and line breaks that an editor does not count as such."""

Path: TypeAlias = tuple[str | int, ...]


class NotYaml(ValueError):  # noqa: N818 - named for what is wrong.
    """The text cannot be read: what is wrong, with its line and column, from 1."""

    def __init__(self, problem: str, line: int = 1, column: int = 1) -> None:
        super().__init__(problem)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value begins, from 1; `is_block` where its text begins on the line after."""

    line: int
    column: int
    is_block: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A YAML document: its value, and the place of each value by its path."""

    value: Any
    places: dict[Path, Place]

    def place(self, path: Sequence[str | int]) -> Place:
        """Return the place of a path, or of the nearest thing around it."""
        known = tuple(path)
        while known and known not in self.places:
            known = known[:-1]
        return self.places.get(known, Place(1, 1))


def read(text: str) -> Read:
    """Read one document of maps, lists and scalars. Raises NotYaml.

    Anchors and aliases, by which a few lines can stand for millions, tags, and keys that are there
    twice are refused. Scalars are as in YAML 1.2's core: yes, no, 0501 and 12:30 are texts, and so
    are days.
    """
    if len(text) > LONGEST:
        raise NotYaml(f"longer than {LONGEST} characters")
    if found := UNREADABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        raise NotYaml(f"U+{ord(found[0]):04X} cannot stand here", line, column)
    try:
        return _Reader(text).document()
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        raise _within(text, wrong.problem or wrong.context or "is not YAML", mark) from None
    except yaml.YAMLError as wrong:
        raise NotYaml(str(wrong).partition("\n")[0] or "is not YAML") from None


class _Reader:
    """Builds the document from events, so that nothing is built that is too deep or too much."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._places: dict[Path, Place] = {}

    def document(self) -> Read:
        first = self._next()
        while isinstance(first, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            first = self._next()
        if isinstance(first, yaml.StreamEndEvent):
            raise NotYaml("is empty")
        value = self._value(first, ())
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise _not_yaml("a second document begins", event.start_mark)
        return Read(value, self._places)

    def _next(self) -> yaml.Event:
        event = next(self._events)
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            raise _not_yaml(f"{anchor}: anchors and aliases are not taken", event.start_mark)
        if getattr(event, "tag", None) not in {None, "!"}:
            raise _not_yaml("tags are not taken", event.start_mark)
        return event

    def _value(self, event: yaml.Event, path: Path) -> Any:
        mark: Any = event.start_mark
        style = getattr(event, "style", None)
        self._places[path] = Place(mark.line + 1, mark.column + 1, style in {"|", ">"})
        if len(path) > DEEPEST:
            raise _not_yaml("is nested too deep", mark)
        if len(self._places) > MOST_VALUES:
            raise _not_yaml(f"more than {MOST_VALUES} values", mark)
        if isinstance(event, yaml.MappingStartEvent):
            return self._map(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        text: str = getattr(event, "value", "")
        return text if style else _scalar(text)

    def _map(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _not_yaml("a key is no text", event.start_mark)
            if event.value in found:
                raise _not_yaml(f"{event.value} is there twice", event.start_mark)
            found[event.value] = self._value(self._next(), (*path, event.value))
        return found

    def _list(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found


def _scalar(text: str) -> Any:
    if text in {"", "~", "null", "Null", "NULL"}:
        return None
    if text in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        return text.lower() == "true"
    if NUMBER.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text


def _not_yaml(problem: str, mark: Any) -> NotYaml:
    return NotYaml(problem, mark.line + 1, mark.column + 1)


def _within(text: str, problem: str, mark: Any) -> NotYaml:
    """Return a fault at a mark, or at the end of the text where the mark is beyond it."""
    if mark is None:
        return NotYaml(problem)
    lines = text.split("\n")
    if mark.line >= len(lines):
        return NotYaml(problem, len(lines), len(lines[-1]) + 1)
    return NotYaml(problem, mark.line + 1, mark.column + 1)
