"""How many a draft finds now, and whether that many need a second person."""

import json
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.campaigns.rows import Campaign
from core.dispatches.rules import Lane
from core.messaging import drafts, rows
from core.messaging.drafts import Draft
from core.residents.rows import Resident
from core.segments import using
from core.segments.compiling import Compiler
from core.segments.previewing import told_of
from core.segments.rules import SegmentUnknown

GROWTH = 1.1
"""How much larger a campaign may be when it starts than when it was approved."""


def needs_approval(session: Session, campaign: Campaign, found: int) -> bool:
    """Whether a second person must approve a campaign that finds so many, and none has.

    It is not approved any more where it grew, or a segment that it names was changed since.
    """
    if found < rows.sending_rules(session, campaign.municipality).approval_from:
        return False
    return not campaign.approver_id or has_grown(campaign, found) or finds_others(session, campaign)


def has_grown(campaign: Campaign, found: int) -> bool:
    return found > campaign.recipient_count * GROWTH


def finds_others(session: Session, campaign: Campaign) -> bool:
    """Whether its conditions are not those that were approved, or what they name is gone."""
    try:
        return campaign.approved_for != whom(session, campaign)
    except SegmentUnknown:
        return True


def whom(session: Session, campaign: Campaign) -> str:
    """Return a digest of whom a campaign's conditions find; raise SegmentUnknown."""
    condition = json.loads(campaign.draft_json)["recipients"]
    return using.digest_of(session, campaign.municipality, condition)


def count(session: Session, municipality: str, draft: Draft, lane: Lane, now: datetime) -> int:
    """Return how many a draft finds now who may be told.

    Raises SegmentInvalid, SegmentUnknown, TopicUnknown.
    """
    compiler = Compiler(session, municipality, now)
    told = told_of(compiler, draft.topic, is_emergency=lane is Lane.EMERGENCY)
    fits = compiler.holds(draft.condition) & told
    query = select(func.count()).select_from(Resident)
    return session.scalars(query.where(Resident.municipality == municipality, fits)).one()


def count_campaign(session: Session, campaign: Campaign, now: datetime) -> int:
    """Return how many a campaign that staff lay out finds now, as `count` does."""
    draft, lane = drafts.of(campaign), Lane(campaign.lane)
    return count(session, campaign.municipality, draft, lane, now)
