"""A dispatch for each batch of a campaign's recipients."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, func, select
from sqlalchemy.orm import Session

from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import State as CampaignState
from core.dispatches.rows import Dispatch
from core.dispatches.rules import State, Way
from core.ids import new_id
from core.languages import MAIN_LANGUAGE
from core.messaging.drafts import Draft
from core.residents.contact_rows import Contact
from core.residents.rows import Resident


def language_of(
    chosen: SQLColumnExpression[str], seen: SQLColumnExpression[str]
) -> ColumnElement[str]:
    """Return the language somebody reads: chosen, else that of the contact, else Japanese."""
    return func.coalesce(func.nullif(chosen, ""), func.nullif(seen, ""), MAIN_LANGUAGE)


def make_missing(session: Session, campaign: Campaign, draft: Draft, now: datetime) -> int:
    """Make a dispatch for each batch that has none; return how many had none."""
    has_one = exists().where(
        Dispatch.municipality == campaign.municipality,
        Dispatch.campaign_id == campaign.id,
        Dispatch.batch == Recipient.batch,
    )
    return len(make(session, campaign, draft, Recipient.state.is_(None), ~has_one, now=now))


def make(
    session: Session,
    campaign: Campaign,
    draft: Draft,
    *of: ColumnElement[bool],
    now: datetime,
) -> list[int]:
    """Make a dispatch for each batch of these recipients; return the batches."""
    way = Way.EACH if draft.is_personal else Way.TOGETHER
    batches: list[int] = []
    for batch, count, channel, language in session.execute(_batches(campaign, *of)).all():
        session.add(
            a_dispatch(
                campaign, batch=batch, count=count, channel=channel, language=language, way=way,
                now=now,
            )
        )  # fmt: skip
        batches.append(batch)
    return batches


def _batches(campaign: Campaign, *of: ColumnElement[bool]) -> Select[Any]:
    """Select each batch of these recipients, how many it is, its channel and its language."""
    # All of a batch are on one channel and read one language: the first of them tells both.
    first = (
        select(
            Recipient.batch,
            func.count().label("count"),
            func.min(Recipient.resident_id).label("resident_id"),
        )
        .where(
            Recipient.municipality == campaign.municipality,
            Recipient.campaign_id == campaign.id,
            Recipient.batch.is_not(None),
            *of,
        )
        .group_by(Recipient.batch)
        .subquery("first")
    )
    return (
        select(
            first.c.batch,
            first.c.count,
            Contact.channel,
            language_of(Resident.language, Contact.language),
        )
        .join_from(first, Recipient, Recipient.resident_id == first.c.resident_id)
        .join(
            Contact,
            (Contact.municipality == Recipient.municipality) & (Contact.id == Recipient.contact_id),
        )
        .join(
            Resident,
            (Resident.municipality == Recipient.municipality)
            & (Resident.id == Recipient.resident_id),
        )
        .where(
            Recipient.municipality == campaign.municipality, Recipient.campaign_id == campaign.id
        )
        .order_by(first.c.batch)
    )


def a_dispatch(
    campaign: Campaign,
    *,
    batch: int,
    count: int,
    channel: str,
    language: str,
    way: Way,
    now: datetime,
) -> Dispatch:
    """Return a dispatch that waits its turn, or for its campaign to be resumed.

    Whom it goes to and what it says are put in when it is first leased.
    """
    is_held = campaign.state is CampaignState.PAUSED
    return Dispatch(
        municipality=campaign.municipality,
        id=new_id(),
        channel=channel,
        lane=campaign.lane,
        state=State.HELD if is_held else State.QUEUED,
        retry_key=str(uuid.uuid4()),
        recipients="[]",
        recipient_count=count,
        content="{}",
        create_time=now,
        free_time=None if is_held else now,
        campaign_id=campaign.id,
        batch=batch,
        turn=campaign.turn + batch,
        language=language,
        way=way,
    )
