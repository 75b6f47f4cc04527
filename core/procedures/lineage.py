"""Where a town's procedure comes from, and how it goes together with what others made of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.procedures import rows, yaml_places
from core.procedures.catalogue import Catalogue
from core.procedures.merging import Conflict, Tree, merge
from core.procedures.numbering import with_version
from core.procedures.packages import Package, PackageRefused
from core.procedures.rewriting import comments_lost, rewritten


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a source comes from, and what it was there; empty for the town's own."""

    origin: str = ""
    source: str = ""

    @property
    def owner(self) -> str:
        return self.origin.partition(":")[0]

    @property
    def version(self) -> int:
        return int(self.origin.partition(":")[2] or 0)


def lineage_of(
    session: Session, municipality: str, key: str, known: Catalogue, now: datetime
) -> Lineage:
    """Return where the procedure comes from that a first draft is made of."""
    own = rows.in_time(rows.standing(session, municipality, key), now)
    row = rows.find(session, municipality, key, own.version) if own else None
    if row is not None:
        return Lineage(row.origin, row.origin_source)
    ships = known.shipped.get(key)
    if ships is None:
        return Lineage()
    return Lineage(known.origin_of(key), ships.source)


def own_source(
    session: Session, municipality: str, key: str, known: Catalogue, now: datetime
) -> str:
    """Return what the town has of a procedure, its own or what ships; empty where nothing."""
    own = rows.in_time(rows.standing(session, municipality, key), now)
    row = rows.find(session, municipality, key, own.version) if own else None
    if row is not None:
        return row.source
    return known.shipped[key].source if key in known.shipped else ""


def parted_at(session: Session, municipality: str, key: str, had: Lineage, package: Package) -> str:
    """Return the source from which the town and the package parted; raise PackageRefused."""
    parent = Lineage(package.parent, package.parent_source)
    if had.owner and had.owner == package.origin.partition(":")[0]:
        return had.source
    if parent.owner == municipality:
        row = rows.find(session, municipality, key, parent.version)
        if row is not None:
            return row.source
    if had.owner and had.owner == parent.owner:
        # Both know a state of the same line: they parted at the older one.
        return min(had, parent, key=lambda one: one.version).source
    raise PackageRefused(
        "no_common_origin",
        f"{key} is here already, and was not made from what the package was made from",
    )


@dataclass(frozen=True, slots=True)
class Together:
    """A source that holds what both sides changed; ours stands but where it yields."""

    source: str
    conflicts: tuple[Conflict, ...] = ()
    comments_lost: bool = False


def together(base: str, ours: str, theirs: str, yielding: Collection[str] = ()) -> Together:
    """Return our source with what theirs changed since the base, and where both did.

    Of these conflicts theirs stands at the places where ours is `yielding`.
    """
    if _unnumbered(ours) == _unnumbered(base):
        return Together(theirs)
    trees = []
    for name, text in (("base", base), ("draft", ours), ("package", theirs)):
        try:
            trees.append(yaml_places.read(text).value)
        except yaml_places.NotYaml as wrong:
            raise PackageRefused(
                f"{name}_unreadable", f"the {name} is not YAML: line {wrong.line}: {wrong}"
            ) from None
    was, here, there = trees
    for tree in was, there:
        _number_as(tree, here)
    merged, conflicts = merge(was, here, there, yielding)
    source = rewritten(ours, merged, theirs)
    return Together(source, tuple(conflicts), comments_lost(ours, source))


def _unnumbered(text: str) -> str:
    """Return a source with the same number whatever its own is; it may be no YAML."""
    try:
        return with_version(text, 1)
    except yaml_places.NotYaml:
        return text


def _number_as(tree: Tree, ours: Tree) -> None:
    """Let a source have our number: whoever publishes gives it, so that it is no change."""
    if not isinstance(tree, dict) or not isinstance(ours, dict):
        return
    if "version" in ours and "version" in tree:
        tree["version"] = ours["version"]
    elif "version" in ours:
        tree |= {"version": ours["version"]}
    else:
        tree.pop("version", None)
