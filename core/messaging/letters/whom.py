"""Whom a campaign tells on paper, as SQL: whom nothing else reached, or who did not open it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, null, or_, select
from sqlalchemy.orm import Session

from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import LetterCause, Reason, Told
from core.dispatches.rules import State
from core.messaging import drafts
from core.messaging.outcomes import outcomes
from core.residents.rows import IN_FORCE, OWN_FACTS, SERVED, Facts, Resident

PAGE = 500
"""Residents of one statement."""


def waiting(campaign: Campaign, now: datetime, *, of: Collection[str] | None = None) -> Select[Any]:
    """Return a row for each recipient who waits for a letter, or would, were it allowed.

    Its columns are resident_id, cause, and may (be written to): not those under protection, nor who
    is not served any more, nor of whom no address is known. Whoever opened or answered is told.
    """
    records = outcomes(campaign)
    if of is not None:
        records = records.where(Recipient.resident_id.in_(of))
    record = records.subquery("record")
    cause = _cause(campaign, record.c, now)
    may = SERVED & Resident.suppressed.is_(False) & Facts.id.is_not(None)
    return (
        select(
            record.c.resident_id,
            cause.label("cause"),
            case((may, 1), else_=0).label("may"),
        )
        .select_from(record)
        .join(
            Resident,
            (Resident.municipality == campaign.municipality)
            & (Resident.id == record.c.resident_id),
        )
        .outerjoin(Facts, OWN_FACTS & IN_FORCE)
        .where(
            record.c.letter_time.is_(None),
            record.c.opened == 0,
            cause.is_not(None),
            record.c.answer_time.is_(None),
        )
    )


def _cause(campaign: Campaign, record: Any, now: datetime) -> ColumnElement[str | None]:
    """Return why somebody is told on paper; NULL where they are not."""
    causes = [
        (
            and_(record.state == Told.LEFT_OUT.value, record.reason == Reason.UNREACHABLE.value),
            LetterCause.UNREACHABLE.value,
        ),
        (record.state == State.FAILED.value, LetterCause.REFUSED.value),
        (
            and_(record.state == State.DROPPED.value, record.reason == Reason.CONTACT_LOST.value),
            LetterCause.CONTACT_LOST.value,
        ),
    ]
    days = drafts.of(campaign).letter_after_days
    if days:
        since = now - timedelta(days=days)
        came = record.send_time <= since
        if (campaign.start_time or now) <= since:  # Since then it is in the inbox.
            came = or_(came, record.state == Told.INBOX.value)
        causes.append((came, LetterCause.NOT_OPENED.value))
    return case(*causes, else_=null())


def count(session: Session, campaign: Campaign, now: datetime) -> tuple[dict[str, int], int]:
    """Return how many wait for a letter by cause, and how many are left out."""
    of = waiting(campaign, now).subquery("of")
    query = select(of.c.cause, of.c.may, func.count()).group_by(of.c.cause, of.c.may)
    found = session.execute(query).all()
    return (
        {cause: number for cause, may, number in found if may},
        sum(number for _, may, number in found if not may),
    )


def page(
    session: Session, campaign: Campaign, now: datetime, *, after: str, limit: int
) -> list[tuple[str, str]]:
    """Return residents who wait for a letter, and why, in the order of the recipients."""
    of = waiting(campaign, now).subquery("of")
    query = select(of.c.resident_id, of.c.cause).where(of.c.may == 1, of.c.resident_id > after)
    found = session.execute(query.order_by(of.c.resident_id).limit(limit))
    return [(row[0], row[1]) for row in found]
