"""What is put into the outbox, who takes it out, and what is dropped from it."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core import leases
from core.callers import Caller
from core.dispatches import deliveries, rows, seats
from core.dispatches.campaigns import Campaigns
from core.dispatches.hands import Room
from core.dispatches.outcomes import finish
from core.dispatches.rules import Lane, Recipient, State, may_try
from core.ids import new_id


def tell(
    session: Session,
    by: Caller,
    *,
    occasion: str,
    resident_id: str,
    contact: Recipient,
    content: dict[str, Any],
    now: datetime,
    campaign_id: str = "",
    lane: Lane = Lane.PERSONAL,
) -> bool:
    """Queue something for one resident; False where the occasion has been told to them already.

    `content` is one of {"prompt": …}, {"notice": …}, {"closing": …}, with the contract's names.
    """
    message = Message(occasion, resident_id, contact, content)
    return tell_all(session, by, [message], now=now, campaign_id=campaign_id, lane=lane) == 1


@dataclass(frozen=True, slots=True)
class Message:
    """What one resident is told on one occasion, as `tell` takes it; not before `free_time`."""

    occasion: str
    resident_id: str
    contact: Recipient
    content: dict[str, Any]
    free_time: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What it is told once by."""
        return self.occasion, self.resident_id


def tell_all(
    session: Session,
    by: Caller,
    messages: Sequence[Message],
    *,
    now: datetime,
    campaign_id: str = "",
    lane: Lane = Lane.PERSONAL,
) -> int:
    """Queue each for its resident, who has not been told it already; return how many were."""
    told = deliveries.told(session, by.municipality, [one.key for one in messages])
    fresh = [one for one in messages if one.key not in told]
    queued = [
        {
            "municipality": by.municipality,
            "id": new_id(),
            "channel": one.contact.channel,
            "lane": lane,
            "state": State.QUEUED,
            "retry_key": str(uuid.uuid4()),
            "recipients": json.dumps([one.contact.external_id]),
            "recipient_count": 1,
            "content": json.dumps(one.content, ensure_ascii=False),
            "create_time": now,
            "free_time": max(now, one.free_time or now),
        }
        for one in fresh
    ]
    each = [
        {
            "municipality": by.municipality,
            "id": new_id(),
            "occasion": one.occasion,
            "campaign_id": campaign_id,
            "resident_id": one.resident_id,
            "contact_id": one.contact.contact_id,
            "dispatch_id": dispatch["id"],
            "state": State.QUEUED,
            "create_time": now,
        }
        for one, dispatch in zip(fresh, queued, strict=True)
    ]
    rows.add(session, queued, each)
    return len(fresh)


def waits(session: Session, by: Caller, *, campaigns: Campaigns, lane: Lane, now: datetime) -> bool:
    """Whether there is something that the calling channel could lease, in lanes down to this."""
    if not rows.waits(session, by.municipality, by.name, lane, now):
        return False
    if campaigns.quiet_until(session, by.municipality, now) is None:
        return True
    return rows.waits(session, by.municipality, by.name, lane, now, rows.AT_ANY_HOUR)


def claim(
    session: Session,
    by: Caller,
    *,
    campaigns: Campaigns,
    room: Room,
    now: datetime,
    length: timedelta,
) -> list[rows.Dispatch]:
    """Lease dispatches of the calling channel: the urgent first, then whose turn it is.

    The first attempt's time is stored before anybody sends. What was tried so long ago that the
    provider has forgotten its key becomes unknown, as does what was called back while an adapter
    held it that never said more; neither is among what is returned, nor is what an adapter never
    said more of while its campaign was held or cancelled.
    """
    wanted = [rows.Dispatch.municipality == by.municipality, rows.Dispatch.channel == by.name]
    if room.lane is not Lane.BULK:
        wanted.append(rows.Dispatch.lane <= room.lane)
    if campaigns.quiet_until(session, by.municipality, now) is not None:
        wanted.append(rows.AT_ANY_HOUR)
    claimed = leases.claim(
        session,
        rows.Dispatch,
        *wanted,
        order_by=(rows.Dispatch.lane, rows.Dispatch.turn, rows.Dispatch.id),
        limit=room.most,
        now=now,
        length=length,
        by_order=True,
    )
    leased = []
    for row in claimed:
        if row.state is State.RECALLED or not may_try(row.first_attempt_time, now):
            finish(session, row, State.UNKNOWN, now)
        elif row.first_attempt_time is not None and _is_stopped(session, campaigns, row, now):
            continue
        else:
            leased.append(row)
    campaigns.form(session, [row for row in leased if row.is_unformed], now)
    for row in leased:
        if row.recipient_count:
            row.first_attempt_time = row.first_attempt_time or now
            row.state, row.awaits_allowance = State.LEASED, False
        else:
            finish(session, row, State.DROPPED, now)
    return [row for row in leased if row.recipient_count]


def _is_stopped(session: Session, campaigns: Campaigns, row: rows.Dispatch, now: datetime) -> bool:
    """Whether what was tried before is of a campaign that was stopped since; then it rests."""
    state = campaigns.after_trouble(session, row)
    if state is State.QUEUED:
        return False
    if state is State.HELD:
        row.state = state
        leases.finish(row)
    else:
        finish(session, row, state, now)
    return True


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many dispatches will not be sent; how many an adapter holds, which may send them yet."""

    dropped: int
    held: int


def drop(
    session: Session,
    municipality: str,
    resident_id: str,
    now: datetime,
    *more: ColumnElement[bool],
) -> Dropped:
    """Drop what is queued for a resident, and let nobody try again what is leased right now.

    Of what is told to several together, their part. With `more`, such as `rows.by_contacts`, only
    that of which it is true.
    """
    left = seats.leave(session, municipality, resident_id, now, *more)
    theirs = rows.only_to(municipality, resident_id, *more)
    # First, since what an adapter claims or gives back right now is in no state that can be named.
    unfinished = select(rows.Dispatch.id).where(theirs, rows.Dispatch.free_time.is_not(None))
    session.execute(unfinished.order_by(rows.Dispatch.id).with_for_update())
    dropped = session.scalars(
        update(rows.Dispatch)
        .where(theirs, rows.Dispatch.state == State.QUEUED)
        .values(state=State.DROPPED, free_time=None, finish_time=now)
        .returning(rows.Dispatch.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    held = session.scalars(
        update(rows.Dispatch)
        .where(theirs, rows.Dispatch.state == State.LEASED)
        .values(state=State.RECALLED)
        .returning(rows.Dispatch.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    for id in dropped:
        deliveries.settle(session, municipality, id, State.DROPPED, now)
    return Dropped(len(dropped) + left, len(held))


def forget(
    session: Session,
    municipality: str,
    resident_id: str,
    now: datetime,
    *more: ColumnElement[bool],
) -> Dropped:
    """Drop what is queued for a resident, and erase what was said and to which contact."""
    dropped = drop(session, municipality, resident_id, now, *more)
    session.execute(
        update(rows.Dispatch)
        .where(rows.only_to(municipality, resident_id, *more))
        .values(content="{}", recipients="[]", provider_message="", provider_request_ids=[])
        .execution_options(synchronize_session="fetch")
    )
    return dropped
