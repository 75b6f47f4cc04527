"""What became of each recipient of a campaign, as SQL: the record of who got what."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, exists, func, null, select, type_coerce

from core.applications.rows import Application
from core.applications.rules import State as Applied
from core.campaigns.counting import SHOWN
from core.campaigns.letter_rows import Letter
from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, Reason, Told
from core.campaigns.rules import State as CampaignState
from core.db import Instant
from core.dispatches.rows import Delivery, Dispatch
from core.dispatches.rules import State
from core.residents.contact_rows import Contact
from core.segments.engaging import answer_time

LETTER = "letter"
"""The channel of whom nothing but a letter went to."""


def outcomes(campaign: Campaign) -> Select[Any]:
    """Return a row for each recipient, whether staff laid the campaign out or a program invited.

    Its columns are id, resident_id, channel, state, reason, send_time, open_time, opened (0 or 1),
    answer_time and letter_time.
    """
    if campaign.kind is Kind.INVITATION:
        return _invited(campaign)
    return _laid_out(campaign)


def _laid_out(campaign: Campaign) -> Select[Any]:
    own, of_dispatch = type_coerce(Recipient.state, String), shown_state(Dispatch.state)
    state = func.coalesce(own, of_dispatch, State.QUEUED.value)
    query = select(
        Recipient.resident_id.label("id"),
        Recipient.resident_id,
        _channel(state).label("channel"),
        state.label("state"),
        _reason(campaign, state).label("reason"),
        _when_sent(state, Dispatch.finish_time).label("send_time"),
        Recipient.open_time,
        case((Recipient.open_time.is_not(None), 1), else_=0).label("opened"),
        answer_time(campaign, Recipient.resident_id).label("answer_time"),
        Letter.print_time.label("letter_time"),
    ).where(
        Recipient.municipality == campaign.municipality,
        Recipient.campaign_id == campaign.id,
    )
    return _with_ways(query)


def _with_ways(query: Select[Any]) -> Select[Any]:
    """Join the ways on which a recipient may be reached: letter, dispatch and contact."""
    return (
        query.outerjoin(
            Letter,
            (Letter.municipality == Recipient.municipality)
            & (Letter.campaign_id == Recipient.campaign_id)
            & (Letter.resident_id == Recipient.resident_id),
        )
        .outerjoin(
            Dispatch,
            (Dispatch.municipality == Recipient.municipality)
            & (Dispatch.campaign_id == Recipient.campaign_id)
            & (Dispatch.batch == Recipient.batch)
            & (Dispatch.state != State.SPLIT),
        )
        .outerjoin(
            Contact,
            (Contact.municipality == Recipient.municipality) & (Contact.id == Recipient.contact_id),
        )
    )


def _channel(state: ColumnElement[str]) -> ColumnElement[str]:
    by_letter = Letter.print_time.is_not(None) & state.not_in((State.SENT.value, Told.INBOX))
    return case((by_letter, LETTER), else_=func.coalesce(Dispatch.channel, Contact.channel, ""))


def _reason(campaign: Campaign, state: ColumnElement[str]) -> ColumnElement[str]:
    is_over = campaign.state is CampaignState.CANCELLED
    return case(
        (Recipient.reason != "", Recipient.reason),
        (state == State.FAILED.value, Reason.REFUSED.value),
        (state == State.DROPPED.value, Reason.CANCELLED.value if is_over else ""),
        else_="",
    )


def _invited(campaign: Campaign) -> Select[Any]:
    """Who was invited has opened it who has begun; when, nobody wrote down."""
    begun = exists().where(
        Application.municipality == Delivery.municipality,
        Application.resident_id == Delivery.resident_id,
        Application.program_id == campaign.program_id,
        Application.state.not_in((Applied.INVITED, Applied.EXPIRED)),
    )
    state = shown_state(Delivery.state)
    return (
        select(
            Delivery.id,
            Delivery.resident_id,
            func.coalesce(Dispatch.channel, "").label("channel"),
            state.label("state"),
            case((state == State.FAILED.value, Reason.REFUSED.value), else_="").label("reason"),
            _when_sent(state, Delivery.finish_time).label("send_time"),
            null().label("open_time"),
            case((begun, 1), else_=0).label("opened"),
            answer_time(campaign, Delivery.resident_id).label("answer_time"),
            type_coerce(null(), Instant).label("letter_time"),
        )
        .outerjoin(
            Dispatch,
            (Dispatch.municipality == Delivery.municipality)
            & (Dispatch.id == Delivery.dispatch_id),
        )
        .where(Delivery.municipality == campaign.municipality, Delivery.campaign_id == campaign.id)
    )


def _when_sent(state: ColumnElement[str], finished: Any) -> ColumnElement[Any]:
    return case((state == State.SENT.value, finished), else_=null())


def shown_state(state: Any) -> ColumnElement[str]:
    """Return a dispatch's state as whoever looks is shown it."""
    waits = [State(name).value for name in SHOWN]
    text = type_coerce(state, String)
    return case((text.in_(waits), State.QUEUED.value), else_=text)
