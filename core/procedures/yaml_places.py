"""Reads YAML as plain values, and remembers on which line each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

LONGEST = 512 * 1024
DEEPEST = 20

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

    Anchors and aliases, by which a few lines can stand for millions, and keys that are there twice
    are refused.
    """
    if len(text) > LONGEST:
        raise NotYaml(f"longer than {LONGEST} characters")
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            anchor = getattr(event, "anchor", None)
            if anchor is not None:
                raise _not_yaml(f"&{anchor}: anchors and aliases are not taken", event.start_mark)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        raise _not_yaml(wrong.problem or wrong.context or "is not YAML", mark) from None
    except (yaml.YAMLError, RecursionError, ValueError) as wrong:
        if isinstance(wrong, NotYaml):
            raise
        raise NotYaml(str(wrong).partition("\n")[0] or "is not YAML") from None
    if node is None:
        raise NotYaml("is empty")
    places: dict[Path, Place] = {}
    return Read(_value(node, (), places), places)


def _value(node: yaml.Node, path: Path, places: dict[Path, Place]) -> Any:
    mark = node.start_mark
    is_block = getattr(node, "style", None) in {"|", ">"}
    places[path] = Place(mark.line + 1, mark.column + 1, is_block)
    if len(path) > DEEPEST:
        raise _not_yaml("is nested too deep", mark)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                raise _not_yaml("a key is no text", key_node.start_mark)
            if key in found:
                raise _not_yaml(f"{key} is there twice", key_node.start_mark)
            found[key] = _value(value_node, (*path, key), places)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*path, at), places) for at, one in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    tag = node.tag.rpartition(":")[2]
    if tag == "timestamp" or (tag == "bool" and node.value.lower() not in {"true", "false"}):
        # A day is a text to us, and so are the yes, no, on and off of YAML 1.1.
        return node.value
    try:
        return yaml.SafeLoader("").construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError) as wrong:
        raise _not_yaml(str(wrong).partition("\n")[0], node.start_mark) from None


def _not_yaml(problem: str, mark: Any) -> NotYaml:
    return NotYaml(problem, mark.line + 1, mark.column + 1) if mark else NotYaml(problem)
