"""The part of CampaignService that holds campaigns, lets them go on, and ends them."""

from sqlalchemy.orm import Session

from core.campaigns import rows as campaigns
from core.db import Database
from core.etags import check_etag
from core.messaging import running
from core.messaging.drafting_rpc import plan_to_pb
from core.wire.door import Call
from core.wire.mutation import mutation
from todoke.v1 import campaigns_pb2 as pb


class Running:
    """Answers what staff do with a campaign that runs."""

    db: Database

    @mutation
    def PauseCampaign(
        self, session: Session, request: pb.PauseCampaignRequest, call: Call
    ) -> pb.PauseCampaignResponse:
        campaign = running.pause(session, call.caller, request.campaign_id, call.now)
        return pb.PauseCampaignResponse(plan=plan_to_pb(session, campaign))

    @mutation
    def ResumeCampaign(
        self, session: Session, request: pb.ResumeCampaignRequest, call: Call
    ) -> pb.ResumeCampaignResponse:
        held = campaigns.get(session, call.caller.municipality, request.campaign_id, lock=True)
        check_etag(held.revision, request.etag)
        campaign = running.resume(session, call.caller, request.campaign_id, call.now)
        return pb.ResumeCampaignResponse(plan=plan_to_pb(session, campaign))

    @mutation
    def CancelCampaign(
        self, session: Session, request: pb.CancelCampaignRequest, call: Call
    ) -> pb.CancelCampaignResponse:
        campaign = running.cancel(
            session, call.caller, request.campaign_id, reason=request.reason, now=call.now
        )
        return pb.CancelCampaignResponse(plan=plan_to_pb(session, campaign))
