"""The part of CampaignService that lays campaigns out and lets them go."""

import json
from collections.abc import Mapping

from google.protobuf.json_format import MessageToDict, ParseDict
from sqlalchemy.orm import Session

from core.campaigns import rows as campaigns
from core.campaigns.rows import Campaign
from core.campaigns.rpc import to_pb
from core.campaigns.rules import State
from core.db import Database
from core.dispatches.rules import Lane
from core.etags import etag_of
from core.messaging import drafting, drafts, sizing
from core.messaging.drafting import Drafted
from core.procedures.catalogue import Catalogue
from core.wire.convert import from_timestamp, to_timestamp
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import mutation, mutation_knowing
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import dispatches_pb2

FROM_LANE: Mapping[int, Lane] = {
    dispatches_pb2.Lane.Value(f"LANE_{lane.name}"): lane for lane in Lane
}


def _count_drafted(
    session: Session,
    request: pb.CreateCampaignRequest | pb.ReviseCampaignRequest,
    call: Call,
) -> int:
    """Count whom a draft finds as it comes: seconds, of a million residents."""
    drafted = drafted_of(request.draft)
    draft = drafts.read(drafted.json)
    return sizing.count(session, call.caller.municipality, draft, drafted.lane, call.now)


def _count_kept(
    session: Session,
    request: pb.ApproveCampaignRequest | pb.ScheduleCampaignRequest,
    call: Call,
) -> int:
    """Count whom a kept draft finds: the one of the request's etag, or the change is refused."""
    campaign = drafting.a_draft(session, call.caller, request.campaign_id, request.etag)
    return sizing.count_campaign(session, campaign, call.now)


class Drafting:
    """Answers what staff do with a campaign until it runs."""

    db: Database
    procedures: Catalogue

    @mutation_knowing(_count_drafted)
    def CreateCampaign(
        self, session: Session, request: pb.CreateCampaignRequest, call: Call, found: int
    ) -> pb.CreateCampaignResponse:
        drafted = drafted_of(request.draft)
        campaign = drafting.create(
            session, call.caller, self.procedures, drafted, found=found, now=call.now
        )
        return pb.CreateCampaignResponse(plan=plan_to_pb(session, campaign))

    @mutation_knowing(_count_drafted)
    def ReviseCampaign(
        self, session: Session, request: pb.ReviseCampaignRequest, call: Call, found: int
    ) -> pb.ReviseCampaignResponse:
        campaign = drafting.revise(
            session,
            call.caller,
            self.procedures,
            drafted_of(request.draft),
            campaign_id=request.campaign_id,
            etag=request.etag,
            found=found,
            now=call.now,
        )
        return pb.ReviseCampaignResponse(plan=plan_to_pb(session, campaign))

    @mutation
    def DeleteCampaign(
        self, session: Session, request: pb.DeleteCampaignRequest, call: Call
    ) -> pb.DeleteCampaignResponse:
        drafting.delete(
            session,
            call.caller,
            campaign_id=request.campaign_id,
            etag=request.etag,
            now=call.now,
        )
        return pb.DeleteCampaignResponse()

    async def GetCampaignPlan(
        self, request: pb.GetCampaignPlanRequest, call: Call
    ) -> pb.GetCampaignPlanResponse:
        def read(session: Session) -> pb.GetCampaignPlanResponse:
            campaign = campaigns.get(session, call.caller.municipality, request.campaign_id)
            return pb.GetCampaignPlanResponse(plan=plan_to_pb(session, campaign))

        return await self.db.read(read)

    @mutation_knowing(_count_kept)
    def ApproveCampaign(
        self, session: Session, request: pb.ApproveCampaignRequest, call: Call, found: int
    ) -> pb.ApproveCampaignResponse:
        campaign = drafting.approve(
            session,
            call.caller,
            campaign_id=request.campaign_id,
            etag=request.etag,
            found=found,
            now=call.now,
        )
        return pb.ApproveCampaignResponse(plan=plan_to_pb(session, campaign))

    @mutation
    def ReturnCampaign(
        self, session: Session, request: pb.ReturnCampaignRequest, call: Call
    ) -> pb.ReturnCampaignResponse:
        campaign = drafting.give_back(
            session,
            call.caller,
            campaign_id=request.campaign_id,
            reason=request.reason,
            etag=request.etag,
            now=call.now,
        )
        return pb.ReturnCampaignResponse(plan=plan_to_pb(session, campaign))

    @mutation_knowing(_count_kept)
    def ScheduleCampaign(
        self, session: Session, request: pb.ScheduleCampaignRequest, call: Call, found: int
    ) -> pb.ScheduleCampaignResponse:
        at = from_timestamp(request.start_time) if request.HasField("start_time") else None
        campaign = drafting.schedule(
            session,
            call.caller,
            campaign_id=request.campaign_id,
            start=at,
            etag=request.etag,
            found=found,
            now=call.now,
        )
        return pb.ScheduleCampaignResponse(plan=plan_to_pb(session, campaign))


def drafted_of(draft: pb.CampaignDraft) -> Drafted:
    """Return a draft as it is kept: JSON with the contract's names.

    Raises FieldInvalid for days of a repeat that are none, or where its last day is not said.
    """
    json = MessageToDict(draft, preserving_proto_field_name=True)
    try:
        drafts.repeats_of(json)
    except ValueError:
        raise FieldInvalid(
            "a repeat needs a last day, and all its days to be in the calendar",
            field="draft.repeat_until",
        ) from None
    return Drafted(draft.title, FROM_LANE[draft.lane], json)


def plan_to_pb(session: Session, row: Campaign) -> pb.CampaignPlan:
    plan = pb.CampaignPlan(
        campaign=to_pb(session, row),
        author=row.author_name,
        approver=row.approver_name,
        start_time=to_timestamp(row.start_time),
        official_code=row.official_code or "",
        etag=etag_of(row.revision),
        recipients=row.recipient_count,
        needs_approval=row.state is State.DRAFT
        and sizing.needs_approval(session, row, row.recipient_count),
        repeat_of=row.repeat_of,
        remark=row.remark,
    )
    if row.draft_json:
        ParseDict(json.loads(row.draft_json), plan.draft)
    return plan
