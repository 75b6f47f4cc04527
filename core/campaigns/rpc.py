"""The part of CampaignService that shows campaigns."""

from sqlalchemy.orm import Session

from core.campaigns import rows, rules
from core.campaigns.counting import count_by_state
from core.db import Database
from core.dispatches.rules import Lane
from core.wire import paging
from core.wire.convert import to_timestamp
from core.wire.door import Call
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import dispatches_pb2

LANES = {lane: dispatches_pb2.Lane.Value(f"LANE_{lane.name}") for lane in Lane}


class Campaigns:
    """Answers what campaigns there are."""

    db: Database

    async def GetCampaign(
        self, request: pb.GetCampaignRequest, call: Call
    ) -> pb.GetCampaignResponse:
        municipality = call.caller.municipality
        campaign = await self.db.read(
            lambda s: to_pb(s, rows.get(s, municipality, request.campaign_id))
        )
        return pb.GetCampaignResponse(campaign=campaign)

    async def ListCampaigns(
        self, request: pb.ListCampaignsRequest, call: Call
    ) -> pb.ListCampaignsResponse:
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))

        def found(session: Session) -> pb.ListCampaignsResponse:
            municipality = call.caller.municipality
            if request.under_way:
                now = self.db.now(session)
                page = rows.page_under_way(
                    session, municipality, now=now, before=before, limit=limit + 1
                )
            else:
                page = rows.page(session, municipality, before=before, limit=limit + 1)
            shown, token = paging.split(page, limit, lambda row: (row.id,))
            campaigns = [to_pb(session, row) for row in shown]
            return pb.ListCampaignsResponse(campaigns=campaigns, next_page_token=token)

        return await self.db.read(found)


def to_pb(session: Session, row: rows.Campaign) -> pb.Campaign:
    counts = count_by_state(session, row)
    is_invitation = row.kind is rules.Kind.INVITATION
    state = rules.state_now(row.state, counts) if is_invitation else row.state
    return pb.Campaign(
        campaign_id=row.id,
        title=row.title,
        kind=row.kind,
        program_id=row.program_id,
        state=pb.CampaignState.Value(f"CAMPAIGN_STATE_{state.name}"),
        deliveries=counts,
        create_time=to_timestamp(row.create_time),
        start_time=to_timestamp(row.start_time),
        lane=LANES[row.lane],
        recipients=row.recipient_count,
        remark=row.remark,
        repeat_of=row.repeat_of,
        author=row.author_name,
        laying_out=row.expanding,
        approver=row.approver_name,
    )
