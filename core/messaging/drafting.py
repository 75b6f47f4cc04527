"""Campaigns are drafted, looked over, approved and scheduled."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.campaigns import rows as campaigns
from core.campaigns.rows import Campaign
from core.campaigns.rules import CampaignInUse, Kind, State
from core.dispatches.rules import Lane, WrongState
from core.errors import NotAllowed
from core.etags import check_etag
from core.ids import new_id
from core.japan import is_past, today
from core.messaging import drafts, rows, rules, sizing, starting
from core.messaging.drafts import Draft
from core.messaging.starting import a_code
from core.messaging.templates import check_message
from core.my_number import refuse_my_number
from core.procedures.catalogue import Catalogue
from core.segments.compiling import Compiler
from core.segments.previewing import told_of
from core.segments.using import users_of
from core.staff.rows import shown_name
from core.wire.door import FieldInvalid


class SamePerson(NotAllowed):
    reason = "SAME_PERSON"


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it came, in JSON with the contract's names, and what lists show of it."""

    title: str
    lane: Lane
    json: dict[str, Any]


def create(
    session: Session,
    by: Caller,
    catalogue: Catalogue,
    drafted: Drafted,
    *,
    found: int,
    now: datetime,
) -> Campaign:
    """Draft a campaign that was counted to find so many.

    Raises SegmentInvalid, SegmentUnknown, TopicUnknown, TextPlaceUnknown, ProcedureUnknown,
    AttachmentUnknown, MyNumberRefused.
    """
    draft = _checked(session, by, catalogue, drafted, now)
    campaign = Campaign(
        municipality=by.municipality,
        id=new_id(),
        title=drafted.title,
        kind=Kind.MESSAGE,
        program_id="",
        state=State.DRAFT,
        create_time=now,
        lane=drafted.lane,
        topic=draft.topic,
        draft_json=_kept(drafted),
        procedure_key=draft.procedure,
        official_code=a_code(),
        author_id=by.id,
        author_name=shown_name(session, by),
        recipient_count=found,
    )
    session.add(campaign)
    events.record(session, by, "campaign.drafted", campaign.id, now)
    return campaign


def revise(
    session: Session,
    by: Caller,
    catalogue: Catalogue,
    drafted: Drafted,
    *,
    campaign_id: str,
    etag: str,
    found: int,
    now: datetime,
) -> Campaign:
    """Change a draft, which finds so many now; an approval that it had is gone.

    Raises CampaignUnknown, WrongState, ChangedMeanwhile and what `create` raises.
    """
    campaign = a_draft(session, by, campaign_id, etag, lock=True)
    draft = _checked(session, by, catalogue, drafted, now)
    campaign.title, campaign.lane, campaign.topic = drafted.title, drafted.lane, draft.topic
    campaign.draft_json, campaign.procedure_key = _kept(drafted), draft.procedure
    campaign.author_id, campaign.author_name = by.id, shown_name(session, by)
    campaign.approver_id = campaign.approver_name = campaign.remark = ""
    campaign.recipient_count = found
    campaign.revision += 1
    events.record(session, by, "campaign.revised", campaign.id, now)
    return campaign


def delete(session: Session, by: Caller, *, campaign_id: str, etag: str, now: datetime) -> None:
    """Delete a draft; tests of it stay. Raises CampaignUnknown, WrongState, ChangedMeanwhile.

    Raises CampaignInUse where conditions name it: nobody was told by it, so they find nobody.
    """
    campaign = a_draft(session, by, campaign_id, etag, lock=True)
    if users := users_of(session, by.municipality, campaign.id, but=campaign.id):
        raise CampaignInUse(f"{campaign.title} is named by {users}", users=users)
    session.delete(campaign)
    events.record(
        session, by, "campaign.deleted", campaign.id, now, details={"title": campaign.title}
    )


def approve(
    session: Session, by: Caller, *, campaign_id: str, etag: str, found: int, now: datetime
) -> Campaign:
    """Let a campaign go that finds so many, by somebody who did not write it.

    Raises CampaignUnknown, WrongState, SamePerson, ChangedMeanwhile.
    """
    campaign = a_draft(session, by, campaign_id, etag, lock=True)
    if campaign.author_id == by.id:
        raise SamePerson("who wrote a campaign does not approve it")
    campaign.approver_id, campaign.approver_name = by.id, shown_name(session, by)
    campaign.approved_for = sizing.whom(session, campaign)
    campaign.remark, campaign.recipient_count = "", found
    campaign.revision += 1
    events.record(
        session, by, "campaign.approved", campaign.id, now,
        details={"recipients": str(campaign.recipient_count)},
    )  # fmt: skip
    return campaign


def give_back(
    session: Session, by: Caller, *, campaign_id: str, reason: str, etag: str, now: datetime
) -> Campaign:
    """Return a draft to who wrote it; what is wrong stands with it until it is revised.

    Raises CampaignUnknown, WrongState, ChangedMeanwhile, MyNumberRefused.
    """
    campaign = a_draft(session, by, campaign_id, etag, lock=True)
    refuse_my_number(reason, field="reason")
    campaign.approver_id = campaign.approver_name = ""
    campaign.remark = f"{shown_name(session, by)}: {reason}"
    campaign.revision += 1
    events.record(session, by, "campaign.returned", campaign.id, now, reason=reason)
    return campaign


def schedule(
    session: Session,
    by: Caller,
    *,
    campaign_id: str,
    start: datetime | None,
    etag: str,
    found: int,
    now: datetime,
) -> Campaign:
    """Send a draft that finds so many, now or at a time.

    Raises CampaignUnknown, WrongState, CampaignNeedsApproval, NobodyToTell, ChangedMeanwhile, and
    FieldInvalid where that time is past, or it is repeated and that is no day of it.
    """
    campaign = a_draft(session, by, campaign_id, etag, lock=True)
    if is_past(start, now):
        raise FieldInvalid("that time is past", field="start_time")
    draft, begin = drafts.of(campaign), max(start or now, now)
    _check_first_day(draft, today(begin))
    if not found:
        raise rules.NobodyToTell("the conditions find nobody who may be told")
    if sizing.needs_approval(session, campaign, found):
        limit = rows.sending_rules(session, by.municipality).approval_from
        raise rules.CampaignNeedsApproval(
            f"it would reach {found}: a second person approves it first",
            recipients=str(found),
            approvalFrom=str(limit),
        )
    if not campaign.approver_id:
        campaign.recipient_count = found
    campaign.state, campaign.start_time, campaign.remark = State.SCHEDULED, begin, ""
    campaign.repeat_begin = begin if draft.repeats is not None else None
    campaign.revision += 1
    events.record(
        session, by, "campaign.scheduled", campaign.id, now,
        details={"recipients": str(found), "at": begin.isoformat()},
    )  # fmt: skip
    if begin <= now:
        starting.start(session, campaign, now)
    return campaign


def _check_first_day(draft: Draft, day: date) -> None:
    """Raise FieldInvalid where what is repeated would begin after its last day, or as it rests."""
    if draft.repeats is None:
        return
    if draft.repeats.until < day:
        raise FieldInvalid("its last day is before its first", field="start_time")
    if draft.repeats.rests_on(day):
        raise FieldInvalid("it rests on its first day", field="start_time")


def _checked(
    session: Session, by: Caller, catalogue: Catalogue, drafted: Drafted, now: datetime
) -> Draft:
    draft = drafts.read(drafted.json)
    refuse_my_number(drafted.title, field="title")
    check_message(session, by, catalogue, drafted.json["message"], now)
    compiler = Compiler(session, by.municipality, now)
    compiler.holds(draft.condition)
    told_of(compiler, draft.topic)
    return draft


def _kept(drafted: Drafted) -> str:
    return json.dumps(drafted.json, ensure_ascii=False)


def a_draft(
    session: Session, by: Caller, campaign_id: str, etag: str, *, lock: bool = False
) -> Campaign:
    """Return a draft as who asks has read it, locked where it will change.

    Raises CampaignUnknown, WrongState, ChangedMeanwhile.
    """
    campaign = campaigns.get(session, by.municipality, campaign_id, lock=lock)
    if campaign.kind is not Kind.MESSAGE or campaign.state is not State.DRAFT:
        raise WrongState(f"the campaign is {campaign.state}", state=campaign.state)
    check_etag(campaign.revision, etag)
    return campaign
