"""The work of campaigns that goes on by itself: starting, laying out, ending, and coming again."""

from collections.abc import Callable, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.campaigns.rows import Campaign
from core.errors import Refusal
from core.jobs import At, Step
from core.messaging import laying_out, running, starting
from core.messaging.starting import Counted


def look(session: Session, at: At) -> Callable[[], Counted] | None:
    """Count whom the campaign finds that starts next: seconds, in which nobody waits to write."""
    campaign = running.due(session, at.municipality, at.now, lock=False)
    counted = starting.count(session, campaign, at.now) if campaign is not None else None
    return None if counted is None else lambda: counted


def step(session: Session, at: At, *, pushing: Sequence[str]) -> Step:
    """Do what is to be done next in a municipality: one campaign started, one part laid out."""
    if (campaign := running.due(session, at.municipality, at.now)) is not None:
        starting.start_due(session, campaign, at.known, at.now)
        return Step("again", {"started": 1})
    if (campaign := running.expanding(session, at.municipality)) is not None:
        try:
            count = laying_out.lay_out(session, campaign, pushing=pushing, now=at.now)
        except Refusal as refusal:
            # What its conditions name is gone: staff see to it, and others go on.
            running.hold_for(session, campaign, refusal.reason, at.now)
            return Step("again", {"held": 1})
        return Step("again", {"recipients": count})
    done = running.finish_done(session, at.municipality, at.now)
    return Step("again" if done else "", {"finished": len(done)})


def waiting(session: Session) -> list[str]:
    """Return the municipalities in which a campaign is to be laid out, or has ended."""
    query = select(Campaign.municipality).where(or_(running.LAYS_OUT, running.DONE))
    return list(session.scalars(query.distinct()))
