"""What a resident finds in the inbox, and every query of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, exists, func, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, Reason, State, Told
from core.dispatches.rows import Delivery, Dispatch
from core.dispatches.rules import State as Sent
from core.messaging.outcomes import shown_state
from core.messaging.running import LAID_OUT
from core.residents.contact_rows import Contact

Key = tuple[datetime, str]
"""When it was sent, and its id: newest first."""

BEGUN = (State.RUNNING, State.PAUSED, State.FINISHED)
WENT_OUT = (Sent.SENT, Sent.FAILED, Sent.UNKNOWN)


def _dispatched(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a dispatch of the campaign was handed to a provider, whatever came of it."""
    return exists().where(
        Dispatch.municipality == Campaign.municipality,
        Dispatch.campaign_id == Campaign.id,
        Dispatch.state.in_(WENT_OUT),
        *more,
    )


SAID = or_(Campaign.state.in_(BEGUN), (Campaign.state == State.CANCELLED) & _dispatched())
"""Whether a campaign said anything to anybody."""


def _got(*dispatched: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a recipient got it, or would have, had they been reached.

    Not what waits, what was cancelled before it went out, nor what the rules of sending kept from
    them.
    """
    return or_(
        Recipient.state.in_((Told.SENT, Told.FAILED)),
        Recipient.state.is_(None) & _dispatched(Dispatch.batch == Recipient.batch, *dispatched),
        SAID
        & or_(
            Recipient.state == Told.INBOX,
            (Recipient.state == Told.LEFT_OUT) & (Recipient.reason == Reason.UNREACHABLE),
            (Recipient.state == Told.DROPPED) & (Recipient.reason == Reason.CONTACT_LOST),
        ),
    )


LISTED = _got(
    or_(
        Dispatch.state != Sent.UNKNOWN,
        Campaign.state != State.CANCELLED,
        Recipient.open_time.is_not(None),
    )
)
"""Whether the inbox shows it.

What was cancelled while nobody knew whether it went out is not put there by that: it is shown once
a person found that it was sent, or the recipient opened it.
"""

GOT = _got()
"""Whether whoever names it may open it, such as by the button on it: who has that has got it."""


def messages(
    session: Session, municipality: str, resident_id: str, *, before: Key | None, limit: int
) -> Sequence[tuple[Campaign, Recipient]]:
    """Return what campaigns said to a resident, newest first."""
    query = _messages(municipality, resident_id).where(LISTED)
    if before is not None:
        query = query.where(_older(Campaign.start_time, Campaign.id, before))
    newest_first = query.order_by(Campaign.start_time.desc(), Campaign.id.desc()).limit(limit)
    return [(row[0], row[1]) for row in session.execute(newest_first)]


def message(
    session: Session, municipality: str, resident_id: str, id: str
) -> tuple[Campaign, Recipient] | None:
    """Return a campaign's message to the resident, the recipient locked."""
    query = _messages(municipality, resident_id).where(Campaign.id == id, GOT)
    row = session.execute(query.with_for_update(of=Recipient)).one_or_none()
    return (row[0], row[1]) if row else None


def singles(
    session: Session, municipality: str, resident_id: str, *, before: Key | None, limit: int
) -> Sequence[tuple[Delivery, str]]:
    """Return what was told to a resident alone, with the dispatch's content, newest first."""
    query = _singles(municipality, resident_id)
    if before is not None:
        query = query.where(_older(Delivery.create_time, Delivery.id, before))
    newest_first = query.order_by(Delivery.create_time.desc(), Delivery.id.desc()).limit(limit)
    return [(row[0], row[1]) for row in session.execute(newest_first)]


def single(
    session: Session, municipality: str, resident_id: str, id: str
) -> tuple[Delivery, str] | None:
    """Return what was told to the resident alone, the delivery locked."""
    query = _singles(municipality, resident_id).where(Delivery.id == id)
    row = session.execute(query.with_for_update(of=Delivery)).one_or_none()
    return (row[0], row[1]) if row else None


def recorded(
    session: Session, municipality: str, resident_id: str, *, limit: int
) -> list[tuple[datetime, str, str]]:
    """Return when campaigns had the resident among their recipients, on which channel, and so what.

    All of them, whatever is shown in the inbox; without a contact the channel is empty.
    """
    query = (
        select(
            Campaign.start_time,
            func.coalesce(func.min(Contact.channel), ""),
            func.coalesce(
                type_coerce(Recipient.state, String),
                func.min(shown_state(Dispatch.state)),
                Sent.QUEUED.value,
            ),
        )
        .join(
            Recipient,
            (Recipient.municipality == Campaign.municipality)
            & (Recipient.campaign_id == Campaign.id),
        )
        .outerjoin(
            Contact,
            (Contact.municipality == Recipient.municipality) & (Contact.id == Recipient.contact_id),
        )
        .outerjoin(
            Dispatch,
            (Dispatch.municipality == Recipient.municipality)
            & (Dispatch.campaign_id == Recipient.campaign_id)
            & (Dispatch.batch == Recipient.batch),
        )
        .where(
            Recipient.municipality == municipality,
            Recipient.resident_id == resident_id,
            Campaign.start_time.is_not(None),
        )
        .group_by(Campaign.id, Campaign.start_time, Recipient.state)
        .order_by(Campaign.start_time.desc(), Campaign.id.desc())
        .limit(limit)
    )
    found = session.execute(query)
    return [(time, channel, state) for time, channel, state in found if time is not None]


def by_code(session: Session, municipality: str, code: str) -> Campaign | None:
    """Return the campaign with this code, where it said anything to anybody."""
    query = select(Campaign).where(
        Campaign.municipality == municipality,
        Campaign.official_code == code,
        Campaign.kind == Kind.MESSAGE,
        Campaign.start_time.is_not(None),
        SAID,
    )
    return session.scalars(query).one_or_none()


def _messages(municipality: str, resident_id: str) -> Select[Campaign, Recipient]:
    return (
        select(Campaign, Recipient)
        .join(
            Recipient,
            (Recipient.municipality == Campaign.municipality)
            & (Recipient.campaign_id == Campaign.id),
        )
        .where(
            Recipient.municipality == municipality,
            Recipient.resident_id == resident_id,
            Campaign.kind.in_(LAID_OUT),
            Campaign.start_time.is_not(None),
        )
    )


def _singles(municipality: str, resident_id: str) -> Select[Delivery, str]:
    """Of what was told on several contacts at once, the first; nothing that was called back."""
    twin = aliased(Delivery)
    told_before = exists().where(
        twin.municipality == Delivery.municipality,
        twin.resident_id == Delivery.resident_id,
        twin.create_time == Delivery.create_time,
        twin.id < Delivery.id,
        twin.state != Sent.DROPPED,
        # The same occasion, but for the contact that it ends with.
        func.replace(twin.occasion, twin.contact_id, "")
        == func.replace(Delivery.occasion, Delivery.contact_id, ""),
    )
    return (
        select(Delivery, Dispatch.content)
        .join(
            Dispatch,
            (Dispatch.municipality == Delivery.municipality)
            & (Dispatch.id == Delivery.dispatch_id),
        )
        .where(
            Delivery.municipality == municipality,
            Delivery.resident_id == resident_id,
            Delivery.state != Sent.DROPPED,
            ~told_before,
        )
    )


def _older(
    time: InstrumentedAttribute[Any], id: InstrumentedAttribute[str], before: Key
) -> ColumnElement[bool]:
    return or_(time < before[0], (time == before[0]) & (id < before[1]))
