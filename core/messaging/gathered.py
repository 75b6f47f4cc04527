"""What is told to several in no campaign, such as a circular: formed, and what refusals do to it.

As with campaigns' dispatches, who may be told is looked at up to the moment before the first
attempt, a refusal halves it until who was refused stands alone, and they are told in another way.
"""

import json
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.circulars import acting, reaching
from core.dispatches import seats
from core.dispatches.rows import Delivery, Dispatch
from core.dispatches.rules import State
from core.ids import new_id
from core.languages import MAIN_LANGUAGE
from core.residents import rows as residents
from core.residents.contact_rows import Contact, external_index
from core.residents.rows import Resident
from core.residents.rules import ContactState

Row = tuple[Delivery, Contact | None, Resident | None]


def form(session: Session, dispatches: Sequence[Dispatch], now: datetime) -> None:
    """Put recipients into dispatches; one that nobody is left of has no recipients."""
    for dispatch in dispatches:
        told = json.loads(dispatch.content)["circular"]
        found = _deliveries(session, dispatch)
        concerned = reaching.still_concerned(
            session, dispatch.municipality, told, [one.contact_id for one, _, _ in found]
        )
        to: list[str] = []
        for delivery, contact, resident in found:
            if told.get("for_resident_id"):
                may = _may_be_told_for(session, told, contact, resident, now)
            else:
                may = delivery.contact_id in concerned and _may_be_told(delivery, contact, resident)
            if may:
                to.append(contact.external_id if contact else "")
            else:
                seats.empty(delivery, now)
        dispatch.recipients, dispatch.recipient_count = json.dumps(to), len(to)


def refused(session: Session, dispatch: Dispatch, *, by_content: bool, now: datetime) -> State:
    """Take in that a provider refused a dispatch for good; return what the dispatch is now."""
    to: list[str] = json.loads(dispatch.recipients)
    if by_content:
        return State.FAILED
    if len(to) == 1:
        refuse_some(session, dispatch, to, now)
        return State.FAILED
    half = len(to) // 2
    for some in (to[:half], to[half:]):
        theirs = [delivery for delivery, _ in _seats(session, dispatch, some)]
        _carry_on(session, dispatch, theirs, now)
    seats.erase(dispatch)  # Those that carry them hold them now.
    return State.SPLIT


def refuse_some(
    session: Session, dispatch: Dispatch, external_ids: Sequence[str], now: datetime
) -> None:
    """Take in that a provider does not know these recipients: their contacts are lost.

    A member is told on the next contact that can be reached; so is who acts for one.
    """
    is_for_another = bool(json.loads(dispatch.content)["circular"].get("for_resident_id"))
    elsewhere = acting.otherwise if is_for_another else reaching.otherwise
    for delivery, contact in _seats(session, dispatch, external_ids):
        contact.state = ContactState.LOST
        seats.take_out(dispatch, contact.external_id, leave_place=True)
        session.flush()
        dispatch.recipient_count -= 1
        other = elsewhere(session, dispatch.municipality, delivery.occasion)
        if other is None:
            delivery.state, delivery.finish_time = State.FAILED, now
        else:
            delivery.contact_id = other.id
            if not is_for_another:
                delivery.resident_id = other.resident_id or ""
            _carry_on(session, dispatch, [delivery], now, on=other)


def _carry_on(
    session: Session,
    dispatch: Dispatch,
    deliveries: Sequence[Delivery],
    now: datetime,
    *,
    on: Contact | None = None,
) -> None:
    """Put deliveries into a dispatch of their own, under a new key; with `on`, on that contact."""
    content: dict[str, Any] = json.loads(dispatch.content)
    language, channel = dispatch.language, dispatch.channel
    if on is not None:
        language, channel = on.language or MAIN_LANGUAGE, on.channel
        content = {kind: told | {"language": language} for kind, told in content.items()}
    other = Dispatch(
        municipality=dispatch.municipality, id=new_id(), channel=channel, lane=dispatch.lane,
        state=State.QUEUED, retry_key=str(uuid.uuid4()), recipients="[]",
        recipient_count=len(deliveries), content=json.dumps(content, ensure_ascii=False),
        create_time=now, free_time=now, language=language,
    )  # fmt: skip
    session.add(other)
    for delivery in deliveries:
        delivery.dispatch_id = other.id
    session.flush()


def _may_be_told(delivery: Delivery, contact: Contact | None, resident: Resident | None) -> bool:
    """Whether a contact may be told still; one that is nobody's, by its own state alone."""
    if contact is None:
        return False
    whose = delivery.resident_id or contact.resident_id
    if not whose:
        return contact.state is ContactState.REACHABLE
    return (
        resident is not None
        and not residents.is_silent(resident)
        and contact.resident_id == whose
        and contact.state is ContactState.REACHABLE
    )


def _may_be_told_for(
    session: Session,
    told: dict[str, Any],
    contact: Contact | None,
    resident: Resident | None,
    now: datetime,
) -> bool:
    """Whether a contact may be told still for somebody else, as their proxy."""
    return (
        contact is not None
        and resident is not None
        and not residents.is_silent(resident)
        and contact.state is ContactState.REACHABLE
        and acting.still_acts(session, contact.municipality, told, contact, now)
    )


def _deliveries(session: Session, dispatch: Dispatch) -> list[Row]:
    """Return what a dispatch carries, with whose the contact is now."""
    query = (
        select(Delivery, Contact, Resident)
        .outerjoin(
            Contact,
            (Contact.municipality == Delivery.municipality) & (Contact.id == Delivery.contact_id),
        )
        .outerjoin(
            Resident,
            (Resident.municipality == Contact.municipality) & (Resident.id == Contact.resident_id),
        )
        .where(
            Delivery.municipality == dispatch.municipality,
            Delivery.dispatch_id == dispatch.id,
            Delivery.state == State.QUEUED,
        )
        .order_by(Delivery.id)
        # What another transaction changed meanwhile counts.
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _seats(
    session: Session, dispatch: Dispatch, external_ids: Sequence[str]
) -> list[tuple[Delivery, Contact]]:
    """Return the deliveries and contacts behind a channel's own ids, in a dispatch."""
    indexes = [external_index(session, id) for id in external_ids]
    query = (
        select(Delivery, Contact)
        .join(
            Contact,
            (Contact.municipality == Delivery.municipality) & (Contact.id == Delivery.contact_id),
        )
        .where(
            Delivery.municipality == dispatch.municipality,
            Delivery.dispatch_id == dispatch.id,
            Contact.channel == dispatch.channel,
            Contact.external_index.in_(indexes),
        )
        .order_by(Delivery.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def forget(
    session: Session,
    municipality: str,
    resident_id: str,
    contact_ids: Collection[str],
    now: datetime,
) -> None:
    """Erase a resident's contacts, or some that are nobody's, from what went out to several.

    What it said is the circular's, and stays. From one that waits they are taken out; in any other
    their place is blank, since refusals are told by place.
    """
    query = (
        select(Dispatch, Delivery, Contact)
        .join(
            Delivery,
            (Delivery.municipality == Dispatch.municipality)
            & (Delivery.dispatch_id == Dispatch.id),
        )
        .join(
            Contact,
            (Contact.municipality == Delivery.municipality) & (Contact.id == Delivery.contact_id),
        )
        .where(
            Dispatch.municipality == municipality,
            Dispatch.campaign_id == "",
            Dispatch.language != "",
            Dispatch.first_attempt_time.is_not(None),
            Delivery.resident_id == resident_id,
            Delivery.contact_id.in_(contact_ids),
        )
        .order_by(Dispatch.id)
        .with_for_update(of=Dispatch)
        .execution_options(populate_existing=True)
    )
    for dispatch, delivery, contact in session.execute(query).all():
        waits = dispatch.state is State.QUEUED
        seats.take_out(dispatch, contact.external_id, leave_place=not waits)
        if waits:
            seats.empty(delivery, now)
            dispatch.recipient_count -= 1
    session.flush()
