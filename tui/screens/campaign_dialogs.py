"""What is asked and shown of a campaign that is composed."""

from datetime import datetime

from todoke.v1 import campaigns_pb2 as pb
from tui import formats
from tui.dates import Mistyped, read_date
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.wording import Words

REASON = 500


def ask_approve(desk: Desk, plan: pb.CampaignPlan) -> Ask:
    core = desk.core

    async def approve(_: Answers, request_id: str) -> None:
        request = pb.ApproveCampaignRequest(
            campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=request_id
        )
        await core.ask(core.campaigns.ApproveCampaign, request)

    about = _about(desk.words, "approve_campaign", plan)
    return Ask(desk.words, "approve_campaign", approve, about=about, grave=True)


def ask_return(desk: Desk, plan: pb.CampaignPlan) -> Ask:
    """Give it back to who wrote it, with the reason."""
    core = desk.core

    async def give_back(answers: Answers, request_id: str) -> None:
        request = pb.ReturnCampaignRequest(
            campaign_id=plan.campaign.campaign_id,
            reason=str(answers["reason"]),
            etag=plan.etag,
            request_id=request_id,
        )
        await core.ask(core.campaigns.ReturnCampaign, request)

    about = _about(desk.words, "return_campaign", plan)
    fields = (Field("reason", limit=REASON),)
    return Ask(desk.words, "return_campaign", give_back, about=about, fields=fields)


def ask_send(desk: Desk, plan: pb.CampaignPlan) -> Ask:
    """Send it now, or at a time of a day."""
    words, core = desk.words, desk.core

    async def send(answers: Answers, request_id: str) -> None:
        request = pb.ScheduleCampaignRequest(
            campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=request_id
        )
        day = read_date(words, answers["start_day"], "start_day")
        if day:
            request.start_time.FromDatetime(moment_of(day, str(answers["start_clock"])))
        await core.ask(core.campaigns.ScheduleCampaign, request)

    fields = (
        Field("start_day", part="start_time"),
        Field("start_clock", value="09:00", limit=5, part="start_time"),
    )
    about = _about(words, "send_campaign", plan)
    return Ask(words, "send_campaign", send, about=about, fields=fields, grave=True)


def ask_cancel(desk: Desk, campaign: pb.Campaign) -> Ask:
    words, core = desk.words, desk.core

    async def cancel(answers: Answers, request_id: str) -> None:
        request = pb.CancelCampaignRequest(
            campaign_id=campaign.campaign_id,
            reason=str(answers["reason"]),
            request_id=request_id,
        )
        await core.ask(core.campaigns.CancelCampaign, request)

    about = words("ask.cancel_campaign.about", title=formats.plain(campaign.title))
    fields = (Field("reason", limit=REASON),)
    return Ask(words, "cancel_campaign", cancel, about=about, fields=fields, grave=True)


def _about(words: Words, name: str, plan: pb.CampaignPlan) -> str:
    said = plan.draft.message
    first = next(iter(said.body.by_language.values()), "")
    return words(
        f"ask.{name}.about",
        title=formats.plain(plan.draft.title),
        count=formats.count(plan.recipients),
        author=formats.plain(plan.author),
        body=formats.plain(said.body.by_language.get("ja", first)),
    )


def moment_of(day: str, clock: str) -> datetime:
    """Return the moment of a day in Japan; raise Mistyped where the clock is none."""
    try:
        return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=formats.TOKYO)
    except ValueError:
        raise Mistyped("start_clock") from None
