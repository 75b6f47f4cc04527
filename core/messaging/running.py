"""Campaigns start, are held and go on, end, and come again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from core import events
from core.callers import Caller, the_core
from core.campaigns import rows as campaigns
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, State
from core.dispatches.rows import Dispatch
from core.dispatches.rules import State as Sent
from core.dispatches.rules import WrongState

GOING = (State.RUNNING, State.PAUSED)
LAID_OUT = (Kind.MESSAGE, Kind.TEST)
"""The kinds that staff lay out; an invitation is told in the transaction that makes it."""


def pause(session: Session, by: Caller, campaign_id: str, now: datetime) -> Campaign:
    """Hold a campaign at once; raise CampaignUnknown, WrongState. What is held stays held."""
    campaign = campaigns.get(session, by.municipality, campaign_id, lock=True)
    if campaign.state is State.PAUSED:
        return campaign
    _check(campaign, State.RUNNING)
    _hold(session, campaign)
    campaign.remark = ""
    _record(session, by, campaign, "campaign.paused", now)
    return campaign


def hold_for(session: Session, campaign: Campaign, remark: str, now: datetime) -> None:
    """Hold a campaign because of what the remark names; one that staff hold is told it, too."""
    if campaign.state is State.PAUSED:
        campaign.remark = campaign.remark or remark
    if campaign.state is not State.RUNNING:
        return
    _hold(session, campaign)
    campaign.remark = remark
    _record(session, the_core(campaign.municipality), campaign, "campaign.paused", now)


def resume(session: Session, by: Caller, campaign_id: str, now: datetime) -> Campaign:
    """Let a held campaign go on where it was; raise CampaignUnknown, WrongState."""
    campaign = campaigns.get(session, by.municipality, campaign_id, lock=True)
    _check(campaign, State.PAUSED)
    campaign.state, campaign.remark = State.RUNNING, ""
    campaign.revision += 1
    _change(session, campaign, Sent.HELD, Sent.QUEUED, free_time=now)
    _record(session, by, campaign, "campaign.resumed", now)
    return campaign


def reopen(session: Session, campaign: Campaign, now: datetime) -> None:
    """Let a campaign that has ended go on; nothing where it has not."""
    if campaign.state is not State.FINISHED:
        return
    campaign.state, campaign.end_time = State.RUNNING, None
    campaign.revision += 1
    _record(session, the_core(campaign.municipality), campaign, "campaign.resumed", now)


def cancel(
    session: Session, by: Caller, campaign_id: str, *, reason: str, now: datetime
) -> Campaign:
    """End a campaign at once, and its repeats; raise CampaignUnknown, WrongState.

    What a channel has in hand may still arrive.
    """
    campaign = campaigns.get(session, by.municipality, campaign_id, lock=True)
    if campaign.state is State.CANCELLED:
        return campaign
    _check(campaign, State.DRAFT, State.SCHEDULED, *GOING)
    _cancel(session, by, campaign, reason=reason, now=now)
    for again in _yet_to_come(session, campaign):
        _cancel(session, by, again, reason=reason, now=now)
    return campaign


def _yet_to_come(session: Session, campaign: Campaign) -> Sequence[Campaign]:
    """Return the repeats that are scheduled after a campaign, locked."""
    query = select(Campaign).where(
        Campaign.municipality == campaign.municipality,
        Campaign.repeat_of == (campaign.repeat_of or campaign.id),
        Campaign.state == State.SCHEDULED,
    )
    return session.scalars(query.with_for_update()).all()


def _cancel(
    session: Session, by: Caller, campaign: Campaign, *, reason: str, now: datetime
) -> None:
    campaign.state, campaign.expanding = State.CANCELLED, False
    campaign.remark, campaign.end_time = reason, now
    campaign.revision += 1
    # Of what an attempt was made of, and that waits for another, nobody knows whether it told them.
    tried = Dispatch.first_attempt_time.is_not(None)
    for state in (Sent.QUEUED, Sent.HELD):
        for which, after in ((tried, Sent.UNKNOWN), (~tried, Sent.DROPPED)):
            _change(session, campaign, state, after, which, free_time=None, finish_time=now)
    _record(session, by, campaign, "campaign.cancelled", now, reason=reason)


def start(session: Session, campaign: Campaign, now: datetime) -> None:
    """Let a scheduled campaign run: its recipients are laid out from now on."""
    campaign.state, campaign.expanding = State.RUNNING, True
    campaign.start_time, campaign.cursor = now, ""
    campaign.turn = _first_turn(session, campaign)
    campaign.revision += 1
    _record(session, the_core(campaign.municipality), campaign, "campaign.started", now)
    campaign.recipient_count = 0  # From now on those that are laid out.


def due(
    session: Session, municipality: str, now: datetime, *, lock: bool = True
) -> Campaign | None:
    """Return the scheduled campaign whose time has come, the most urgent first.

    Locked where it will change, and then not one that another process has in hand.
    """
    query = select(Campaign).where(
        Campaign.municipality == municipality,
        Campaign.state == State.SCHEDULED,
        Campaign.start_time <= now,
    )
    ordered = query.order_by(Campaign.lane, Campaign.start_time, Campaign.id).limit(1)
    wanted = ordered.with_for_update(skip_locked=True) if lock else ordered
    return session.scalars(wanted).first()


LAYS_OUT = Campaign.expanding.is_(True) & (
    (Campaign.state == State.RUNNING) | ((Campaign.state == State.PAUSED) & (Campaign.remark == ""))
)
"""Whether recipients are laid out, also while staff hold it; what is held for a reason waits."""


def expanding(session: Session, municipality: str, *, lock: bool = True) -> Campaign | None:
    """Return the campaign whose recipients are laid out next, the most urgent first.

    Locked where it will change.
    """
    query = select(Campaign).where(Campaign.municipality == municipality, LAYS_OUT)
    ordered = query.order_by(Campaign.lane, Campaign.batches, Campaign.id).limit(1)
    return session.scalars(ordered.with_for_update(skip_locked=True) if lock else ordered).first()


def only_expanding(session: Session, municipality: str) -> Campaign | None:
    """Return the campaign whose recipients are laid out, where it is the only one."""
    query = select(Campaign).where(Campaign.municipality == municipality, LAYS_OUT)
    found = session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def finish_done(session: Session, municipality: str, now: datetime) -> Sequence[Campaign]:
    """End the campaigns that run and of which nothing waits any more; return them."""
    query = select(Campaign).where(Campaign.municipality == municipality, DONE)
    found = session.scalars(query.with_for_update(skip_locked=True)).all()
    for campaign in found:
        campaign.state, campaign.end_time = State.FINISHED, now
        campaign.revision += 1
        _record(session, the_core(municipality), campaign, "campaign.finished", now)
    return found


_OF_IT = (Dispatch.municipality == Campaign.municipality, Dispatch.campaign_id == Campaign.id)

ALL_MADE = Campaign.batches == select(func.count()).where(*_OF_IT).scalar_subquery()
"""Whether each batch has its dispatch.

Batches are numbered without gaps, so that it needs a count and no look at recipients.
"""

DONE = (
    (Campaign.state == State.RUNNING)
    & Campaign.kind.in_(LAID_OUT)
    & Campaign.expanding.is_(False)
    & ~exists().where(*_OF_IT, Dispatch.free_time.is_not(None) | (Dispatch.state == Sent.HELD))
    & ALL_MADE
)
"""Whether a campaign is over: all is laid out, nothing waits or is held, and nothing is missing."""


def _first_turn(session: Session, campaign: Campaign) -> int:
    """Return the smallest turn that waits in the campaign's lane: it is its turn as well."""
    query = select(func.min(Dispatch.turn)).where(
        Dispatch.municipality == campaign.municipality,
        Dispatch.lane == campaign.lane,
        Dispatch.campaign_id != "",
        Dispatch.state == Sent.QUEUED,
    )
    return session.scalars(query).one() or 0


def _hold(session: Session, campaign: Campaign) -> None:
    campaign.state = State.PAUSED
    campaign.revision += 1
    _change(session, campaign, Sent.QUEUED, Sent.HELD, free_time=None)


def _change(
    session: Session,
    campaign: Campaign,
    before: Sent,
    after: Sent,
    *which: ColumnElement[bool],
    free_time: datetime | None,
    finish_time: datetime | None = None,
) -> None:
    """Change the state of all dispatches of a campaign that are in one."""
    session.flush()
    session.execute(
        update(Dispatch)
        .where(
            Dispatch.municipality == campaign.municipality,
            Dispatch.campaign_id == campaign.id,
            Dispatch.state == before,
            *which,
        )
        .values(state=after, free_time=free_time, finish_time=finish_time)
        .execution_options(synchronize_session="fetch")
    )


def _check(campaign: Campaign, *states: State) -> None:
    if campaign.kind not in LAID_OUT or campaign.state not in states:
        raise WrongState(f"the campaign is {campaign.state}", state=campaign.state)


def _record(
    session: Session,
    by: Caller,
    campaign: Campaign,
    kind: str,
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    events.record(
        session, by, kind, campaign.id, now,
        details={"recipients": str(campaign.recipient_count), "remark": campaign.remark}
        if campaign.remark and reason is None
        else {"recipients": str(campaign.recipient_count)},
        reason=reason,
    )  # fmt: skip
