"""A campaign's recipients and dispatches, laid out part by part while others are told already.

Each part is one short transaction: a query for who fits and where they are told, and the rows of
recipients and batches, numbered here.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from core import bulk
from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, Reason, State, Told
from core.dispatches.rows import Dispatch
from core.dispatches.rules import Lane
from core.messaging import batching, drafts
from core.messaging.batching import Seating
from core.messaging.drafts import Draft
from core.messaging.rows import sending_rules
from core.residents.rows import Resident
from core.segments.compiling import Compiler
from core.segments.engaging import UNREACHED
from core.segments.previewing import allowed, told_of
from core.segments.reaching import with_best_contact

PART = 20_000
"""Residents in one transaction: other writers wait for a tenth of a second."""

COLUMNS = (
    Recipient.municipality,
    Recipient.campaign_id,
    Recipient.resident_id,
    Recipient.contact_id,
    Recipient.batch,
    Recipient.state,
    Recipient.reason,
)

WEEK = timedelta(days=7)


def lay_out(
    session: Session, campaign: Campaign, *, pushing: Collection[str], now: datetime
) -> int:
    """Lay out the next part of a campaign; return how many it holds. None are left once it is 0."""
    draft = drafts.of(campaign)
    query = _part(session, campaign, draft, pushing=pushing, now=now)
    # By the connection: values are wanted, which the session would take for parts of objects first.
    # Sorted here: SQLite would go through a tree of all that is found for an order that it found
    # them in.
    part = sorted(session.connection().execute(query), key=itemgetter(0))
    if not part:
        campaign.expanding = False
        return 0
    seating = Seating(campaign, draft)
    bulk.insert(session, COLUMNS, _placed(campaign, seating, part))
    add_dispatches(session, campaign, draft, seating, now)
    campaign.cursor = part[-1][0]
    campaign.recipient_count += len(part)
    return len(part)


def _part(
    session: Session,
    campaign: Campaign,
    draft: Draft,
    *,
    pushing: Collection[str],
    now: datetime,
) -> Select[Any]:
    """Return the next residents who fit, in any order, with the contact each is told on."""
    # To SQLite, which finds everything of a resident by their id, it would name another way.
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    after = campaign.cursor if is_postgresql else ""
    compiler = Compiler(session, campaign.municipality, now, after=after)
    told = told_of(compiler, draft.topic, is_emergency=campaign.lane == Lane.EMERGENCY)
    fits = compiler.holds(draft.condition) & told
    wanted = allowed(pushing, draft.channels)
    # PostgreSQL is told these two with the statement: the way that it keeps for any would read the
    # whole city for each part.
    begin: BindParameter[str] = bindparam("begin", campaign.cursor, literal_execute=True)
    most: BindParameter[int] = bindparam("most", PART, literal_execute=True)
    # First who, then where: contacts are looked for only of those who fit.
    who = (
        select(Resident.id, Resident.language)
        .where(Resident.municipality == campaign.municipality, Resident.id > begin, fits)
        .order_by(Resident.id)
        .limit(most)
        .subquery("who")
    )
    best = with_best_contact(session, who, campaign.municipality, wanted)
    capped = _is_capped(session, campaign, best.c.id, now)
    return select(
        best.c.id,
        func.coalesce(best.c.contact_id, "").label("contact_id"),
        best.c.channel,
        batching.language_of(best.c.language, best.c.contact_language).label("language"),
        best.c.reads,
        best.c.was_lost,
        case((capped, 1), else_=0).label("capped"),
    )


_TOLD_NOBODY = exists().where(
    Dispatch.municipality == Recipient.municipality,
    Dispatch.campaign_id == Recipient.campaign_id,
    Dispatch.batch == Recipient.batch,
    Dispatch.state.in_(UNREACHED),
)
"""Whether the dispatch of a recipient was dropped or refused whole."""


def _is_capped(
    session: Session, campaign: Campaign, id: ColumnElement[str], now: datetime
) -> ColumnElement[bool]:
    """Whether somebody was told in bulk as often in seven days as the rules let."""
    cap = sending_rules(session, campaign.municipality).weekly_cap
    if campaign.lane != Lane.BULK or not cap:
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
            Recipient.municipality == campaign.municipality,
            Recipient.resident_id == id,
            Recipient.batch.is_not(None),
            Recipient.state.is_(None),  # One of their own says that they were not told.
            or_(Campaign.state != State.CANCELLED, ~_TOLD_NOBODY),
            Campaign.id != campaign.id,
            Campaign.kind == Kind.MESSAGE,
            Campaign.lane == Lane.BULK,
            Campaign.start_time > now - WEEK,
        )
    )
    return before.scalar_subquery() >= cap


def _placed(
    campaign: Campaign, seating: Seating, part: Sequence[Any]
) -> Iterator[tuple[str | int | None, ...]]:
    """Return the rows of recipients, from those of `_part`; who is told is seated in a batch."""
    key = (campaign.municipality, campaign.id)
    for id, contact_id, channel, language, reads, was_lost, capped in part:
        if not contact_id and reads:
            yield *key, id, "", None, Told.INBOX, ""
        elif not contact_id and was_lost:
            yield *key, id, "", None, Told.DROPPED, Reason.CONTACT_LOST
        elif not contact_id:
            yield *key, id, "", None, Told.LEFT_OUT, Reason.UNREACHABLE
        elif capped:
            yield *key, id, contact_id, None, Told.LEFT_OUT, Reason.WEEKLY_CAP
        else:
            yield *key, id, contact_id, seating.seat(id, channel, language), None, ""


def add_dispatches(
    session: Session, campaign: Campaign, draft: Draft, seating: Seating, now: datetime
) -> None:
    """Make a dispatch for each batch in which somebody was seated."""
    way = batching.way_of(draft)
    session.add_all(batching.a_dispatch(campaign, batch, way, now) for batch in seating.batches)
    campaign.batches += len(seating.batches)
