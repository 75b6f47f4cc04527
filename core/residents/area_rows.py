"""The towns of residents and their blocks, each with how many live there."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, not_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.residents.rows import Resident
from core.residents.trait_rows import Area, Traits


def towns(session: Session, municipality: str, *, after: str, limit: int) -> Sequence[Area]:
    """Return towns by name, after the one so named."""
    query = select(Area).where(
        Area.municipality == municipality, Area.block == "", Area.town > after
    )
    return session.scalars(query.order_by(Area.town).limit(limit)).all()


def blocks(
    session: Session, municipality: str, town: str, *, after: str, limit: int
) -> Sequence[Area]:
    """Return the blocks of a town after the one so named, shorter numbers first: 2 before 10."""
    place = tuple_(func.length(Area.block), Area.block)
    query = select(Area).where(
        Area.municipality == municipality,
        Area.town == town,
        Area.block != "",
        place > tuple_(len(after), after),
    )
    return session.scalars(query.order_by(func.length(Area.block), Area.block).limit(limit)).all()


def counts(
    session: Session, municipality: str, areas: Collection[Area], where: ColumnElement[bool]
) -> dict[int, int]:
    """Return by the number of each area how many live there of the residents `where` tells of.

    Those are nearly all: everybody is counted by an index, and the few others are taken away. To
    look at each of a million takes seconds.
    """
    found: dict[int, int] = {}
    for trait, is_block in ((Traits.town, False), (Traits.block, True)):
        numbers = [area.number for area in areas if bool(area.block) is is_block]
        if not numbers:
            continue
        query = (
            select(trait, func.count())
            .where(Traits.municipality == municipality, trait.in_(numbers))
            .group_by(trait)
        )
        found |= {row[0]: row[1] for row in session.execute(query)}
        for number, others in _others(session, municipality, trait, where).items():
            if number in found:
                found[number] -= others
    return found


def _others(
    session: Session,
    municipality: str,
    trait: InstrumentedAttribute[int],
    where: ColumnElement[bool],
) -> dict[int, int]:
    """Count those whom `where` does not tell of, in all areas.

    The outer join has SQLite begin with them, and not with everybody who lives somewhere.
    """
    theirs = (Traits.municipality == Resident.municipality) & (Traits.resident_id == Resident.id)
    query = (
        select(trait, func.count())
        .select_from(Resident)
        .outerjoin(Traits, theirs)
        .where(Resident.municipality == municipality, not_(where))
        .group_by(trait)
    )
    return {row[0]: row[1] for row in session.execute(query)}
