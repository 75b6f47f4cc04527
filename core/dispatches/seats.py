"""The places of several in one dispatch: who leaves it before it is formed, and after."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.dispatches.rows import Delivery, Dispatch
from core.dispatches.rules import State

BLANK = {"title": "", "body": ""}


def leave(
    session: Session,
    municipality: str,
    resident_id: str,
    now: datetime,
    *more: ColumnElement[bool],
) -> int:
    """Take a resident out of what waits to be told to several; return of how many.

    Only of what no attempt was made of: after the first, the retry key vouches for whom it goes to.
    With `more`, only where it is true of their delivery.
    """
    theirs = (
        Delivery.municipality == municipality,
        Delivery.resident_id == resident_id,
        Delivery.state == State.QUEUED,
        *more,
    )
    waits = (
        select(Dispatch)
        .where(
            Dispatch.municipality == municipality,
            Dispatch.id.in_(select(Delivery.dispatch_id).where(*theirs)),
            Dispatch.campaign_id == "",
            Dispatch.recipient_count > 1,
            Dispatch.free_time.is_not(None),
        )
        .order_by(Dispatch.id)
        .with_for_update()
        # What an adapter was handed meanwhile counts.
        .execution_options(populate_existing=True)
    )
    waiting = {one.id: one for one in session.scalars(waits) if one.is_unformed}
    query = select(Delivery).where(*theirs, Delivery.dispatch_id.in_(waiting))
    left = session.scalars(query).all()
    for delivery in left:
        dispatch = waiting[delivery.dispatch_id]
        empty(delivery, now)
        dispatch.recipient_count -= 1
        if not dispatch.recipient_count:
            dispatch.state, dispatch.free_time, dispatch.finish_time = State.DROPPED, None, now
    session.flush()
    return len(left)


def empty(delivery: Delivery, now: datetime) -> None:
    """Let a delivery be of no dispatch any more: its place in one is nobody's."""
    delivery.state, delivery.finish_time = State.DROPPED, now
    delivery.dispatch_id = ""


def erase(dispatch: Dispatch) -> None:
    """Erase to whom a dispatch went and what it said."""
    dispatch.recipients, dispatch.content = "[]", "{}"
    dispatch.provider_message, dispatch.provider_request_ids = "", []


def take_out(dispatch: Dispatch, external_id: str, *, leave_place: bool) -> None:
    """Take one recipient out of a dispatch, with the words that were theirs."""
    to: list[str] = json.loads(dispatch.recipients)
    if external_id not in to:
        return
    content: dict[str, Any] = json.loads(dispatch.content)
    parts: list[tuple[list[Any], Any]] = [(to, "")]
    if each := content.get("campaign", {}).get("each"):
        parts.append((each, BLANK))
    at = to.index(external_id)
    for held, blank in parts:
        held[at : at + 1] = [blank] if leave_place else []
    dispatch.recipients = json.dumps(to)
    dispatch.content = json.dumps(content, ensure_ascii=False)
