"""Every query of matches, and of what matching reads."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, insert, or_, select
from sqlalchemy.orm import Session

from core import crypto
from core.eligibility import contacted_rows
from core.eligibility.rows import ACCEPTED, PAGE, SAME_ENTITLEMENT, Entitlement, Match, Roster
from core.eligibility.rules import MatchUnknown
from core.matching import Class, Decision, Links
from core.residents.rows import IN_FORCE, Facts
from core.rosters.values import plain

LONGEST_REFERENCE = 20
"""What the contract lets staff search for."""

MATCHES: Table = Match.__table__  # type: ignore[assignment]  # A mapped class's table is a Table.
_SAME_RESIDENT = (Match.municipality == Facts.municipality) & (
    Match.resident_id == Facts.resident_id
)


def entitled_on(session: Session, municipality: str, roster_id: str) -> Iterator[Entitlement]:
    """Yield a roster's rows, in its order."""
    query = select(Entitlement).where(
        Entitlement.municipality == municipality, Entitlement.roster_id == roster_id
    )
    return iter(session.scalars(query.order_by(Entitlement.id)))


def get(session: Session, municipality: str, id: str) -> Match:
    """Return the match, locked to the transaction's end; raise MatchUnknown."""
    query = select(Match).where(Match.municipality == municipality, Match.id == id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    match = session.scalars(locked).one_or_none()
    if match is None:
        raise MatchUnknown(f"there is no match {id}")
    return match


def add(session: Session, values: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(values), PAGE):
        session.execute(insert(MATCHES), values[start : start + PAGE])


def links(session: Session, municipality: str, program_id: str) -> Links:
    """Return the program's pairs, whatever was decided of them, and who is linked."""
    query = select(Match.resident_id, Match.entitlement_id, Match.decision).where(
        Match.municipality == municipality, Match.program_id == program_id
    )
    found = session.execute(query).all()
    linked = [one for one in found if one.decision is Decision.ACCEPTED]
    return Links(
        frozenset((one.resident_id, one.entitlement_id) for one in found),
        frozenset(one.resident_id for one in linked),
        frozenset(one.entitlement_id for one in linked),
    )


def links_of(
    session: Session,
    municipality: str,
    program_id: str,
    *,
    resident_ids: Collection[str],
    entitlement_ids: Collection[str],
) -> Links:
    """Return the pairs of the program that some residents or entitlements are in."""
    found: dict[str, tuple[str, str, Decision]] = {}
    for column, ids in ((Match.resident_id, resident_ids), (Match.entitlement_id, entitlement_ids)):
        ordered = sorted(ids)
        for start in range(0, len(ordered), PAGE):
            query = select(Match.id, Match.resident_id, Match.entitlement_id, Match.decision).where(
                Match.municipality == municipality,
                Match.program_id == program_id,
                column.in_(ordered[start : start + PAGE]),
            )
            found.update((id, (one, other, how)) for id, one, other, how in session.execute(query))
    linked = [one for one in found.values() if one[2] is Decision.ACCEPTED]
    return Links(
        frozenset((one, other) for one, other, _ in found.values()),
        frozenset(one for one, _, _ in linked),
        frozenset(other for _, other, _ in linked),
    )


def entitled_born(
    session: Session, municipality: str, roster_id: str, digests: Sequence[bytes]
) -> list[Entitlement]:
    """Return the rows of some birth dates, and those of which no whole date is known."""
    found: list[Entitlement] = []
    for wanted in (*_born_on(digests), Entitlement.birth_index.is_(None)):
        query = select(Entitlement).where(
            Entitlement.municipality == municipality, Entitlement.roster_id == roster_id, wanted
        )
        found += session.scalars(query)
    return found


def names_born(
    session: Session, municipality: str, roster_id: str, digests: Sequence[bytes]
) -> Iterator[tuple[str, str]]:
    """Yield id and name of the rows of some birth dates; nothing else of them is opened."""
    for wanted in _born_on(digests):
        query = select(Entitlement.id, Entitlement.name).where(
            Entitlement.municipality == municipality, Entitlement.roster_id == roster_id, wanted
        )
        yield from ((id, name) for id, name in session.execute(query))


def _born_on(digests: Sequence[bytes]) -> list[ColumnElement[bool]]:
    return [
        Entitlement.birth_index.in_(digests[start : start + PAGE])
        for start in range(0, len(digests), PAGE)
    ]


def waiting(session: Session, municipality: str, program_id: str, match_class: Class) -> list[str]:
    """Return the ids of the matches of a class that wait for a person."""
    query = select(Match.id).where(
        Match.municipality == municipality,
        Match.program_id == program_id,
        Match.decision == Decision.TO_REVIEW,
        Match.match_class == match_class,
    )
    return list(session.scalars(query))


def open_sides(
    session: Session, municipality: str, ids: Sequence[str]
) -> list[tuple[Match, Entitlement, Facts]]:
    """Return those of the matches that wait for a person, with both sides."""
    found: list[tuple[Match, Entitlement, Facts]] = []
    for start in range(0, len(ids), PAGE):
        query = _with_sides().where(
            Match.municipality == municipality,
            Match.id.in_(ids[start : start + PAGE]),
            Match.decision == Decision.TO_REVIEW,
        )
        rows = session.execute(query.order_by(Match.id))
        found += [(match, entitled, facts) for match, entitled, facts in rows]
    return found


def stands_alone(session: Session, match: Match) -> bool:
    """Whether neither side is in another pair of the program that is open or accepted."""
    query = select(Match.id).where(
        Match.municipality == match.municipality,
        Match.program_id == match.program_id,
        or_(Match.entitlement_id == match.entitlement_id, Match.resident_id == match.resident_id),
        Match.decision != Decision.REFUSED,
        Match.id != match.id,
    )
    return session.scalars(query.limit(1)).first() is None


def accepted(
    session: Session, municipality: str, entitlement_ids: Collection[str]
) -> set[tuple[str, str]]:
    """Return the entitlements that are linked, each with its resident."""
    found: set[tuple[str, str]] = set()
    ordered = sorted(entitlement_ids)
    for start in range(0, len(ordered), PAGE):
        query = select(Match.entitlement_id, Match.resident_id).where(
            Match.municipality == municipality,
            Match.entitlement_id.in_(ordered[start : start + PAGE]),
            ACCEPTED,
        )
        found.update((one, other) for one, other in session.execute(query))
    return found


def resident_of(session: Session, municipality: str, entitlement_id: str) -> str:
    """Return whom an entitlement is linked with; empty where with nobody."""
    query = select(Match.resident_id).where(
        Match.municipality == municipality, Match.entitlement_id == entitlement_id, ACCEPTED
    )
    return session.scalars(query).one_or_none() or ""


def is_linked(session: Session, match: Match) -> bool:
    """Whether the resident or the entitlement is linked already, by an accepted match."""
    query = select(Match.id).where(
        Match.municipality == match.municipality,
        Match.program_id == match.program_id,
        or_(Match.entitlement_id == match.entitlement_id, Match.resident_id == match.resident_id),
        ACCEPTED,
    )
    return session.scalars(query.limit(1)).first() is not None


def page(
    session: Session,
    municipality: str,
    program_id: str,
    *,
    decision: Decision | None,
    after: str,
    limit: int,
) -> list[tuple[Match, Entitlement, Facts]]:
    """Return matches with both sides in the order they were found, after the id `after`."""
    query = _with_sides().where(
        Match.municipality == municipality, Match.program_id == program_id, Match.id > after
    )
    if decision is not None:
        query = query.where(Match.decision == decision)
    found = session.execute(query.order_by(Match.id).limit(limit))
    return [(match, entitled, facts) for match, entitled, facts in found]


def residents_of_reference(session: Session, municipality: str, reference: str) -> list[str]:
    """Return who is linked with an addressee's number, on whichever roster.

    Zeros before a number do not matter: systems fill it up to different lengths.
    """
    index = crypto.vault_of(session).index
    digests = [index(one, "entitlements.reference") for one in _lengths(plain(reference))]
    rosters = select(Roster.id).where(Roster.municipality == municipality)
    query = (
        select(Match.resident_id)
        .join(Entitlement, SAME_ENTITLEMENT)
        .where(
            Entitlement.municipality == municipality,
            Entitlement.roster_id.in_(rosters),
            Entitlement.reference_index.in_(digests),
            ACCEPTED,
        )
    )
    return list(session.scalars(query.distinct()))


def _lengths(reference: str) -> list[str]:
    if not reference.isdecimal():
        return [reference]
    number = reference.lstrip("0")
    return [number.zfill(length) for length in range(max(len(number), 1), LONGEST_REFERENCE + 1)]


def forget(session: Session, municipality: str, resident_id: str) -> None:
    """Delete the pairs that a resident is in, and what was noted when staff spoke with them.

    The roster stays as it was imported, and how each row of it was followed.
    """
    contacted_rows.forget_notes(session, municipality, resident_id)
    session.execute(
        delete(Match)
        .where(Match.municipality == municipality, Match.resident_id == resident_id)
        .execution_options(synchronize_session="fetch")
    )


def sides_of(session: Session, match: Match) -> tuple[Entitlement, Facts]:
    """Return who is on the two sides of a match."""
    query = _with_sides().where(Match.municipality == match.municipality, Match.id == match.id)
    _, entitled, facts = session.execute(query).one()
    return entitled, facts


def _with_sides() -> Select[Match, Entitlement, Facts]:
    return (
        select(Match, Entitlement, Facts)
        .join(Entitlement, SAME_ENTITLEMENT)
        .join(Facts, _SAME_RESIDENT & IN_FORCE)
    )
