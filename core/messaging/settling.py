"""What becomes of a campaign's recipients when a provider refuses: halves, and other ways."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.campaigns import rows as campaigns
from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Reason, Told
from core.campaigns.rules import State as CampaignState
from core.dispatches import seats
from core.dispatches.rows import Dispatch
from core.dispatches.rules import State, Way, WrongState
from core.messaging import batching, drafts, running
from core.messaging.batching import Batch
from core.residents.contact_rows import Contact, external_index
from core.residents.rows import Resident
from core.residents.rules import ContactState
from core.segments.previewing import allowed
from core.segments.reaching import with_best_contact


def refused(
    session: Session,
    dispatch: Dispatch,
    *,
    by_content: bool,
    pushing: Sequence[str],
    now: datetime,
) -> State:
    """Take in that a provider refused a dispatch for good; return what the dispatch is now.

    Refused for what it says, the campaign is paused. Refused for its recipients, it is halved; a
    recipient who stands alone is told in another way.
    """
    campaign = campaigns.get(session, dispatch.municipality, dispatch.campaign_id, lock=True)
    to: list[str] = json.loads(dispatch.recipients)
    if by_content:
        running.hold_for(session, campaign, "refused_content", now)
        return State.FAILED
    if len(to) == 1 or dispatch.way is Way.EACH:
        refuse_some(session, dispatch, to, pushing=pushing, now=now)
        return State.FAILED
    if campaign.state is CampaignState.CANCELLED:
        return State.DROPPED  # It told nobody, and nobody is to be told any more.
    half = len(to) // 2
    for some in (to[:half], to[half:]):
        _move(session, campaign, dispatch, some, now)
    seats.erase(dispatch)  # Those that carry them hold them now.
    return State.SPLIT


def refuse_some(
    session: Session,
    dispatch: Dispatch,
    external_ids: Sequence[str],
    *,
    pushing: Sequence[str],
    now: datetime,
) -> None:
    """Take in that a provider does not know these recipients: their contacts are lost.

    They are told on the next contact that can be pushed to, else in the inbox, if they have one.
    """
    campaign = campaigns.get(session, dispatch.municipality, dispatch.campaign_id, lock=True)
    draft = drafts.of(campaign)
    wanted = allowed(pushing, draft.channels)
    for contact, recipient in _seats(session, dispatch, external_ids):
        contact.state = ContactState.LOST
        seats.take_out(dispatch, contact.external_id, leave_place=True)
        session.flush()
        dispatch.recipient_count -= 1
        if not _told_otherwise(session, campaign, dispatch, recipient, channels=wanted, now=now):
            recipient.state, recipient.reason = Told.FAILED, Reason.REFUSED


def tell_otherwise(
    session: Session,
    campaign: Campaign,
    dispatch: Dispatch,
    resident_ids: Sequence[str],
    *,
    pushing: Sequence[str],
    now: datetime,
) -> list[str]:
    """Queue it for the next contacts of those whose own is lost; return whom none reaches."""
    # Locked, for it numbers batches.
    campaign = campaigns.get(session, campaign.municipality, campaign.id, lock=True)
    wanted = allowed(pushing, drafts.of(campaign).channels)
    query = select(Recipient).where(
        batching.in_it(dispatch), Recipient.resident_id.in_(resident_ids)
    )
    left = [
        one.resident_id
        for one in session.scalars(query.order_by(Recipient.resident_id)).all()
        if not _told_otherwise(session, campaign, dispatch, one, channels=wanted, now=now)
    ]
    session.flush()
    return left


def carry_untaken(
    session: Session, dispatch: Dispatch, external_ids: Sequence[str], now: datetime
) -> Dispatch | None:
    """Queue those whom a provider surely did not take anew; None where it is cancelled, or nobody.

    They are out of this dispatch, which told the others.
    """
    campaign = campaigns.get(session, dispatch.municipality, dispatch.campaign_id, lock=True)
    other = _move(session, campaign, dispatch, external_ids, now)
    if other is None:
        return None
    for external_id in external_ids:
        seats.take_out(dispatch, external_id, leave_place=True)
    dispatch.recipient_count -= other.recipient_count
    if campaign.state is CampaignState.CANCELLED:
        other.state, other.free_time, other.finish_time = State.DROPPED, None, now
        return None
    return other


def send_again(session: Session, dispatch: Dispatch, now: datetime) -> str:
    """Queue a dispatch anew under a new key, by a person's word; return the id of the new one.

    Who may be told is looked at anew when it is leased. A campaign that had ended goes on for it.
    Raises WrongState where the campaign was cancelled, or nobody of the dispatch is left.
    """
    campaign = campaigns.get(session, dispatch.municipality, dispatch.campaign_id, lock=True)
    of_it = (batching.in_it(dispatch), Recipient.state.is_(None))
    query = select(Recipient.resident_id).where(*of_it).order_by(Recipient.resident_id)
    left = list(session.scalars(query))
    if campaign.state is CampaignState.CANCELLED or not left:
        raise WrongState("nobody is told it any more", state=campaign.state)
    running.reopen(session, campaign, now)
    again = batching.put_into_one(campaign, dispatch, left, now)
    session.execute(
        update(Recipient)
        .where(*of_it)
        .values(batch=again.batch)
        .execution_options(synchronize_session="fetch")
    )
    session.add(again)
    return again.id


def _told_otherwise(
    session: Session,
    campaign: Campaign,
    dispatch: Dispatch,
    recipient: Recipient,
    *,
    channels: Sequence[str],
    now: datetime,
) -> bool:
    """Queue it for the next contact that can be pushed to; False for none, or once cancelled."""
    if campaign.state is CampaignState.CANCELLED:
        return False
    resident_id = recipient.resident_id
    who = (
        select(Resident.id, Resident.language)
        .where(Resident.municipality == campaign.municipality, Resident.id == resident_id)
        .subquery("who")
    )
    best = with_best_contact(session, who, campaign.municipality, channels)
    reads = batching.language_of(best.c.language, best.c.contact_language)
    query = select(best.c.contact_id, best.c.channel, reads).where(best.c.contact_id.is_not(None))
    found = session.execute(query).one_or_none()
    if found is None:
        return False
    contact_id, channel, language = found
    batch = Batch(campaign.batches, channel, language, resident_id, resident_id, count=1)
    recipient.contact_id, recipient.batch = contact_id, batch.number
    session.add(batching.a_dispatch(campaign, batch, dispatch.way, now))
    campaign.batches += 1
    return True


def _move(
    session: Session,
    campaign: Campaign,
    dispatch: Dispatch,
    external_ids: Sequence[str],
    now: datetime,
) -> Dispatch | None:
    """Put some recipients of a dispatch into one of their own, under a new key; None for nobody."""
    seats = _seats(session, dispatch, external_ids)
    if not seats:
        return None
    resident_ids = [recipient.resident_id for _, recipient in seats]
    other = batching.put_into_one(campaign, dispatch, resident_ids, now)
    session.execute(
        update(Recipient)
        .where(
            Recipient.municipality == campaign.municipality,
            Recipient.campaign_id == campaign.id,
            Recipient.resident_id.in_(resident_ids),
        )
        .values(batch=other.batch)
        .execution_options(synchronize_session="fetch")
    )
    session.add(other)
    return other


def _seats(
    session: Session, dispatch: Dispatch, external_ids: Sequence[str]
) -> list[tuple[Contact, Recipient]]:
    """Return the contacts and recipients behind a channel's own ids, in a dispatch."""
    indexes = [external_index(session, id) for id in external_ids]
    query = (
        select(Contact, Recipient)
        .join(
            Recipient,
            (Recipient.municipality == Contact.municipality) & (Recipient.contact_id == Contact.id),
        )
        .where(
            Contact.municipality == dispatch.municipality,
            Contact.channel == dispatch.channel,
            Contact.external_index.in_(indexes),
            batching.in_it(dispatch),
        )
        .order_by(Recipient.resident_id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
