"""Campaigns, as staff lay them out in tests."""

from datetime import datetime

from tests.adapter import an_adapter
from tests.cards import Cards, a_holder
from tests.core.segments.test_segments import a_topic
from tests.makers import Registered, a_request_id, a_resident
from tests.town import Town
from todoke.client import Core
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import dispatches_pb2
from todoke.v1.dispatches_pb2 import OUTCOME_RESULT_ACCEPTED
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


async def schedule(
    staff: Core, plan: pb.CampaignPlan, start_time: datetime | None = None
) -> pb.CampaignPlan:
    request = pb.ScheduleCampaignRequest(
        campaign_id=plan.campaign.campaign_id,
        start_time=start_time,
        etag=plan.etag,
        request_id=a_request_id(),
    )
    return (await staff.ask(staff.campaigns.ScheduleCampaign, request)).plan


async def send(staff: Core, draft: pb.CampaignDraft | None = None) -> str:
    """Lay a campaign out and let it go; return its id."""
    plan = await schedule(staff, await create(staff, draft))
    return plan.campaign.campaign_id


async def get(staff: Core, campaign_id: str) -> pb.Campaign:
    request = pb.GetCampaignRequest(campaign_id=campaign_id)
    return (await staff.ask(staff.campaigns.GetCampaign, request)).campaign


async def plan_of(staff: Core, campaign_id: str) -> pb.CampaignPlan:
    request = pb.GetCampaignPlanRequest(campaign_id=campaign_id)
    return (await staff.ask(staff.campaigns.GetCampaignPlan, request)).plan


async def set_rules(staff: Core, **rules: object) -> pb.SendingRules:
    """Set some of the rules of sending; the others stay."""
    held = (await staff.ask(staff.campaigns.GetSendingRules, pb.GetSendingRulesRequest())).rules
    held.MergeFrom(pb.SendingRules(**rules))  # type: ignore[arg-type]  # Any field.
    request = pb.SetSendingRulesRequest(rules=held, reason="要綱改正", request_id=a_request_id())
    return (await staff.ask(staff.campaigns.SetSendingRules, request)).rules


async def people(
    town: Town, cards: Cards, number: int = 1, *, language: str = "ja", **holder
) -> list[Registered]:
    """Register people, whose notices of it are out of the way."""
    line = await town.channel()
    made = [
        await a_resident(town, line, cards.issue(a_holder(**holder)), language=language)
        for _ in range(number)
    ]
    async with an_adapter(line) as adapter:
        for _ in made:
            adapter.ready(1)
            adapter.report(await adapter.dispatch(), OUTCOME_RESULT_ACCEPTED)
            assert await adapter.taken()
    return made


__all__ = ["a_draft", "a_topic", "create", "get", "people", "schedule", "send"]
