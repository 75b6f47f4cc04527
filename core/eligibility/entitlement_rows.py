"""How the rows of rosters are found, one by one, some of them, or with whom they are linked."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.ahead import hold
from core.eligibility.rows import ACCEPTED, PAGE, SAME_ENTITLEMENT, Entitlement, Match, Program
from core.eligibility.rules import EntitlementUnknown


def get(session: Session, municipality: str, id: str) -> Entitlement:
    """Return the entitlement; raise EntitlementUnknown."""
    row = session.get(Entitlement, (municipality, id))
    if row is None:
        raise EntitlementUnknown(f"there is no entitlement {id}")
    return row


def by_id(session: Session, municipality: str, ids: Collection[str]) -> dict[str, Entitlement]:
    """Return the entitlements by id; ids of none are left out."""
    found: dict[str, Entitlement] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), PAGE):
        some = ordered[start : start + PAGE]
        query = select(Entitlement).where(
            Entitlement.municipality == municipality, Entitlement.id.in_(some)
        )
        found.update((row.id, row) for row in session.scalars(query))
    return found


def look_up(session: Session, municipality: str, ids: Collection[str]) -> None:
    """Read entitlements ahead, which `get` then finds."""
    found = by_id(session, municipality, ids)
    hold(session, Entitlement, {(municipality, id): row for id, row in found.items()})


def to_invite(
    session: Session, municipality: str, program_id: str
) -> list[tuple[Entitlement, str]]:
    """Return who is linked, with the resident's id, in the order of the roster.

    It is for the caller to leave out those who are suppressed.
    """
    query = (
        select(Entitlement, Match.resident_id)
        .join(Match, SAME_ENTITLEMENT)
        .where(Match.municipality == municipality, Match.program_id == program_id, ACCEPTED)
    )
    found = session.execute(query.order_by(Entitlement.id))
    return [(entitled, resident_id) for entitled, resident_id in found]


def matched_with(session: Session, program: Program, resident_id: str) -> Entitlement | None:
    """Return what a resident was matched with; None where that is nothing."""
    query = (
        select(Entitlement)
        .join(Match, SAME_ENTITLEMENT)
        .where(
            Match.municipality == program.municipality,
            Match.program_id == program.id,
            Match.resident_id == resident_id,
            ACCEPTED,
        )
    )
    return session.scalars(query).one_or_none()
