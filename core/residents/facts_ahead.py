"""The facts of those whose requests run in one group, read at once."""

from collections.abc import Collection

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.ahead import hold
from core.residents.rows import IN_FORCE, Facts

_FIND_EACH = select(Facts).where(
    Facts.municipality == bindparam("municipality"),
    Facts.resident_id.in_(bindparam("residents", expanding=True)),
    IN_FORCE,
)


def look_up(session: Session, municipality: str, resident_ids: Collection[str]) -> None:
    """Read ahead the facts in force of residents."""
    if not resident_ids:
        return
    key = {"municipality": municipality, "residents": list(resident_ids)}
    found = session.scalars(_FIND_EACH, key)
    hold(session, Facts, {(municipality, one.resident_id): one for one in found})
