"""How far a program has come by area and age: read in parts, since every address is opened."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.eligibility.rows import Entitlement, Roster
from core.ledger import areas
from core.ledger.rules import Progress
from core.residents import births

PART = 2_000
"""Rows opened in one read, so that other readers are not held up."""

Place = tuple[str, int, int]
"""An area, and the first and last age of a group."""


@dataclass(slots=True)
class Tally:
    """What was counted so far. Whoever is under protection is in no area and no age."""

    city: str
    day: date
    states: Mapping[str, Progress]
    after: str = ""
    counted: dict[Place, Counter[Progress]] = field(default_factory=dict)


def count_part(session: Session, roster: Roster, tally: Tally) -> Tally:
    """Return the tally with the next part of the roster, or as it was at the end."""
    query = select(Entitlement.id, Entitlement.birth_date, Entitlement.address).where(
        Entitlement.municipality == roster.municipality,
        Entitlement.roster_id == roster.id,
        Entitlement.id > tally.after,
    )
    part = session.execute(query.order_by(Entitlement.id).limit(PART)).all()
    # A new one, since a read may run twice.
    counted = {place: Counter(states) for place, states in tally.counted.items()}
    for id, birth_date, address in part:
        state = tally.states[id]
        place: Place = ("", *areas.EVERYBODY)
        if state is not Progress.PROTECTED:
            place = (areas.town_of(address, tally.city), *_group(birth_date, tally.day))
        counted.setdefault(place, Counter())[state] += 1
    after = part[-1].id if part else ""
    return Tally(tally.city, tally.day, tally.states, after, counted)


def _group(birth_date: str, day: date) -> tuple[int, int]:
    """Return the age group; where the whole birth date is not known, everybody."""
    if not births.is_whole(birth_date):
        return areas.EVERYBODY
    return areas.group_of(areas.age_on(day, date.fromisoformat(birth_date)))
