"""Campaigns looked at afterwards: counts by area and age, and the record of who got what."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.campaigns import rows as campaigns
from core.campaigns.rows import Campaign
from core.crypto import vault_of
from core.japan import today
from core.messaging.outcomes import outcomes
from core.residents import traits
from core.residents.rows import IN_FORCE, OWN_FACTS, Facts, Resident
from core.residents.trait_rows import Area, Traits

GROUPS = ((0, 17), (18, 29), *((age, age + 9) for age in range(30, 90, 10)), (90, 150))
"""Ages that are counted together: minors, and then about ten years each."""

NO_AGE = (0, 0)


@dataclass(slots=True)
class Count:
    """What became of the recipients of one area and age group."""

    by_state: Counter[str] = field(default_factory=Counter)
    opened: int = 0
    answered: int = 0
    letters: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a campaign, by area and age group in that order; why some were not told."""

    groups: dict[tuple[str, int, int], Count]
    reasons: Counter[str]


def count(session: Session, municipality: str, campaign_id: str) -> Counts:
    """Count by area and age group; raise CampaignUnknown.

    An area and a year of birth are numbers that say nothing in themselves: which they are is found
    by what each year's, and each area's, would be.
    """
    campaign = campaigns.get(session, municipality, campaign_id)
    towns = _towns(session, municipality)
    groups = _groups(session, campaign)
    counts: dict[tuple[str, int, int], Count] = defaultdict(Count)
    reasons: Counter[str] = Counter()
    for town, year, state, reason, number, opened, answered, letters in session.execute(
        _by_traits(campaign)
    ):
        one = counts[(towns.get(town, ""), *groups.get(year, NO_AGE))]
        one.by_state[str(state)] += number
        one.opened += int(opened)
        one.answered += answered
        one.letters += letters
        if reason:
            reasons[reason] += number
    return Counts(dict(sorted(counts.items())), reasons)


def _by_traits(campaign: Campaign) -> Select[Any]:
    """Count what became of recipients by town, year of birth, state and reason."""
    of = outcomes(campaign).subquery("of")
    return (
        select(
            Traits.town,
            Traits.birth_year,
            of.c.state,
            of.c.reason,
            func.count(),
            func.sum(of.c.opened),
            func.count(of.c.answer_time),
            func.count(of.c.letter_time),
        )
        .select_from(of)
        .outerjoin(
            Traits,
            (Traits.municipality == campaign.municipality)
            & (Traits.resident_id == of.c.resident_id),
        )
        .group_by(Traits.town, Traits.birth_year, of.c.state, of.c.reason)
    )


def page(
    session: Session,
    by: Caller,
    *,
    campaign_id: str,
    state: str,
    after: str,
    limit: int,
    now: datetime,
) -> Sequence[Any]:
    """Return a page of who got what, in the order it was laid out, and write the look down.

    Raises CampaignUnknown.
    """
    campaign = campaigns.get(session, by.municipality, campaign_id)
    of = outcomes(campaign).subquery("of")
    query = select(of).where(of.c.id > after)
    if state:
        query = query.where(of.c.state == state)
    found = session.execute(query.order_by(of.c.id).limit(limit)).all()
    events.record(
        session, by, "deliveries.viewed", campaign.id, now, details={"shown": str(len(found))}
    )
    return found


def names(session: Session, municipality: str, resident_ids: Collection[str]) -> dict[str, str]:
    """Return the names of residents, but not of who is under protection."""
    query = (
        select(Facts.resident_id, Facts.name)
        .join(Resident, OWN_FACTS)
        .where(
            Facts.municipality == municipality,
            Facts.resident_id.in_(resident_ids),
            IN_FORCE,
            Resident.suppressed.is_(False),
        )
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _towns(session: Session, municipality: str) -> dict[int, str]:
    query = select(Area.number, Area.town).where(
        Area.municipality == municipality, Area.block == ""
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _groups(session: Session, campaign: Campaign) -> dict[int, tuple[int, int]]:
    """Return the age group of each number of a year of birth, in the year of the start."""
    year = today(campaign.start_time or campaign.create_time).year
    vault = vault_of(session)
    return {
        traits.number(vault, "birth_year", f"{year - age:04}"): group
        for group in GROUPS
        for age in range(group[0], group[1] + 1)
    }
