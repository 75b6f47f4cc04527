"""How far the matching of a program has come."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.eligibility.rows import Entitlement, Match, find_roster
from core.matching import Decision

WAITING = (Decision.TO_REVIEW, Decision.TO_CONFIRM)
"""Where a person is still to say something."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How far the matching of a program has come, in entitlements; `to_review` counts pairs.

    `to_confirm` are those of them that wait for the second person.
    """

    entitled: int = 0
    matched: int = 0
    to_review: int = 0
    to_confirm: int = 0
    suppressed: int = 0

    @property
    def unmatched(self) -> int:
        return self.entitled - self.matched


def of(session: Session, municipality: str, program_id: str) -> Counts:
    roster = find_roster(session, municipality, program_id)
    if roster is None:
        return Counts()
    suppressed = select(func.count()).where(
        Entitlement.municipality == municipality,
        Entitlement.roster_id == roster.id,
        Entitlement.suppressed,
    )
    decided = (
        select(Match.decision, func.count())
        .where(Match.municipality == municipality, Match.program_id == program_id)
        .group_by(Match.decision)
    )
    by_decision = {row[0]: row[1] for row in session.execute(decided)}
    return Counts(
        entitled=roster.row_count,
        matched=by_decision.get(Decision.ACCEPTED, 0),
        to_review=sum(by_decision.get(waiting, 0) for waiting in WAITING),
        to_confirm=by_decision.get(Decision.TO_CONFIRM, 0),
        suppressed=session.scalars(suppressed).one(),
    )
