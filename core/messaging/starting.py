"""Campaigns start, and lay down when they come again."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.access.rules import ALPHABET
from core.callers import the_core
from core.campaigns.rows import Campaign
from core.campaigns.rules import State
from core.errors import Refusal
from core.ids import new_id
from core.messaging import drafts, running, sizing

CODE_LENGTH = 8
GREW = "grew"
"""The remark of a campaign that finds too many more than were approved."""

OTHERS = "others"
"""The remark of one whose conditions are not those that were approved."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many a scheduled campaign was found to find, as it was then."""

    campaign_id: str
    revision: int
    found: int


def count(session: Session, campaign: Campaign, now: datetime) -> Counted | None:
    """Count before it starts; None where what its conditions name is gone."""
    try:
        found = sizing.count_campaign(session, campaign, now)
    except Refusal:
        return None
    return Counted(campaign.id, campaign.revision, found)


def start_due(session: Session, campaign: Campaign, counted: Counted | None, now: datetime) -> None:
    """Start a scheduled campaign whose time has come; or make it a draft again, with a remark.

    It finds more than a tenth more than were approved, or others, since a segment that it names was
    changed, or what its conditions name is gone: staff look at it, and schedule it anew. What was
    counted is of some campaign, a moment ago: where it is not of this one, it is counted now.
    """
    if counted and (counted.campaign_id, counted.revision) != (campaign.id, campaign.revision):
        counted = None
    try:
        found = counted.found if counted else sizing.count_campaign(session, campaign, now)
    except Refusal as refusal:
        return _take_back(session, campaign, refusal.reason, campaign.recipient_count, now)
    if sizing.needs_approval(session, campaign, found):
        remark = GREW if sizing.has_grown(campaign, found) else OTHERS
        return _take_back(session, campaign, remark, found, now)
    return start(session, campaign, now)


def start(session: Session, campaign: Campaign, now: datetime) -> None:
    """Let a campaign run, and schedule when it comes again, where it does."""
    _repeat(session, campaign, now)
    running.start(session, campaign, now)


def _repeat(session: Session, campaign: Campaign, now: datetime) -> None:
    """Schedule the next of a repeated campaign, with what was approved of this one.

    It is the next from now on: those that were slept through are told once, by this one.
    """
    repeats = drafts.of(campaign).repeats
    if repeats is None or campaign.repeat_begin is None:
        return
    next_time = repeats.next_time(campaign.repeat_begin, now)
    if next_time is None:
        return
    again = Campaign(
        municipality=campaign.municipality,
        id=new_id(),
        title=campaign.title,
        kind=campaign.kind,
        program_id="",
        state=State.SCHEDULED,
        create_time=now,
        lane=campaign.lane,
        topic=campaign.topic,
        draft_json=campaign.draft_json,
        procedure_key=campaign.procedure_key,
        official_code=a_code(),
        author_id=campaign.author_id,
        author_name=campaign.author_name,
        approver_id=campaign.approver_id,
        approver_name=campaign.approver_name,
        approved_for=campaign.approved_for,
        start_time=next_time,
        repeat_of=campaign.repeat_of or campaign.id,
        repeat_begin=campaign.repeat_begin,
        recipient_count=campaign.recipient_count,
    )
    session.add(again)
    events.record(
        session, the_core(campaign.municipality), "campaign.repeated", again.id, now,
        details={"of": again.repeat_of, "at": next_time.isoformat()},
    )  # fmt: skip


def _take_back(
    session: Session, campaign: Campaign, remark: str, found: int, now: datetime
) -> None:
    campaign.state, campaign.start_time = State.DRAFT, None
    campaign.approver_id = campaign.approver_name = ""
    campaign.recipient_count, campaign.remark = found, remark
    campaign.revision += 1
    events.record(
        session, the_core(campaign.municipality), "campaign.taken_back", campaign.id, now,
        details={"recipients": str(found), "remark": remark},
    )  # fmt: skip


def a_code() -> str:
    """Return a code for the official-message check, of characters that nobody mistakes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
