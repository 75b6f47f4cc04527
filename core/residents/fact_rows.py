"""What residents proved, now and before: every query of their facts."""

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.ahead import held
from core.residents.rows import IN_FORCE, OWN_FACTS, PAGE, SERVED, Facts, Resident, in_parts
from core.residents.rules import Assurance, ResidentUnknown


def find_person(session: Session, municipality: str, person: bytes) -> str | None:
    """Return the id of the resident who proved the same four facts, now or before.

    The few there are come unsorted: asked for the first by id, SQLite walks through everybody.
    """
    query = select(Facts.id, Facts.resident_id).where(
        Facts.municipality == municipality, Facts.person == person
    )
    found = session.execute(query).all()
    return min(found)[1] if found else None


def find_facts(session: Session, municipality: str, resident_id: str) -> Facts | None:
    """Return the facts in force; None where the resident has none."""
    ahead = held(session, Facts, (municipality, resident_id))
    if ahead is not None and ahead.closed_time is None:
        return ahead
    query = select(Facts).where(
        Facts.municipality == municipality, Facts.resident_id == resident_id, IN_FORCE
    )
    return session.scalars(query).one_or_none()


def all_facts(
    session: Session, municipality: str, resident_ids: Collection[str]
) -> dict[str, Facts]:
    """Return the facts in force by resident id, also of those who are not served any more."""
    found: dict[str, Facts] = {}
    for some in in_parts(resident_ids):
        query = select(Facts).where(
            Facts.municipality == municipality, Facts.resident_id.in_(some), IN_FORCE
        )
        found.update((facts.resident_id, facts) for facts in session.scalars(query))
    return found


def facts_of(session: Session, municipality: str, resident_id: str) -> Facts:
    """Return the facts in force; raise ResidentUnknown where the resident has none."""
    facts = find_facts(session, municipality, resident_id)
    if facts is None:
        raise ResidentUnknown("no such resident")
    return facts


def last_facts(session: Session, municipality: str, resident_id: str) -> Facts | None:
    """Return the newest facts, also of one whose registration has ended."""
    found = history_of(session, municipality, resident_id)
    return found[-1] if found else None


def history_page(
    session: Session, municipality: str, resident_id: str, *, before: str, limit: int
) -> list[Facts]:
    """Return the facts that were ever proved, newest first, older than the id `before`."""
    held = reversed(history_of(session, municipality, resident_id))
    return [facts for facts in held if not before or facts.id < before][:limit]


def in_force(
    session: Session, municipality: str, *, after: str, limit: int, lock: bool = False
) -> list[tuple[Resident, Facts]]:
    """Return residents with their facts in force, by id after `after`; locked if they change."""
    query = (
        select(Resident, Facts)
        .join(Facts, OWN_FACTS)
        .where(Resident.municipality == municipality, Resident.id > after, IN_FORCE)
    )
    if lock:
        query = query.with_for_update(of=Resident).execution_options(populate_existing=True)
    found = session.execute(query.order_by(Resident.id).limit(limit))
    return [(row[0], row[1]) for row in found]


def history_of(session: Session, municipality: str, resident_id: str) -> list[Facts]:
    """Return all the facts that were ever proved, oldest first; sorted here as in find_person."""
    query = select(Facts).where(
        Facts.municipality == municipality, Facts.resident_id == resident_id
    )
    return sorted(session.scalars(query), key=lambda facts: facts.id)


def current_facts(session: Session, municipality: str) -> Iterator[tuple[str, Facts]]:
    """Yield (resident id, facts in force) of every resident to be served, by resident id.

    Whose registration has ended, and who took back the consent to it, is left out.
    """
    query = (
        select(Facts)
        .join(Resident, OWN_FACTS)
        .where(Facts.municipality == municipality, IN_FORCE, SERVED)
    )
    after = ""
    while page := session.scalars(
        query.where(Facts.resident_id > after).order_by(Facts.resident_id).limit(PAGE)
    ).all():
        yield from ((facts.resident_id, facts) for facts in page)
        after = page[-1].resident_id


def facts_in_force(session: Session, municipality: str) -> Iterator[tuple[str, str]]:
    """Yield (id of the facts in force, resident id) of every resident to be served; unsealed."""
    query = (
        select(Facts.id, Facts.resident_id)
        .join(Resident, OWN_FACTS)
        .where(Facts.municipality == municipality, IN_FORCE, SERVED)
    )
    yield from ((id, resident_id) for id, resident_id in session.execute(query))


def served_facts(
    session: Session, municipality: str, resident_ids: Collection[str]
) -> list[tuple[str, Facts]]:
    """Return (resident id, facts in force) of those of the ids who are to be served, by id."""
    found: list[tuple[str, Facts]] = []
    for some in in_parts(resident_ids):
        query = (
            select(Facts)
            .join(Resident, OWN_FACTS)
            .where(Facts.municipality == municipality, Resident.id.in_(some), IN_FORCE, SERVED)
        )
        found += [(facts.resident_id, facts) for facts in session.scalars(query)]
    return sorted(found, key=lambda one: one[0])


def names_of(session: Session, municipality: str, resident_ids: Collection[str]) -> dict[str, str]:
    """Return the names in force, by resident id; ids of nobody are left out."""
    found: dict[str, str] = {}
    for some in in_parts(resident_ids):
        query = select(Facts.resident_id, Facts.name).where(
            Facts.municipality == municipality, Facts.resident_id.in_(some), IN_FORCE
        )
        found.update(session.execute(query).all())
    return found


def served(
    session: Session, municipality: str, resident_ids: Collection[str]
) -> dict[str, Assurance]:
    """Return how those of the ids were verified whose registration and consent go on."""
    found: dict[str, Assurance] = {}
    for some in in_parts(resident_ids):
        query = (
            select(Facts.resident_id, Facts.assurance)
            .join(Resident, OWN_FACTS)
            .where(Facts.municipality == municipality, Resident.id.in_(some), IN_FORCE, SERVED)
        )
        found.update(session.execute(query).all())
    return found
