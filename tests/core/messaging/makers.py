"""Campaigns, as staff lay them out in tests."""

from tests.core.segments.test_segments import a_topic
from tests.makers import a_request_id
from todoke.client import Core
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import dispatches_pb2
from todoke.v1.procedures_pb2 import Text

EVERYBODY = pb.Condition(age=pb.AgeRange(from_age=0, to_age=150))


def a_draft(
    body: str = "日曜日は防災訓練です。",
    *,
    lane: dispatches_pb2.Lane.ValueType = dispatches_pb2.LANE_BULK,
    recipients: pb.Condition = EVERYBODY,
    **message: object,
) -> pb.CampaignDraft:
    said = pb.CampaignMessage(
        title=Text(by_language={"ja": "防災訓練", "en": "Drill"}),
        body=Text(by_language={"ja": body, "en": f"EN {body}"}),
    )
    said.MergeFrom(pb.CampaignMessage(**message))  # type: ignore[arg-type]  # Any field.
    return pb.CampaignDraft(
        title="防災訓練のお知らせ", lane=lane, topic="events", message=said, recipients=recipients
    )


async def create(staff: Core, draft: pb.CampaignDraft | None = None) -> pb.CampaignPlan:
    request = pb.CreateCampaignRequest(draft=draft or a_draft(), request_id=a_request_id())
    return (await staff.ask(staff.campaigns.CreateCampaign, request)).plan


async def schedule(staff: Core, plan: pb.CampaignPlan) -> pb.CampaignPlan:
    request = pb.ScheduleCampaignRequest(
        campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=a_request_id()
    )
    return (await staff.ask(staff.campaigns.ScheduleCampaign, request)).plan


async def send(staff: Core, draft: pb.CampaignDraft | None = None) -> str:
    """Lay a campaign out and let it go; return its id."""
    plan = await schedule(staff, await create(staff, draft))
    return plan.campaign.campaign_id


async def get(staff: Core, campaign_id: str) -> pb.Campaign:
    request = pb.GetCampaignRequest(campaign_id=campaign_id)
    return (await staff.ask(staff.campaigns.GetCampaign, request)).campaign


__all__ = ["a_draft", "a_topic", "create", "get", "schedule", "send"]
