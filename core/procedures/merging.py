"""What two sides made of one source: a three-way difference by structure, not by lines.

Maps are compared key by key, and so are lists whose members have a name of their own: steps by
`key`, options by `value`, facts and conversations by `name`, checks by `check`, words by
themselves. Texts are compared language by language; a plain text is its Japanese. All else is one
place.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Tree: TypeAlias = Any
"""What YAML holds: maps, lists and scalars."""

NAMES = ("key", "value", "name", "check")
"""What a member of a list may be known by, the first that all of them have."""

JAPANESE = "ja"


class _Nothing:
    """What is not there, which is something else than null."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = _Nothing()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both sides changed, each otherwise; NOTHING where it is not there."""

    path: tuple[str, ...]
    before: Tree
    ours: Tree
    theirs: Tree

    @property
    def place(self) -> str:
        """Return the path in writing."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class _Disputes:
    """Where the sides disagree, and at which of these places ours yields."""

    yielding: frozenset[str]
    found: list[Conflict] = field(default_factory=list)

    def yields(self, conflict: Conflict) -> bool:
        """Note the conflict; return whether theirs is to stand."""
        self.found.append(conflict)
        return conflict.place in self.yielding


@dataclass(frozen=True, slots=True)
class Change:
    """A place that one source has otherwise than another."""

    path: tuple[str, ...]
    before: Tree
    after: Tree


def merge(
    base: Tree, ours: Tree, theirs: Tree, yielding: Collection[str] = ()
) -> tuple[Tree, list[Conflict]]:
    """Return what both sides together made of the base, and where they disagree.

    Ours stands there, but theirs where ours is `yielding`, by the paths in writing.
    """
    disputes = _Disputes(frozenset(yielding))
    return _merged(base, ours, theirs, (), disputes), disputes.found


def diff(before: Tree, after: Tree) -> list[Change]:
    """Return every place that differs, deepest first where maps or named lists lead there."""
    changes: list[Change] = []
    _differences(before, after, (), changes)
    return changes


def _merged(
    base: Tree, ours: Tree, theirs: Tree, path: tuple[str, ...], disputes: _Disputes
) -> Tree:
    if same(ours, theirs) or same(base, theirs):
        return ours
    if same(base, ours):
        return theirs
    sides = None if NOTHING in (ours, theirs) else _as_maps(base, ours, theirs)
    if sides is None:
        return theirs if disputes.yields(Conflict(path, base, ours, theirs)) else ours
    before, here, there = sides.maps
    merged: dict[str, Tree] = {}
    order, disputed = _order(list(before), list(here), list(there))
    for name in order:
        of = [side.get(name, NOTHING) for side in (before, here, there)]
        merged[name] = _merged(of[0], of[1], of[2], (*path, name), disputes)
    if disputed and sides.is_list:
        conflict = Conflict(path, list(before), list(here), list(there))
        if disputes.yields(conflict):
            order, _ = _order(list(before), list(there), list(here))
    merged = {name: merged[name] for name in order}
    merged = {name: one for name, one in merged.items() if one is not NOTHING}
    return sides.shaped(merged, ours)


@dataclass(frozen=True, slots=True)
class _Sides:
    """The sides as maps by name, and what they were."""

    maps: tuple[dict[str, Tree], ...]
    is_list: bool = False
    is_text: bool = False

    def shaped(self, merged: dict[str, Tree], ours: Tree) -> Tree:
        if self.is_list:
            return list(merged.values())
        if self.is_text and isinstance(ours, str) and merged.keys() == {JAPANESE}:
            return merged[JAPANESE]
        return merged


def _as_maps(*sides: Tree) -> _Sides | None:
    """Return the sides as maps, if they can be compared place by place."""
    there = [side for side in sides if side is not NOTHING]
    if all(isinstance(side, dict) for side in there):
        return _Sides(tuple({} if side is NOTHING else side for side in sides))
    if all(isinstance(side, list) for side in there):
        names = names_of(there)
        if names is not None:
            given = iter(names)
            maps = ({} if s is NOTHING else dict(zip(next(given), s, strict=True)) for s in sides)
            return _Sides(tuple(maps), is_list=True)
    texts = [_as_text(side) for side in there]
    if any(isinstance(side, dict) for side in there) and None not in texts:
        return _Sides(
            tuple({} if side is NOTHING else _as_text(side) or {} for side in sides), is_text=True
        )
    return None


def names_of(lists: Sequence[list[Tree]]) -> list[list[str]] | None:
    """Return what the members of each list are known by, once each; words by themselves."""
    for name in ("", *NAMES):
        known = [[_named(one, name) for one in members] for members in lists]
        if all("" not in names and len(set(names)) == len(names) for names in known):
            return known
    return None


def _named(member: Tree, name: str) -> str:
    known = member if not name else member.get(name) if isinstance(member, dict) else ""
    return known if isinstance(known, str) else ""


def _as_text(side: Tree) -> dict[str, Tree] | None:
    if isinstance(side, str):
        return {JAPANESE: side}
    if isinstance(side, dict) and JAPANESE in side:
        return side if all(isinstance(one, str) for one in side.values()) else None
    return None


def _order(base: list[str], ours: list[str], theirs: list[str]) -> tuple[list[str], bool]:
    """Return all names in the order that either side gave them, and whether both gave another.

    What only one side has stands after what it stands after there.
    """
    kept = set(base) & set(ours) & set(theirs)
    was, here, there = ([one for one in side if one in kept] for side in (base, ours, theirs))
    disputed = was not in (here, there) and here != there
    first, second = (theirs, ours) if here == was else (ours, theirs)
    order = list(first)
    for at, name in enumerate(second):
        if name in order:
            continue
        before = next((one for one in reversed(second[:at]) if one in order), None)
        order.insert(0 if before is None else order.index(before) + 1, name)
    return order, disputed


def _differences(before: Tree, after: Tree, path: tuple[str, ...], changes: list[Change]) -> None:
    if same(before, after):
        return
    sides = _as_maps(before, after)
    if sides is None or NOTHING in (before, after):
        changes.append(Change(path, before, after))
        return
    was, now = sides.maps
    for name in [*was, *(one for one in now if one not in was)]:
        _differences(was.get(name, NOTHING), now.get(name, NOTHING), (*path, name), changes)
    if sides.is_list and [one for one in was if one in now] != [one for one in now if one in was]:
        changes.append(Change(path, list(was), list(now)))


def same(one: Tree, other: Tree) -> bool:
    """Whether two trees say the same, with their order where it says something.

    Values are calculated in the order in which they stand, so the order of a map counts; true is
    no 1.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Mapping) or isinstance(other, Mapping):
        return False
    return type(one) is type(other) and bool(one == other)
