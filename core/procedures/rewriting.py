"""Writes changes into YAML that a person wrote, so that comments and order stay as they are.

What did not change keeps its very letters. What changed is taken as the other side wrote it, with
its comments, at our indentation; what neither wrote so is written anew. A comment is lost with the
lines that it stands beside, where those are written anew. Should the outcome not say what it is to
say, all of it is written anew, without comments.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from core.procedures import yaml_places
from core.procedures.merging import Tree, names_of, same

NUMBERLIKE = re.compile(r"[-+]?[.0-9][0-9a-fxo_.:+-]*|[-+]?\.(inf|nan)|~", re.IGNORECASE)


def rewritten(ours: str, merged: Tree, theirs: str) -> str:
    """Return our text with `merged` for its content; `theirs` is where changes are taken from."""
    try:
        text = _document(_Text(_plain(ours)), merged, _Text(_plain(theirs)))
        if not same(yaml_places.read(text).value, merged):
            text = dumped(merged)
    except (ValueError, LookupError):
        text = dumped(merged)
    return text.replace("\n", "\r\n") if "\r\n" in ours else text


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def comments_lost(before: str, after: str) -> bool:
    """Whether a line that is a comment is not there any more."""
    kept = [line.strip() for line in after.splitlines()]
    said = [line.strip() for line in before.splitlines()]
    return any(line.startswith("#") and line not in kept for line in said)


def dumped(value: Tree, *, flow: bool = False) -> str:
    """Write a value as YAML: in lines, texts of several lines as they are read."""
    text: str = yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=flow,
        width=10_000 if flow else 100,
    )
    return text


class _Dumper(yaml.SafeDumper):
    def represent_str(self, data: str) -> yaml.ScalarNode:
        # Readers of YAML differ in what they take for a number.
        style = "|" if "\n" in data else "'" if NUMBERLIKE.fullmatch(data) else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(str, _Dumper.represent_str)


@dataclass(slots=True)
class _Member:
    """An entry of a map or a list: from its key or dash to the end of its last line.

    `lead` is what stands between it and the entry before: a line's end, comments, indentation.
    """

    node: yaml.Node
    value: Tree
    text: "_Text"
    lead: str
    start: int
    column: int

    @property
    def end(self) -> int:
        return self.text.line_end(self.text.content_end(self.node))

    @property
    def tail(self) -> str:
        """What stands behind it on its last line: a comment, if anything."""
        return self.text.text[self.text.content_end(self.node) : self.end]

    @property
    def written(self) -> str:
        return self.text.text[self.start : self.end]


class _Text:
    """A document as it is written, with its nodes and its value."""

    def __init__(self, text: str) -> None:
        self.text = text
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        if root is None:
            raise ValueError("is empty")
        self.root = root
        self.value = yaml_places.read(text).value

    def content_end(self, node: yaml.Node) -> int:
        """Return where a node's last letter ends: the library tells where the next one begins."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self.content_end(last[1] if isinstance(last, tuple) else last)
        end: int = node.end_mark.index
        if getattr(node, "style", None) in {"|", ">"}:
            return node.start_mark.index + len(self.text[node.start_mark.index : end].rstrip())
        return end

    def line_end(self, place: int) -> int:
        end = self.text.find("\n", place)
        return len(self.text) if end < 0 else end

    def members(self, node: yaml.Node, value: Tree) -> dict[str, _Member]:
        """Return the entries of a map or list in lines by name; none where it has no such."""
        found: dict[str, _Member] = {}
        if isinstance(node, yaml.MappingNode):
            named = [(key.value, one, key.start_mark.index) for key, one in node.value]
            values = [value[name] for name, _, _ in named]
        elif isinstance(node, yaml.SequenceNode) and (names := names_of([value])):
            starts = self._dashes(node)
            named = list(zip(names[0], node.value, starts, strict=True))
            values = value
        else:
            return found
        before = None
        for (name, one, start), its in zip(named, values, strict=True):
            lead = "" if before is None else self.text[before.end : start]
            column = node.start_mark.column
            before = found[name] = _Member(one, its, self, lead, start, column)
        return found

    def _dashes(self, node: yaml.SequenceNode) -> Iterator[int]:
        """Yield where each item's dash is; raise LookupError where one is not found."""
        end = node.start_mark.index
        for number, item in enumerate(node.value):
            if number:
                mark = f"\n{' ' * node.start_mark.column}-"
                place = self.text.rfind(mark, end, item.start_mark.index)
                if place < 0:
                    raise LookupError(f"no dash before line {item.start_mark.line + 1}")
                yield place + len(mark) - 1
            else:
                yield end
            end = self.line_end(self.content_end(item))


@dataclass(frozen=True, slots=True)
class _Side:
    """A map or list in lines: in its document, with its value."""

    text: _Text
    node: yaml.Node
    value: Tree

    @property
    def members(self) -> dict[str, _Member]:
        return self.text.members(self.node, self.value)


def _document(our: _Text, merged: Tree, their: _Text) -> str:
    end = our.line_end(our.content_end(our.root))
    begin = our.root.start_mark.index
    sides = _Side(our, our.root, our.value), _Side(their, their.root, their.value)
    return our.text[:begin] + _collection(sides[0], merged, sides[1]) + our.text[end:]


def _collection(our: _Side, merged: Tree, their: _Side | None) -> str:
    """Write a map or a list in lines, entry by entry."""
    here, there = our.members, their.members if their else {}
    after = merged
    if isinstance(merged, list):
        names = names_of([merged])
        if names is None:
            raise LookupError("a list without names is written anew")
        after = dict(zip(names[0], merged, strict=True))
    column = our.node.start_mark.column
    parts: list[str] = []
    for name, wanted in after.items():
        ours, theirs = here.get(name), there.get(name)
        lead = f"\n{' ' * column}"
        if ours is not None and ours.lead:
            lead = ours.lead
        elif ours is None and theirs is not None:
            lead = _lead(theirs.lead, column)
        parts.append((lead if parts else "") + _entry(name, wanted, ours, theirs, column))
    return "".join(parts)


def _entry(
    name: str, wanted: Tree, ours: _Member | None, theirs: _Member | None, column: int
) -> str:
    """Write one entry from its key or dash on."""
    if ours is not None and same(ours.value, wanted):
        return ours.written
    if ours is not None and _goes_on(ours, wanted):
        begin = ours.text.text[ours.start : ours.node.start_mark.index]
        their = None
        if theirs is not None and _in_lines(theirs.node):
            their = _Side(theirs.text, theirs.node, theirs.value)
        inner = _collection(_Side(ours.text, ours.node, ours.value), wanted, their)
        return begin + inner
    if theirs is not None and same(theirs.value, wanted):
        written = _shifted(theirs.written, column - theirs.column)
        return written + _comment(ours, written if not theirs.tail.strip() else "\n")
    is_item = ours is not None and ours.text.text[ours.start] == "-"
    if ours is not None and isinstance(ours.node, yaml.CollectionNode) and ours.node.flow_style:
        inner = dumped(wanted, flow=True).strip()
        written = f"- {inner}" if is_item else f"{name}: {inner}"
    else:
        whole: Any = [wanted] if is_item else {name: wanted}
        written = _shifted(dumped(whole).rstrip("\n"), column)
    return written + _comment(ours, written)


def _comment(ours: _Member | None, written: str) -> str:
    """Return the comment behind our entry, where what is written anew is of one line."""
    if ours is None or "\n" in written or "\n" in ours.written or not ours.tail.strip():
        return ""
    return ours.tail


def _goes_on(ours: _Member, wanted: Tree) -> bool:
    """Whether an entry can be written entry by entry itself."""
    if not _in_lines(ours.node) or not wanted:
        return False
    if isinstance(ours.node, yaml.MappingNode):
        return isinstance(wanted, dict)
    return isinstance(wanted, list) and names_of([ours.value, wanted]) is not None


def _in_lines(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and not node.flow_style and bool(node.value)


def _lead(lead: str, column: int) -> str:
    """Return what stands before an entry, at our indentation."""
    lines = [line.strip() for line in lead.split("\n")[1:-1]]
    kept = [" " * column + line if line else "" for line in lines]
    return "\n".join(["", *kept, " " * column])


def _shifted(text: str, by: int) -> str:
    """Return lines moved to the right, or to the left where `by` is less than nought."""
    first, *others = text.split("\n")
    moved = [" " * by + line if by > 0 and line else line[max(0, -by) :] for line in others]
    return "\n".join([first, *moved])
