"""What the pieces of a group would each read for themselves, read once for all of them.

It holds for the transaction of their group. A piece that runs again, apart from the others, finds
nothing here and reads for itself.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from core.db import Row

Kind = TypeVar("Kind", bound=Row)


def hold(session: Session, kind: type[Kind], found: Mapping[Any, Kind]) -> None:
    """Keep rows under what they will be asked for by, to the transaction's end."""
    _all(session).setdefault(kind, {}).update({key: [row] for key, row in found.items()})


def hold_all(session: Session, kind: type[Kind], key: Hashable, found: Sequence[Kind]) -> None:
    """Keep all the rows there are of what they will be asked for by."""
    _all(session).setdefault(kind, {})[key] = list(found)


def held(session: Session, kind: type[Kind], key: Hashable) -> Kind | None:
    """Return a row as it stands now; None where it was not read, or is deleted since."""
    found = held_all(session, kind, key)
    return found[0] if found else None


def held_all(session: Session, kind: type[Kind], key: Hashable) -> list[Kind] | None:
    """Return all such rows as they stand now; None where they were not read, or one is deleted."""
    found: list[Kind] | None = _all(session).get(kind, {}).get(key)
    if found is None or not all(_stands(session, row) for row in found):
        return None
    return found


def _stands(session: Session, row: Row) -> bool:
    return inspect(row).persistent and row not in session.deleted


def _all(session: Session) -> dict[type[Row], dict[Any, Any]]:
    held: dict[type[Row], dict[Any, Any]] = session.info.setdefault("ahead", {})
    return held
