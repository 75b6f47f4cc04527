"""A campaign's recipients and dispatches, laid out part by part while others are told already.

Each part is one short transaction: a statement for the recipients, numbered into batches by channel
and language, and a row for each batch.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    case,
    cast,
    false,
    func,
    insert,
    literal,
    null,
    select,
)
from sqlalchemy.orm import Session

from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, Reason, Told
from core.dispatches.rules import MOST_TOGETHER, Lane
from core.messaging import batching, drafts, rules
from core.messaging.drafts import Draft
from core.messaging.rows import sending_rules
from core.residents.rows import Resident
from core.segments.compiling import MAY_BE_TOLD, Compiler
from core.segments.previewing import told_of
from core.segments.reaching import with_best_contact

PART = 20_000
"""Residents in one transaction: other writers wait for a tenth of a second."""

COLUMNS = [
    "municipality", "campaign_id", "resident_id", "contact_id", "batch", "state", "reason",
]  # fmt: skip

WEEK = timedelta(days=7)


def lay_out(
    session: Session, campaign: Campaign, *, pushing: Collection[str], now: datetime
) -> int:
    """Lay out the next part of a campaign; return how many it holds. None are left once it is 0."""
    draft = drafts.of(campaign)
    part = _part(session, campaign, draft, pushing=pushing, now=now)
    placed = _placed(campaign, draft, part)
    session.flush()
    session.execute(insert(Recipient).from_select(COLUMNS, placed))
    last, count = _laid_out(session, campaign)
    if count == 0:
        campaign.expanding = False
        return 0
    campaign.cursor = last
    campaign.recipient_count += count
    add_dispatches(session, campaign, draft, now)
    return count


def _part(
    session: Session,
    campaign: Campaign,
    draft: Draft,
    *,
    pushing: Collection[str],
    now: datetime,
) -> Subquery:
    """Return the next residents who fit, with the contact each is told on, by their ids."""
    compiler = Compiler(session, campaign.municipality, now)
    # Emergencies are told to who left the topic as well, and to no more.
    told = MAY_BE_TOLD if campaign.lane == Lane.EMERGENCY else told_of(compiler, draft.topic)
    fits = compiler.holds(draft.condition) & told
    wanted = [channel for channel in pushing if channel in draft.channels or not draft.channels]
    # First who, then where: contacts are looked for only of those who fit.
    who = (
        select(Resident.id, Resident.language)
        .where(Resident.municipality == campaign.municipality, Resident.id > campaign.cursor, fits)
        .order_by(Resident.id)
        .limit(PART)
        .subquery("who")
    )
    best = with_best_contact(session, who, campaign.municipality, wanted)
    return select(
        best.c.id,
        func.coalesce(best.c.contact_id, "").label("contact_id"),
        best.c.channel,
        batching.language_of(best.c.language, best.c.contact_language).label("language"),
        best.c.reads,
        _as_number(_is_capped(session, campaign, best.c.id, now)).label("capped"),
    ).subquery("part")


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
            Campaign.id != campaign.id,
            Campaign.kind == Kind.MESSAGE,
            Campaign.lane == Lane.BULK,
            Campaign.start_time > now - WEEK,
        )
    )
    return before.scalar_subquery() >= cap


def _as_number(holds: ColumnElement[bool]) -> ColumnElement[int]:
    return case((holds, 1), else_=0)


def _placed(campaign: Campaign, draft: Draft, part: Subquery) -> Select[Any]:
    """Return the rows of recipients: batches are numbered on from those that there are.

    Who is told comes first, by channel and language, so that batches have no gaps.
    """
    told = case((part.c.contact_id == "", 0), (part.c.capped == 1, 0), else_=1)
    seat = func.row_number().over(
        partition_by=(told, part.c.channel, part.c.language), order_by=part.c.id
    )
    seated = select(part, told.label("told"), seat.label("seat")).subquery("seated")
    size = rules.EACH if draft.is_personal else MOST_TOGETHER
    rank = func.dense_rank().over(
        order_by=(
            seated.c.told.desc(),
            seated.c.channel,
            seated.c.language,
            (seated.c.seat - 1) // size,
        )
    )
    ranked = select(seated, rank.label("rank")).subquery("ranked")
    is_told, is_capped = ranked.c.told == 1, ranked.c.capped == 1
    unpushed = case((ranked.c.reads == 1, Told.INBOX.value), else_=Told.LEFT_OUT.value)
    return select(
        literal(campaign.municipality),
        literal(campaign.id),
        ranked.c.id,
        ranked.c.contact_id,
        case((is_told, ranked.c.rank + campaign.batches - 1), else_=cast(null(), Integer)),
        case(
            (is_told, cast(null(), String)),
            (is_capped, Told.LEFT_OUT.value),
            else_=unpushed,
        ),
        case(
            (is_told, ""),
            (is_capped, Reason.WEEKLY_CAP.value),
            (ranked.c.reads == 1, ""),
            else_=Reason.UNREACHABLE.value,
        ),
    )


def _laid_out(session: Session, campaign: Campaign) -> tuple[str, int]:
    """Return the last of those laid out just now, and how many they are."""
    query = select(func.max(Recipient.resident_id), func.count()).where(
        Recipient.municipality == campaign.municipality,
        Recipient.campaign_id == campaign.id,
        Recipient.resident_id > campaign.cursor,
    )
    last, count = session.execute(query).one()
    return last or "", count


def add_dispatches(session: Session, campaign: Campaign, draft: Draft, now: datetime) -> None:
    """Make a dispatch for each batch of the part laid out just now."""
    batches = batching.make(session, campaign, draft, Recipient.batch >= campaign.batches, now=now)
    campaign.batches = max([campaign.batches, *(batch + 1 for batch in batches)])
