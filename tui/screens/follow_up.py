"""A new draft to those of an earlier campaign whom it did not reach, or who did nothing with it."""

from todoke.v1 import campaigns_pb2 as pb
from tui import formats
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field

MESSAGE = "message"
"""The kind of campaign that has a draft to begin from."""

TITLE = 100
WITH_PROCEDURE = pb.ENGAGEMENT_NOT_ANSWERED
OFFERED = (pb.ENGAGEMENT_NOT_REACHED, pb.ENGAGEMENT_NOT_OPENED, WITH_PROCEDURE)


async def ask_follow_up(desk: Desk, campaign: pb.Campaign) -> Ask | None:
    """Return the dialog, or None where there is nobody to follow up.

    Raises CoreError where what the campaign says may not be read.
    """
    words, core = desk.words, desk.core
    request = pb.GetCampaignPlanRequest(campaign_id=campaign.campaign_id)
    draft = (await core.ask(core.campaigns.GetCampaignPlan, request)).plan.draft

    async def create(answers: Answers, request_id: str) -> None:
        engagement = pb.Engagement.Value(str(answers["follow"]))
        again = follow_up(draft, campaign.campaign_id, engagement, title=str(answers["title"]))
        asked = pb.CreateCampaignRequest(draft=again, request_id=request_id)
        await core.ask(core.campaigns.CreateCampaign, asked)

    # Only what begins a procedure can be answered.
    offered = [one for one in OFFERED if one != WITH_PROCEDURE or draft.message.procedure]
    choices = []
    for one in offered:
        found = await _found(desk, draft, campaign.campaign_id, one)
        if count := found.recipients + found.unreachable + found.capped:
            name = pb.Engagement.Name(one)
            said = words("follow.choice", who=words(f"follow.{name}"), count=formats.count(count))
            if found.capped:
                said += words("follow.capped", count=formats.count(found.capped))
            choices.append((said, name))
    if not choices:
        return None
    title = words("follow.title", title=formats.plain(draft.title))[:TITLE]
    fields = (
        Field("follow", choices=choices),
        Field(
            "title", title, label="field.campaign_title", hint="hint.campaign_title", limit=TITLE
        ),
    )
    about = words("ask.follow_up.about", title=formats.plain(draft.title))
    return Ask(words, "follow_up", create, about=about, fields=fields)


async def _found(
    desk: Desk, draft: pb.CampaignDraft, campaign_id: str, engagement: pb.Engagement.ValueType
) -> pb.SegmentPreview:
    """Count who may be told and stood so to the campaign, as it would be sent again today."""
    core, again = desk.core, follow_up(draft, campaign_id, engagement, title="")
    request = pb.PreviewSegmentRequest(
        condition=again.recipients,
        topic=draft.topic,
        lane=draft.lane,
        channels=draft.channels,
        count_only=True,
    )
    return (await core.ask(core.campaigns.PreviewSegment, request)).preview


def follow_up(
    before: pb.CampaignDraft,
    campaign_id: str,
    engagement: pb.Engagement.ValueType,
    *,
    title: str,
) -> pb.CampaignDraft:
    """Return a draft that says the same, once, to those of the campaign who stood so to it."""
    draft = pb.CampaignDraft()
    draft.CopyFrom(before)
    draft.title = title
    outcome = pb.CampaignOutcome(campaign_id=campaign_id, engagement=engagement)
    draft.recipients.CopyFrom(pb.Condition(campaign=outcome))
    for name in ("repeat", "repeat_except", "repeat_until"):
        draft.ClearField(name)
    return draft
