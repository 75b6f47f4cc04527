"""Rosters without facts, whose rows came out of the closed network, and every query of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import LargeBinary, column, insert, select, table
from sqlalchemy.orm import Session

from core.crypto import SealedColumn
from core.eligibility.rows import PAGE, Entitlement, Roster

WITHOUT_FACTS = ""
"""The encoding of a roster that no file was read for: its rows came out of the closed network."""


# Takes values that are sealed already.
_SEALED = table(
    Entitlement.__tablename__,
    *(
        column(one.name, LargeBinary() if isinstance(one.type, SealedColumn) else one.type)
        for one in Entitlement.__table__.columns
    ),
)


def add(session: Session, values: Sequence[dict[str, Any]]) -> None:
    """Insert rows whose personal values are sealed already."""
    for start in range(0, len(values), PAGE):
        session.execute(insert(_SEALED), values[start : start + PAGE])


def is_without_facts(roster: Roster) -> bool:
    """Whether a roster's rows came out of the closed network, not of a file read here."""
    return roster.encoding == WITHOUT_FACTS


def ids_by_reference(session: Session, municipality: str, roster_id: str) -> dict[bytes, str]:
    """Return a roster's rows by the blind index of their reference."""
    query = select(Entitlement.reference_index, Entitlement.id).where(
        Entitlement.municipality == municipality, Entitlement.roster_id == roster_id
    )
    return {one.reference_index: one.id for one in session.execute(query)}


def paid_inside(session: Session, municipality: str, program_id: str) -> set[str]:
    """Return the entitlements of a program whose accounts stayed in the closed network."""
    rosters = select(Roster.id).where(
        Roster.municipality == municipality, Roster.program_id == program_id
    )
    query = select(Entitlement.id).where(
        Entitlement.municipality == municipality,
        Entitlement.roster_id.in_(rosters),
        Entitlement.masked_text.is_not(None),
    )
    return set(session.scalars(query))
