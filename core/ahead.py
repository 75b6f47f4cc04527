"""What the pieces of a group would each read for themselves, read for all of them at once.

It holds for the transaction of their group. A piece that runs again, apart from the others, finds
nothing here and reads for itself.
"""

from collections.abc import Hashable, Mapping
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from core.db import Row

Kind = TypeVar("Kind", bound=Row)


def hold(session: Session, kind: type[Kind], found: Mapping[Any, Kind]) -> None:
    """Keep rows under what the pieces will ask for them by, to the transaction's end."""
    _all(session).setdefault(kind, {}).update(found)


def held(session: Session, kind: type[Kind], key: Hashable) -> Kind | None:
    """Return a row as it stands now; None where it was not read ahead, or is deleted since."""
    row: Kind | None = _all(session).get(kind, {}).get(key)
    if row is None or not inspect(row).persistent or row in session.deleted:
        return None
    return row


def _all(session: Session) -> dict[type[Row], dict[Any, Any]]:
    held: dict[type[Row], dict[Any, Any]] = session.info.setdefault("ahead", {})
    return held
