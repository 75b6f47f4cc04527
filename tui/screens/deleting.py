"""What is kept to write with (drafts, segments, texts) is deleted, after it is asked once."""

from collections.abc import Awaitable, Callable

from todoke.v1 import campaigns_pb2 as pb
from tui import formats
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask


def ask_delete_draft(desk: Desk, plan: pb.CampaignPlan) -> Ask:
    core = desk.core

    async def delete(request_id: str) -> None:
        request = pb.DeleteCampaignRequest(
            campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=request_id
        )
        await core.ask(core.campaigns.DeleteCampaign, request)

    return _ask(desk, "delete_draft", plan.draft.title, delete)


def ask_delete_segment(desk: Desk, segment: pb.Segment) -> Ask:
    core = desk.core

    async def delete(request_id: str) -> None:
        request = pb.DeleteSegmentRequest(
            segment_id=segment.segment_id, etag=segment.etag, request_id=request_id
        )
        await core.ask(core.campaigns.DeleteSegment, request)

    return _ask(desk, "delete_segment", segment.name, delete)


def ask_delete_template(desk: Desk, template: pb.MessageTemplate) -> Ask:
    core = desk.core

    async def delete(request_id: str) -> None:
        request = pb.DeleteTemplateRequest(
            template_id=template.template_id, etag=template.etag, request_id=request_id
        )
        await core.ask(core.campaigns.DeleteTemplate, request)

    return _ask(desk, "delete_template", template.name, delete)


def _ask(desk: Desk, what: str, name: str, delete: Callable[[str], Awaitable[None]]) -> Ask:
    async def act(_: Answers, request_id: str) -> None:
        await delete(request_id)

    about = desk.words(f"ask.{what}.about", name=formats.plain(name))
    return Ask(desk.words, what, act, about=about, grave=True)
