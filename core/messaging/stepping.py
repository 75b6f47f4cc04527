"""The work of campaigns that goes on by itself: starting, laying out, ending, and coming again."""

from collections.abc import Callable, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.campaigns.rows import Campaign
from core.errors import Refusal
from core.jobs import At, Step
from core.messaging import laying_out, running, starting
from core.messaging.laying_out import Part
from core.messaging.starting import Counted

Known = Counted | Part
"""What a step is told that was read before it."""


def look(session: Session, at: At, *, pushing: Sequence[str]) -> Callable[[], Known] | None:
    """Read what the next step needs, while nobody waits to write: it may take seconds.

    Of the campaign that starts next, whom it finds is counted; else the next part is read of the
    one that is laid out.
    """
    if (campaign := running.due(session, at.municipality, at.now, lock=False)) is not None:
        counted = starting.count(session, campaign, at.now)
        return None if counted is None else lambda: counted
    if (campaign := running.expanding(session, at.municipality, lock=False)) is None:
        return None
    return _read(session, campaign, campaign.cursor, at, pushing)


def look_ahead(session: Session, at: At, *, pushing: Sequence[str]) -> Callable[[], Known] | None:
    """Read the part after the one that is laid out now, where no other campaign has a turn between.

    Another one's would count for the week of those whom this one finds.
    """
    if not isinstance(at.known, Part) or not at.known.residents:
        return None
    if running.due(session, at.municipality, at.now, lock=False) is not None:
        return look(session, at, pushing=pushing)
    campaign = running.only_expanding(session, at.municipality)
    if campaign is None or not at.known.is_next_of(campaign):
        return None
    return _read(session, campaign, at.known.last, at, pushing)


def _read(
    session: Session, campaign: Campaign, after: str, at: At, pushing: Sequence[str]
) -> Callable[[], Known] | None:
    try:
        part = laying_out.read(session, campaign, after=after, pushing=pushing, now=at.now)
    except Refusal:
        return None  # The step finds the same, and sees to it.
    return lambda: part


def step(session: Session, at: At, *, pushing: Sequence[str]) -> Step:
    """Do what is to be done next in a municipality: one campaign started, one part laid out."""
    part = at.known if isinstance(at.known, Part) else None
    counted = at.known if isinstance(at.known, Counted) else None
    # One that came due after the part was read is counted first, while nobody waits.
    if part is None and (due := running.due(session, at.municipality, at.now)) is not None:
        starting.start_due(session, due, counted, at.now)
        return Step("again", {"started": 1})
    if (campaign := running.expanding(session, at.municipality)) is not None:
        return _lay_out(session, campaign, part, at, pushing)
    done = running.finish_done(session, at.municipality, at.now)
    return Step("again" if done else "", {"finished": len(done)})


def _lay_out(
    session: Session, campaign: Campaign, part: Part | None, at: At, pushing: Sequence[str]
) -> Step:
    try:
        if part is None or not part.is_next_of(campaign):
            part = laying_out.read(
                session, campaign, after=campaign.cursor, pushing=pushing, now=at.now
            )
    except Refusal as refusal:
        # What its conditions name is gone: staff see to it, and others go on.
        running.hold_for(session, campaign, refusal.reason, at.now)
        return Step("again", {"held": 1})
    return Step("again", {"recipients": laying_out.lay_out(session, campaign, part, at.now)})


def waiting(session: Session) -> list[str]:
    """Return the municipalities in which a campaign is to be laid out, or has ended."""
    query = select(Campaign.municipality).where(or_(running.LAYS_OUT, running.DONE))
    return list(session.scalars(query.distinct()))
