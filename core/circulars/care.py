"""Which households stopped reading, of those that consented to be looked after; of no other."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.associations.rows import Household
from core.circulars import queries
from core.circulars.rows import Receipt
from core.circulars.rules import State

UNREAD = 3
"""Circulars in a row that are not read."""

OLDEST = timedelta(days=14)
"""How long ago the first of them came, at the least."""


def stopped_reading(
    session: Session, municipality: str, household_ids: Collection[str], now: datetime
) -> set[str]:
    """Return the households that consented and have not read the last three circulars they got.

    Of the three the oldest came two weeks ago or before. What was taken back counts for nothing.
    """
    consented = select(Household.id).where(
        Household.municipality == municipality,
        Household.id.in_(household_ids),
        Household.care_time.is_not(None),
        Household.end_time.is_(None),
    )
    got: dict[str, list[tuple[datetime, Receipt]]] = {}
    for circular, receipt in queries.got_by(
        session, municipality, session.scalars(consented).all()
    ):
        if circular.state is State.PUBLISHED and circular.publish_time is not None:
            got.setdefault(receipt.household_id, []).append((circular.publish_time, receipt))
    return {id for id, newest_first in got.items() if _stopped(newest_first[:UNREAD], now)}


def _stopped(last: list[tuple[datetime, Receipt]], now: datetime) -> bool:
    unread = len(last) == UNREAD and all(receipt.way is None for _, receipt in last)
    return unread and last[-1][0] <= now - OLDEST
