"""Every query of the registrations that cross into the closed network."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.residents.rows import IN_FORCE, OWN_FACTS, SERVED, Facts, Resident
from core.residents.rules import Assurance, suffices

PAGE = 500


def count(session: Session, municipality: str, required: Assurance) -> int:
    """Return how many are to be served and were verified strongly enough; nothing is opened."""
    query = (
        select(func.count())
        .select_from(Facts)
        .join(Resident, OWN_FACTS)
        .where(*_enough(municipality, required))
    )
    counted: int = session.scalars(query).one()
    return counted


def ids(session: Session, municipality: str, required: Assurance) -> list[str]:
    """Return the ids of their facts in force, by resident."""
    query = select(Facts.id).join(Resident, OWN_FACTS).where(*_enough(municipality, required))
    return list(session.scalars(query.order_by(Facts.resident_id)))


def pages(session: Session, municipality: str, facts: Sequence[str]) -> Iterator[list[Facts]]:
    """Yield facts by their ids, a page at a time, in the order of the ids."""
    for start in range(0, len(facts), PAGE):
        some = facts[start : start + PAGE]
        query = select(Facts).where(Facts.municipality == municipality, Facts.id.in_(some))
        found = {one.id: one for one in session.scalars(query)}
        yield [found[id] for id in some if id in found]
        for one in found.values():
            session.expunge(one)


def _enough(municipality: str, required: Assurance) -> tuple[ColumnElement[bool], ...]:
    levels = sorted(level for level in Assurance if suffices(level, required))
    return Facts.municipality == municipality, Facts.assurance.in_(levels), IN_FORCE, SERVED
