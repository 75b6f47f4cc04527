"""What a person decides of a dispatch of which nobody can know whether it was sent."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.dispatches import deliveries, rows
from core.dispatches.campaigns import Campaigns
from core.dispatches.rules import Resolution, State, WrongState
from core.ids import new_id


def whom(session: Session, dispatches: Collection[rows.Dispatch]) -> dict[str, str]:
    """Return the resident of each that is in doubt, went to one alone and is no campaign's."""
    doubtful = [
        one
        for one in dispatches
        if one.state is State.UNKNOWN and not one.campaign_id and one.recipient_count == 1
    ]
    if not doubtful:
        return {}
    query = select(rows.Delivery.dispatch_id, rows.Delivery.resident_id).where(
        rows.Delivery.municipality == doubtful[0].municipality,
        rows.Delivery.dispatch_id.in_([one.id for one in doubtful]),
    )
    return {row[0]: row[1] for row in session.execute(query)}


def resolve(
    session: Session,
    by: Caller,
    *,
    campaigns: Campaigns,
    dispatch_id: str,
    resolution: Resolution,
    reason: str,
    now: datetime,
) -> tuple[rows.Dispatch, str]:
    """Decide it; return the dispatch, and the id of the one that is sent instead, or empty.

    Raises DispatchUnknown, and WrongState where its outcome is known or nobody may be told again.
    """
    row = rows.get(session, by.municipality, dispatch_id)
    if row.state is not State.UNKNOWN:
        raise WrongState(f"the dispatch is {row.state}", state=row.state, problem="DECIDED")
    again = ""
    if resolution is not Resolution.SEND_AGAIN:
        is_sent = resolution is Resolution.SENT
        row.state = State.SENT if is_sent else campaigns.after_not_sent(session, row)
        row.finish_time = now
        deliveries.settle(session, row.municipality, row.id, row.state, now)
    else:
        again = _again(session, campaigns, row, now)
        row.state = State.SPLIT
    events.record(
        session, by, "dispatch.resolved", row.id, now,
        details={"channel": row.channel, "resolution": resolution, "again": again}, reason=reason,
    )  # fmt: skip
    return row, again


def _again(session: Session, campaigns: Campaigns, row: rows.Dispatch, now: datetime) -> str:
    """Queue it anew; tell a refusal so that whoever decides knows what is left to them."""
    try:
        if row.campaign_id:
            return campaigns.send_again(session, row, now)
        return _send_again(session, campaigns, row, now)
    except WrongState as refusal:
        raise WrongState(str(refusal), **refusal.metadata | {"problem": "NOBODY_LEFT"}) from None


def _send_again(session: Session, campaigns: Campaigns, row: rows.Dispatch, now: datetime) -> str:
    """Put the deliveries of a dispatch into one of their own, as it was, under a new key.

    Of what went to several, who may be told is looked at anew when it is leased.
    """
    theirs = (
        rows.Delivery.municipality == row.municipality,
        rows.Delivery.dispatch_id == row.id,
        deliveries.OPEN,
    )
    may_any = any(
        campaigns.may_tell(session, row.municipality, one.resident_id, one.contact_id)
        for one in session.scalars(select(rows.Delivery).where(*theirs))
    )
    if not may_any or row.content == "{}":
        raise WrongState("nobody may be told it any more", state=row.state)
    again = rows.Dispatch(
        municipality=row.municipality, id=new_id(), channel=row.channel, lane=row.lane,
        state=State.QUEUED, retry_key=str(uuid.uuid4()), recipients=row.recipients,
        recipient_count=row.recipient_count, content=row.content, create_time=now, free_time=now,
        language=row.language, way=row.way,
    )  # fmt: skip
    session.add(again)
    session.flush()
    session.execute(
        update(rows.Delivery)
        .where(*theirs)
        .values(dispatch_id=again.id, state=State.QUEUED, finish_time=None)
        .execution_options(synchronize_session="fetch")
    )
    return again.id
