"""Gathers both sides of a program's matching: all of them, or those of some birth dates."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core import crypto
from core.eligibility import match_rows, rows, rules
from core.matching import Entitled, Links, Pair, Registration, match
from core.residents import births, searching
from core.residents import rows as residents
from core.rosters.values import Sex

BIRTH_INDEX = "entitlements.birth_date"
"""Where the blind index of an entitlement's birth date belongs."""


@dataclass(frozen=True, slots=True)
class Population:
    """Both sides of a program's matching, and what is known already."""

    registrations: list[Registration]
    entitled: list[Entitled]
    links: Links

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
    return Population(
        registrations(session, municipality, list(residents.current_facts(session, municipality))),
        _entitled(match_rows.entitled_on(session, municipality, roster.id)),
        match_rows.links(session, municipality, program_id),
    )


def around(
    session: Session, municipality: str, roster: rows.Roster, some: Sequence[Registration]
) -> Population:
    """Return everybody with a birth date of some residents, of both sides.

    The engine links within a birth date only, so what it links here it links in a whole run, too.
    Rows whose birth date is not wholly known stand beside every date.
    """
    index = crypto.vault_of(session).index
    days = sorted({one.birth_date for one in some if births.is_whole(one.birth_date)})
    ids = searching.born_on(session, municipality, days) | {one.id for one in some}
    facts = residents.served_facts(session, municipality, ids)
    entitled = match_rows.entitled_born(
        session, municipality, roster.id, [index(day, BIRTH_INDEX) for day in days]
    )
    return Population(
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
