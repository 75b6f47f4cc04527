"""Gathers both sides of a program's matching: all of them, or those around some residents."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import crypto
from core.eligibility import entitlement_rows, match_rows, rows, rules
from core.matching import Entitled, Links, Pair, Registration, match
from core.matching.births import days_within, near_days
from core.normalise import read_name
from core.residents import births, changed_rows, fact_rows, searching
from core.residents import rows as residents
from core.rosters.values import Sex

BIRTH_INDEX = "entitlements.birth_date"
"""Where the blind index of an entitlement's birth date belongs."""


@dataclass(frozen=True, slots=True)
class Population:
    """Both sides of a program's matching, and what is known already.

    `facts` are the ids of what the registrations were read from.
    """

    program_id: str
    roster_id: str
    registrations: list[Registration]
    entitled: list[Entitled]
    links: Links
    facts: frozenset[str] = frozenset()

    def pairs(self) -> list[Pair]:
        """Return the new pairs; slow where the sides are large, so it runs outside transactions."""
        return match(self.registrations, self.entitled, self.links)


def require_roster(session: Session, municipality: str, program_id: str) -> rows.Roster:
    """Return the program's roster; raise ProgramUnknown, RosterMissing."""
    rows.get_program(session, municipality, program_id)
    roster = rows.find_roster(session, municipality, program_id)
    if roster is None:
        raise rules.RosterMissing("the program has no roster yet: import it first")
    return roster


def whole(session: Session, municipality: str, program_id: str) -> Population:
    """Return both sides of the matching; raise ProgramUnknown, RosterMissing."""
    roster = require_roster(session, municipality, program_id)
    found = list(fact_rows.current_facts(session, municipality))
    return Population(
        roster.program_id,
        roster.id,
        registrations(session, municipality, found),
        _entitled(match_rows.entitled_on(session, municipality, roster.id)),
        match_rows.links(session, municipality, program_id),
        frozenset(facts.id for _, facts in found),
    )


def put_beside(session: Session, municipality: str, population: Population, now: datetime) -> None:
    """Note that a roster was put beside all residents, and who came while that was done.

    Until now nobody else put them beside it.
    """
    roster = rows.find_roster(session, municipality, population.program_id)
    if roster is None or roster.id != population.roster_id or roster.match_time is not None:
        return
    roster.match_time = now
    for facts_id, resident_id in fact_rows.facts_in_force(session, municipality):
        if facts_id not in population.facts:
            changed_rows.add(session, municipality, resident_id, now)


def around(
    session: Session, municipality: str, roster: rows.Roster, some: Sequence[Registration]
) -> Population:
    """Return everybody who decides what becomes of some residents, of both sides.

    The engine links within a birth date only, and only where nobody else could be meant: so all who
    were born on the days of these residents, or perhaps were, since a part is not known, are
    there. What is linked here is linked in a whole run, too. Besides there are the rows that a
    person must look at: of a birth date that is mistyped, and of any that a resident's may be.
    """
    born = {one.birth_date for one in some}
    known = sorted({form for day in born for form in births.forms(day)})
    ids = searching.born_on(session, municipality, known) | {one.id for one in some}
    facts = fact_rows.served_facts(session, municipality, ids)
    entitled = _beside(session, roster, some)
    return Population(
        roster.program_id,
        roster.id,
        registrations(session, municipality, facts),
        _entitled(entitled),
        match_rows.links_of(
            session,
            municipality,
            roster.program_id,
            resident_ids=ids,
            entitlement_ids={row.id for row in entitled},
        ),
    )


def _beside(
    session: Session, roster: rows.Roster, some: Sequence[Registration]
) -> list[rows.Entitlement]:
    """Return the rows that some residents are to be put beside."""
    of = roster.municipality
    if not all(one.birth_date for one in some):
        # Who was born nobody knows when may be anybody.
        return list(match_rows.entitled_on(session, of, roster.id))
    index = crypto.vault_of(session).index
    born = {int(one.birth_date.replace("-", "")) for one in some}
    days = {day for one in born for day in days_within(one)}
    near = {day for one in born & days for day in near_days(one)} - days

    def digests(of: set[int]) -> list[bytes]:
        return [index(f"{d // 10000:04}-{d // 100 % 100:02}-{d % 100:02}", BIRTH_INDEX) for d in of]

    found = {row.id: row for row in match_rows.entitled_born(session, of, roster.id, digests(days))}
    # Of one who is born on another day the name must be the same: most are not even opened.
    names = {key for one in some for key in read_name(one.name).keys}
    wanted = [
        id
        for id, name in match_rows.names_born(session, of, roster.id, digests(near))
        if not names.isdisjoint(read_name(name).keys)
    ]
    return list((found | entitlement_rows.by_id(session, of, wanted)).values())


def registrations(
    session: Session, municipality: str, found: Collection[tuple[str, residents.Facts]]
) -> list[Registration]:
    """Return residents as the engine takes them."""
    protected = residents.suppressed(session, municipality, [id for id, _ in found])
    return [
        Registration(
            id=id,
            name=facts.name,
            birth_date=births.iso(facts.birth_date),
            # Cards and registers have several codes for neither.
            sex=facts.sex if facts.sex in (Sex.MALE, Sex.FEMALE) else Sex.OTHER.value,
            address=facts.address,
            name_flags=facts.name_flags,
            address_flags=facts.address_flags,
            suppressed=id in protected,
        )
        for id, facts in found
    ]


def _entitled(found: Iterable[rows.Entitlement]) -> list[Entitled]:
    """Return rows as the engine takes them; those without facts were matched elsewhere."""
    return [
        Entitled(
            id=row.id,
            name=row.name,
            birth_date=row.birth_date,
            sex=row.sex,
            address=row.address,
        )
        for row in found
        if row.name
    ]
