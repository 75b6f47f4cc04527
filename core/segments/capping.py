"""Who was told in bulk as often in seven days as the rules of sending let, as SQL."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, false, func, or_, select

from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, State
from core.dispatches.rows import Dispatch
from core.dispatches.rules import Lane
from core.segments.engaging import UNREACHED

WEEK = timedelta(days=7)

_TOLD_NOBODY = exists().where(
    Dispatch.municipality == Recipient.municipality,
    Dispatch.campaign_id == Recipient.campaign_id,
    Dispatch.batch == Recipient.batch,
    Dispatch.state.in_(UNREACHED),
)
"""Whether the dispatch of a recipient was dropped or refused whole."""


def told_as_often(
    municipality: str, id: SQLColumnExpression[str], cap: int, now: datetime, *, besides: str = ""
) -> ColumnElement[bool]:
    """Whether the resident `id` was told so often, not counting one campaign; 0 is no bound."""
    if not cap:
        return false()
    before = (
        select(func.count())
        .select_from(Recipient)
        .join(
            Campaign,
            (Campaign.municipality == Recipient.municipality)
            & (Campaign.id == Recipient.campaign_id),
        )
        .where(
            Recipient.municipality == municipality,
            Recipient.resident_id == id,
            Recipient.batch.is_not(None),
            Recipient.state.is_(None),  # One of their own says that they were not told.
            or_(Campaign.state != State.CANCELLED, ~_TOLD_NOBODY),
            Campaign.id != besides,
            Campaign.kind == Kind.MESSAGE,
            Campaign.lane == Lane.BULK,
            Campaign.start_time > now - WEEK,
        )
    )
    return before.scalar_subquery() >= cap
