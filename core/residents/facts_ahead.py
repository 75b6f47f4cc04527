"""The facts of those whose requests run in one group, read at once."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.ahead import hold
from core.residents.rows import IN_FORCE, Facts


def look_up(session: Session, municipality: str, resident_ids: Collection[str]) -> None:
    """Read ahead the facts in force of residents."""
    if not resident_ids:
        return
    query = select(Facts).where(
        Facts.municipality == municipality, Facts.resident_id.in_(resident_ids), IN_FORCE
    )
    hold(session, Facts, {(municipality, one.resident_id): one for one in session.scalars(query)})
