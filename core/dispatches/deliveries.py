"""What was told to whom: the queries of deliveries."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.dispatches.rows import Delivery, Dispatch
from core.dispatches.rules import State

LOOKED_UP = 5_000
"""Deliveries asked for in one statement: no database takes any number of values."""

OPEN = Delivery.state.in_((State.QUEUED, State.UNKNOWN))
"""Whether a delivery's end is that of its dispatch: it has none of its own."""


def told(
    session: Session, municipality: str, what: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return those of the pairs of occasion and resident that were told already."""
    found: set[tuple[str, str]] = set()
    asked = list(what)
    for start in range(0, len(asked), LOOKED_UP):
        some = asked[start : start + LOOKED_UP]
        query = select(Delivery.occasion, Delivery.resident_id).where(
            Delivery.municipality == municipality,
            Delivery.resident_id.in_({resident_id for _, resident_id in some}),
            Delivery.occasion.in_({occasion for occasion, _ in some}),
        )
        found.update((occasion, resident_id) for occasion, resident_id in session.execute(query))
    return found


def heard(session: Session, municipality: str, what: Collection[tuple[str, str]]) -> set[str]:
    """Return the contacts on which one of the pairs of occasion and resident was told."""
    query = select(Delivery.contact_id).where(
        Delivery.municipality == municipality,
        Delivery.resident_id.in_({resident_id for _, resident_id in what}),
        Delivery.occasion.in_({occasion for occasion, _ in what}),
    )
    return set(session.scalars(query))


def dispatch_of(session: Session, municipality: str, occasion: str, resident_id: str) -> str:
    """Return the dispatch by which a resident was told on an occasion."""
    query = select(Delivery.dispatch_id).where(
        Delivery.municipality == municipality,
        Delivery.resident_id == resident_id,
        Delivery.occasion == occasion,
    )
    return session.scalars(query).one()


def settle(
    session: Session, municipality: str, dispatch_id: str, state: State, now: datetime
) -> None:
    """Give every delivery of a dispatch the dispatch's end, but those that had another."""
    session.execute(
        update(Delivery)
        .where(Delivery.municipality == municipality, Delivery.dispatch_id == dispatch_id, OPEN)
        .values(state=state, finish_time=now)
        .execution_options(synchronize_session=False)
    )


def count(session: Session, municipality: str, campaign_id: str) -> dict[State, int]:
    """Return how many deliveries of a campaign are in each state."""
    query = (
        select(Delivery.state, func.count())
        .where(Delivery.municipality == municipality, Delivery.campaign_id == campaign_id)
        .group_by(Delivery.state)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def told_to(
    session: Session, municipality: str, resident_id: str, limit: int
) -> list[tuple[Delivery, str]]:
    """Return what the resident was told, with the channel, newest first."""
    query = (
        select(Delivery, func.coalesce(Dispatch.channel, ""))
        .outerjoin(
            Dispatch,
            (Dispatch.municipality == Delivery.municipality)
            & (Dispatch.id == Delivery.dispatch_id),
        )
        .where(Delivery.municipality == municipality, Delivery.resident_id == resident_id)
    )
    newest_first = query.order_by(Delivery.create_time.desc(), Delivery.id.desc())
    return [(row[0], row[1]) for row in session.execute(newest_first.limit(limit))]
