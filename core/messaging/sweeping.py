"""Proves that nothing is stuck: what should never be found is looked for, mended, and counted.

A healthy town counts nothing. What is counted is in the log as a warning, in the job's result, and
shown beside how delivery goes.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from core.campaigns.rows import Campaign
from core.campaigns.rules import State
from core.dispatches import outcomes
from core.dispatches.rows import Dispatch
from core.dispatches.rules import KEY_MARGIN, KEY_REMEMBERED, Lane
from core.dispatches.rules import State as Sent
from core.jobs import At, Step
from core.messaging import batching, drafts, rules, running
from core.messaging.rows import sending_rules

log = structlog.get_logger("core")

LATE = timedelta(minutes=10)
"""How long after its end a lease should have been offered again, or a campaign begun."""

STILL = timedelta(hours=1)
"""How long a campaign may run without anything of it going out, though it could."""

MOST = 500
"""Dispatches mended in one transaction."""

ENDED = (State.CANCELLED, State.FINISHED)


def step(session: Session, at: At) -> Step:
    """Look through a municipality once."""
    counts = {
        "given_up": _given_up(session, at.municipality, at.now),
        "leases_ended": _leases_ended(session, at.municipality, at.now),
        "late_campaigns": _late(session, at.municipality, at.now),
        "still_campaigns": _still(session, at.municipality, at.now),
        "unmade_batches": _unmade(session, at.municipality, at.now),
        "of_ended_campaigns": _of_ended(session, at.municipality, at.now),
        "wrongly_held": _wrongly_held(session, at.municipality, at.now),
    }
    amiss = {name: count for name, count in counts.items() if count}
    if amiss:
        log.warning("delivery is not as it should be", municipality=at.municipality, amiss=amiss)
    return Step("", amiss)


def _leases_ended(session: Session, municipality: str, now: datetime) -> int:
    """Count what an adapter took and nobody has asked for since; it is offered to who asks."""
    query = select(func.count()).where(
        Dispatch.municipality == municipality,
        Dispatch.state == Sent.LEASED,
        Dispatch.free_time < now - LATE,
    )
    return session.scalars(query).one()


def _given_up(session: Session, municipality: str, now: datetime) -> int:
    """Give to a person what no attempt may be made of any more, and nobody has asked for since."""
    forgotten = now - KEY_REMEMBERED + KEY_MARGIN
    query = (
        select(Dispatch)
        .where(
            Dispatch.municipality == municipality,
            Dispatch.free_time < now - LATE,
            or_(Dispatch.state == Sent.RECALLED, Dispatch.first_attempt_time <= forgotten),
        )
        .order_by(Dispatch.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(query).all()
    for dispatch in found:
        outcomes.finish(session, dispatch, Sent.UNKNOWN, now)
    return len(found)


def _late(session: Session, municipality: str, now: datetime) -> int:
    """Count the campaigns that should have begun."""
    query = select(func.count()).where(
        Campaign.municipality == municipality,
        Campaign.state == State.SCHEDULED,
        Campaign.start_time < now - LATE,
    )
    return session.scalars(query).one()


def _still(session: Session, municipality: str, now: datetime) -> int:
    """Count the campaigns of which something waits, and for an hour nothing has gone out."""
    of_it = (
        Dispatch.municipality == Campaign.municipality,
        Dispatch.campaign_id == Campaign.id,
    )
    waits = exists().where(*of_it, Dispatch.free_time < now - STILL)
    moved = exists().where(*of_it, Dispatch.finish_time > now - STILL)
    query = select(func.count()).where(
        Campaign.municipality == municipality,
        Campaign.state == State.RUNNING,
        Campaign.start_time < now - STILL,
        waits,
        ~moved,
    )
    held = sending_rules(session, municipality)
    # What lay still all night is to have its hour in the morning.
    quiet = (rules.is_quiet(held.quiet_from, held.quiet_to, then) for then in (now, now - STILL))
    if any(quiet):
        query = query.where(Campaign.lane == Lane.EMERGENCY)
    return session.scalars(query).one()


def _unmade(session: Session, municipality: str, now: datetime) -> int:
    """Make the dispatches of batches that have none: their recipients would wait for ever."""
    query = select(Campaign).where(
        Campaign.municipality == municipality,
        Campaign.state.in_(running.GOING),
        Campaign.kind.in_(running.LAID_OUT),
        ~running.ALL_MADE,
    )
    found = session.scalars(query.with_for_update(skip_locked=True)).all()
    return sum(
        batching.make_missing(session, campaign, drafts.of(campaign), now) for campaign in found
    )


def _of_ended(session: Session, municipality: str, now: datetime) -> int:
    """Drop what waits of campaigns that have ended."""
    ended = select(Campaign.id).where(
        Campaign.municipality == municipality, Campaign.state.in_(ENDED)
    )
    return _change(
        session,
        and_(
            Dispatch.municipality == municipality,
            Dispatch.state.in_((Sent.QUEUED, Sent.HELD)),
            Dispatch.campaign_id.in_(ended),
        ),
        state=Sent.DROPPED,
        free_time=None,
        finish_time=now,
    )


def _wrongly_held(session: Session, municipality: str, now: datetime) -> int:
    """Free what is held of campaigns that run, and hold what is free of those that are paused."""
    changed = 0
    for campaign_state, before, after, free in (
        (State.RUNNING, Sent.HELD, Sent.QUEUED, now),
        (State.PAUSED, Sent.QUEUED, Sent.HELD, None),
    ):
        such = select(Campaign.id).where(
            Campaign.municipality == municipality, Campaign.state == campaign_state
        )
        changed += _change(
            session,
            and_(
                Dispatch.municipality == municipality,
                Dispatch.state == before,
                Dispatch.campaign_id.in_(such),
            ),
            state=after,
            free_time=free,
        )
    return changed


def _change(session: Session, which: ColumnElement[bool], **values: object) -> int:
    """Change dispatches at once; return how many."""
    changed = session.scalars(
        update(Dispatch)
        .where(which)
        .values(values)
        .returning(Dispatch.id)
        .execution_options(synchronize_session=False)
    )
    return len(changed.all())
