"""A campaign's recipients in batches, each of which one dispatch tells."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    bindparam,
    exists,
    func,
    select,
)
from sqlalchemy.orm import Session

from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import State as CampaignState
from core.dispatches.rows import Dispatch
from core.dispatches.rules import MOST_TOGETHER, State, Way
from core.ids import new_id
from core.languages import MAIN_LANGUAGE
from core.messaging import rules
from core.messaging.drafts import Draft
from core.residents.contact_rows import Contact
from core.residents.rows import Resident


@dataclass(slots=True)
class Batch:
    """Recipients on one channel who read one language, by their number in the campaign.

    By their ids they stand from `first` to `last`; those of other batches may stand between them.
    """

    number: int
    channel: str
    language: str
    first: str
    last: str
    count: int


class Seating:
    """Seats recipients, who come in the order of their ids, in batches numbered without a gap."""

    def __init__(self, campaign: Campaign, draft: Draft) -> None:
        self.batches: list[Batch] = []
        self._begin = campaign.batches
        self._size = rules.EACH if draft.is_personal else MOST_TOGETHER
        self._filling: dict[tuple[str, str], Batch] = {}

    def seat(self, resident_id: str, channel: str, language: str) -> int:
        """Return the number of the batch in which somebody is told."""
        batch = self._filling.get((channel, language))
        if batch is None or batch.count == self._size:
            number = self._begin + len(self.batches)
            batch = Batch(number, channel, language, resident_id, resident_id, count=0)
            self._filling[channel, language] = batch
            self.batches.append(batch)
        batch.last = resident_id
        batch.count += 1
        return batch.number


def language_of(
    chosen: SQLColumnExpression[str], seen: SQLColumnExpression[str]
) -> ColumnElement[str]:
    """Return the language somebody reads: chosen, else that of the contact, else Japanese."""
    return func.coalesce(func.nullif(chosen, ""), func.nullif(seen, ""), MAIN_LANGUAGE)


def _between(
    municipality: Any, campaign_id: Any, first: Any, last: Any, number: Any
) -> ColumnElement[bool]:
    """Match the recipients of a dispatch, by values or by parameters for them.

    They are found by the bounds of their ids, so that no database can think of a plan that reads
    the whole campaign, whatever it knows of a table that is a minute old.
    """
    return and_(
        Recipient.municipality == municipality,
        Recipient.campaign_id == campaign_id,
        Recipient.resident_id.between(first, last),
        Recipient.batch == number,
    )


BOUNDS = ("municipality", "campaign_id", "first", "last", "number")

IN_IT = _between(*map(bindparam, BOUNDS))
"""Matches the recipients of a dispatch, given its `bounds`."""


def bounds(dispatch: Dispatch) -> dict[str, Any]:
    """Return what `IN_IT` asks of a dispatch."""
    return dict(zip(BOUNDS, _bounds(dispatch), strict=True))


def in_it(dispatch: Dispatch) -> ColumnElement[bool]:
    """Match the recipients of a dispatch."""
    return _between(*_bounds(dispatch))


def _bounds(dispatch: Dispatch) -> tuple[str, str, str, str, int]:
    return (
        dispatch.municipality,
        dispatch.campaign_id,
        dispatch.first_resident_id,
        dispatch.last_resident_id,
        dispatch.batch,
    )


def make_missing(session: Session, campaign: Campaign, draft: Draft, now: datetime) -> int:
    """Make a dispatch for each batch that has none; return how many had none."""
    missing = _missing(session, campaign)
    way = way_of(draft)
    session.add_all(a_dispatch(campaign, batch, way, now) for batch in missing)
    return len(missing)


def _missing(session: Session, campaign: Campaign) -> list[Batch]:
    """Return the batches of recipients that have no dispatch."""
    has_one = exists().where(
        Dispatch.municipality == campaign.municipality,
        Dispatch.campaign_id == campaign.id,
        Dispatch.batch == Recipient.batch,
    )
    language = language_of(Resident.language, Contact.language)
    query = (
        select(
            Recipient.batch,
            # All of a batch are on one channel and read one language.
            func.min(Contact.channel),
            func.min(language),
            func.min(Recipient.resident_id),
            func.max(Recipient.resident_id),
            func.count(),
        )
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
            Recipient.municipality == campaign.municipality,
            Recipient.campaign_id == campaign.id,
            Recipient.batch.is_not(None),
            Recipient.state.is_(None),
            ~has_one,
        )
        .group_by(Recipient.batch)
        .order_by(Recipient.batch)
    )
    rows: Any = session.execute(query).all()
    return [Batch(*row) for row in rows]


def way_of(draft: Draft) -> Way:
    """Return how a campaign goes out: in each person's own words, or in the same for all."""
    return Way.EACH if draft.is_personal else Way.TOGETHER


def a_dispatch(campaign: Campaign, batch: Batch, way: Way, now: datetime) -> Dispatch:
    """Return a dispatch that waits its turn, or for its campaign to be resumed.

    Whom it goes to and what it says are put in when it is first leased.
    """
    is_held = campaign.state is CampaignState.PAUSED
    return Dispatch(
        municipality=campaign.municipality,
        id=new_id(),
        channel=batch.channel,
        lane=campaign.lane,
        state=State.HELD if is_held else State.QUEUED,
        retry_key=str(uuid.uuid4()),
        recipients="[]",
        recipient_count=batch.count,
        content="{}",
        create_time=now,
        free_time=None if is_held else now,
        campaign_id=campaign.id,
        batch=batch.number,
        first_resident_id=batch.first,
        last_resident_id=batch.last,
        turn=campaign.turn + batch.number,
        language=batch.language,
        way=way,
    )


def put_into_one(
    campaign: Campaign, dispatch: Dispatch, resident_ids: list[str], now: datetime
) -> Dispatch:
    """Return a dispatch of the next number for some recipients of another, in order of their ids.

    That they are in it now is for the caller to write down.
    """
    batch = Batch(
        campaign.batches, dispatch.channel, dispatch.language,
        resident_ids[0], resident_ids[-1], len(resident_ids),
    )  # fmt: skip
    campaign.batches += 1
    return a_dispatch(campaign, batch, dispatch.way, now)
