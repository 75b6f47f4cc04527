"""Reads YAML as plain values, and remembers on which line each stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

LONGEST = 512 * 1024
DEEPEST = 20
MOST_VALUES = 40_000

NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,30}")
UNREADABLE = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
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
    """Where a value begins, from 1; `is_block` where its text begins on the line after.

    `inset` is how many characters later the text itself begins; None where what is written is not
    what is read, as with escapes.
    """

    line: int
    column: int
    is_block: bool = False
    inset: int | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A YAML document: its value, and the place of each value by its path."""

    value: Any
    places: dict[Path, Place]
    lines: tuple[str, ...] = ()

    def place(self, path: Sequence[str | int]) -> Place:
        """Return the place of a path, or of the nearest thing around it."""
        known = tuple(path)
        while known and known not in self.places:
            known = known[:-1]
        return self.places.get(known, Place(1, 1))

    def within(self, path: Sequence[str | int], line: int, column: int) -> tuple[int, int]:
        """Return where a place within a text is, from 1; where it begins if nobody can tell."""
        place = self.place(path)
        if place.is_block and place.line + line <= len(self.lines):
            first, here = self.lines[place.line], self.lines[place.line + line - 1]
            indent = len(first) - len(first.lstrip(" "))
            return place.line + line, min(indent + column, len(here) + 1)
        if place.inset is not None and line == 1:
            written = self.lines[place.line - 1]
            return place.line, min(place.column + place.inset + column - 1, len(written) + 1)
        return place.line, place.column


def read(text: str) -> Read:
    """Read one document of maps, lists and scalars. Raises NotYaml.

    Anchors and aliases, by which a few lines can stand for millions, tags, and keys that are there
    twice are refused. Scalars are as in YAML 1.2's core: yes, no, 0501 and 12:30 are texts, and so
    are days.
    """
    if len(text) > LONGEST:
        raise NotYaml(f"longer than {LONGEST} characters")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if found := UNREADABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        raise NotYaml(f"U+{ord(found[0]):04X} cannot stand here", line, column)
    reader = _Reader(text)
    try:
        return reader.document()
    except yaml.MarkedYAMLError as wrong:
        problem = wrong.problem or wrong.context or "is not YAML"
        raise reader.fault(problem, wrong.problem_mark or wrong.context_mark) from None
    except yaml.YAMLError as wrong:
        raise NotYaml(str(wrong).partition("\n")[0] or "is not YAML") from None


class _Reader:
    """Builds the document from events, so that nothing is built that is too deep or too much."""

    def __init__(self, text: str) -> None:
        self._lines = tuple(text.split("\n"))
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._places: dict[Path, Place] = {}

    def fault(self, problem: str, mark: Any) -> NotYaml:
        return NotYaml(problem, *self._at(mark))

    def _at(self, mark: Any) -> tuple[int, int]:
        """Return a mark's line and column, from 1, within the text."""
        if mark is None:
            return 1, 1
        line = min(mark.line + 1, len(self._lines))
        length = len(self._lines[line - 1])
        return line, min(mark.column, length) + 1 if line == mark.line + 1 else length + 1

    def document(self) -> Read:
        first = self._next()
        while isinstance(first, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            first = self._next()
        if isinstance(first, yaml.StreamEndEvent):
            raise NotYaml("is empty")
        value = self._value(first, ())
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise self.fault("a second document begins", event.start_mark)
        return Read(value, self._places, self._lines)

    def _next(self) -> yaml.Event:
        event = next(self._events)
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            raise self.fault(f"{anchor}: anchors and aliases are not taken", event.start_mark)
        if getattr(event, "tag", None) not in {None, "!"}:
            raise self.fault("tags are not taken", event.start_mark)
        return event

    def _value(self, event: yaml.Event, path: Path) -> Any:
        mark: Any = event.start_mark
        style = getattr(event, "style", None)
        text: str = getattr(event, "value", "")
        line, column = self._at(mark)
        inset = 1 if style in {"'", '"'} else 0
        written = self._lines[line - 1]
        is_exact = bool(text) and style != ">" and written.startswith(text, column - 1 + inset)
        self._places[path] = Place(line, column, style == "|", inset if is_exact else None)
        if len(path) > DEEPEST:
            raise self.fault("is nested too deep", mark)
        if len(self._places) > MOST_VALUES:
            raise self.fault(f"more than {MOST_VALUES} values", mark)
        if isinstance(event, yaml.MappingStartEvent):
            return self._map(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        return text if style else _scalar(text)

    def _map(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self.fault("a key is no text", event.start_mark)
            if event.value in found:
                raise self.fault(f"{event.value} is there twice", event.start_mark)
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
