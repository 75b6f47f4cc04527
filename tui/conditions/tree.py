"""A tree of conditions as staff change it: where each node is, and the tree after a change.

A place is the way from the root: the number of the part at each group on it. Nothing is changed in
place, so that what was before can be gone back to.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from todoke.v1 import campaigns_pb2 as pb

GROUPS = ("all_of", "any_of", "none_of")
Place = tuple[int, ...]
ROOT: Place = ()

PART = re.compile(r"(?:all_of|any_of|none_of)(?:\.conditions)?\[(\d+)\]")
"""A step of a path that the core names, in its own words or in those of the contract's fields."""


@dataclass(frozen=True, slots=True)
class Node:
    """A condition, and where it stands."""

    place: Place
    condition: pb.Condition

    @property
    def is_group(self) -> bool:
        return kind_of(self.condition) in GROUPS


def kind_of(condition: pb.Condition) -> str:
    return str(condition.WhichOneof("kind"))


def group(kind: str, parts: Sequence[pb.Condition]) -> pb.Condition:
    """Make a group of parts."""
    made = pb.Condition()
    getattr(made, kind).CopyFrom(pb.Conditions(conditions=parts))
    return made


def parts_of(condition: pb.Condition) -> list[pb.Condition]:
    """Return the parts of a group; a leaf has none."""
    kind = kind_of(condition)
    return list(getattr(condition, kind).conditions) if kind in GROUPS else []


def nodes(tree: pb.Condition | None, place: Place = ROOT) -> Iterator[Node]:
    """Yield all nodes from above to below, as they are read."""
    if tree is None:
        return
    yield Node(place, tree)
    for number, part in enumerate(parts_of(tree)):
        yield from nodes(part, (*place, number))


def at(tree: pb.Condition, place: Place) -> pb.Condition:
    for number in place:
        tree = parts_of(tree)[number]
    return tree


def replaced(tree: pb.Condition, place: Place, condition: pb.Condition) -> pb.Condition:
    """Put a condition in the place of another."""
    if not place:
        return condition
    parts = parts_of(tree)
    parts[place[0]] = replaced(parts[place[0]], place[1:], condition)
    return group(kind_of(tree), parts)


def added(
    tree: pb.Condition | None, place: Place, condition: pb.Condition
) -> tuple[pb.Condition, Place]:
    """Add a condition last in the group of this place, or after the leaf there.

    A leaf that stands alone becomes the first of two that must both hold.
    """
    if tree is None:
        return condition, ROOT
    if kind_of(at(tree, place)) in GROUPS:
        where, number = place, len(parts_of(at(tree, place)))
    elif place:
        where, number = place[:-1], place[-1] + 1
    else:
        return group("all_of", [tree, condition]), (1,)
    parts = parts_of(at(tree, where))
    parts.insert(number, condition)
    return replaced(tree, where, group(kind_of(at(tree, where)), parts)), (*where, number)


def removed(tree: pb.Condition, place: Place) -> pb.Condition | None:
    """Take a condition out; a group that becomes empty goes with it."""
    if not place:
        return None
    where = place[:-1]
    parts = parts_of(at(tree, where))
    del parts[place[-1]]
    if not parts:
        return removed(tree, where)
    return replaced(tree, where, group(kind_of(at(tree, where)), parts))


def moved(tree: pb.Condition, place: Place, by: int) -> tuple[pb.Condition, Place]:
    """Move a condition among those of its group; nothing happens at the ends."""
    if not place:
        return tree, place
    where, number = place[:-1], place[-1]
    parts = parts_of(at(tree, where))
    to = number + by
    if not 0 <= to < len(parts):
        return tree, place
    parts[number], parts[to] = parts[to], parts[number]
    return replaced(tree, where, group(kind_of(at(tree, where)), parts)), (*where, to)


def grouped(tree: pb.Condition, place: Place) -> pb.Condition:
    """Put a condition into a group of its own."""
    return replaced(tree, place, group("all_of", [at(tree, place)]))


def ungrouped(tree: pb.Condition, place: Place) -> pb.Condition:
    """Let the parts of a group stand where the group stood; at the root only one can."""
    parts = parts_of(at(tree, place))
    if not place:
        return parts[0] if len(parts) == 1 else tree
    where, number = place[:-1], place[-1]
    around = parts_of(at(tree, where))
    around[number : number + 1] = parts
    return replaced(tree, where, group(kind_of(at(tree, where)), around))


def turned(tree: pb.Condition, place: Place) -> pb.Condition:
    """Make of a group the next kind of it."""
    found = at(tree, place)
    kind = GROUPS[(GROUPS.index(kind_of(found)) + 1) % len(GROUPS)]
    return replaced(tree, place, group(kind, parts_of(found)))


def place_of(path: str) -> Place:
    """Return where a path of the core's leads, such as `any_of[1].age`."""
    return tuple(int(number) for number in PART.findall(path))
