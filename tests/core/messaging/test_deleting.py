"""Drafts, segments and templates are deleted: by whoever keeps them, and not while in use."""

from collections.abc import Awaitable

import pytest

from core.callers import Role
from tests.cards import Cards
from tests.core.messaging.makers import EVERYBODY, a_draft, a_topic, create, people, plan_of, send
from tests.core.segments.test_segments import save as save_segment
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import activity_pb2
from todoke.v1 import campaigns_pb2 as pb


async def delete_segment(staff: Core, segment: pb.Segment) -> None:
    request = pb.DeleteSegmentRequest(
        segment_id=segment.segment_id, etag=segment.etag, request_id=a_request_id()
    )
    await staff.ask(staff.campaigns.DeleteSegment, request)


async def delete_draft(staff: Core, plan: pb.CampaignPlan) -> None:
    request = pb.DeleteCampaignRequest(
        campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=a_request_id()
    )
    await staff.ask(staff.campaigns.DeleteCampaign, request)


async def refused(deed: Awaitable[None]) -> CoreError:
    with pytest.raises(CoreError) as error:
        await deed
    return error.value


async def test_a_segment_is_not_deleted_under_what_names_it_and_what_went_out_keeps_its_own(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff(Role.MESSENGER, Role.AUDITOR)
    await a_topic(staff)
    await people(a_town, cards)
    everybody = await save_segment(staff, "みんな", EVERYBODY)
    named = pb.Condition(segment_id=everybody.segment_id)
    other = await save_segment(
        staff, "ほか", pb.Condition(any_of=pb.Conditions(conditions=[named]))
    )
    draft = await create(staff, a_draft(recipients=named))

    by_both = await refused(delete_segment(staff, everybody))
    await delete_segment(staff, other)
    by_draft = await refused(delete_segment(staff, everybody))
    await delete_draft(staff, draft)
    sent = await send(staff, a_draft(recipients=named))
    await a_town.do_waiting()
    late = await refused(delete_segment(staff, pb.Segment(**_ids(everybody), etag="none")))
    await delete_segment(staff, everybody)

    assert by_both.reason == by_draft.reason == "SEGMENT_IN_USE"
    assert by_both.metadata["users"] == "ほか, 防災訓練のお知らせ"
    assert by_draft.metadata["users"] == "防災訓練のお知らせ"
    assert late.reason == "CHANGED_MEANWHILE"
    kept = await staff.ask(staff.campaigns.ListSegments, pb.ListSegmentsRequest())
    assert not kept.segments
    assert (await plan_of(staff, sent)).draft.recipients == named
    kinds = await _kinds(staff)
    assert kinds.count("segment.deleted") == 2
    assert kinds.count("campaign.deleted") == 1


@on_sqlite
async def test_a_draft_is_deleted_and_nothing_that_was_let_go(a_town: Town, cards: Cards) -> None:
    staff = await a_town.staff(Role.MESSENGER)
    await a_topic(staff)
    await people(a_town, cards)
    draft = await create(staff)
    outcome = pb.CampaignOutcome(
        campaign_id=draft.campaign.campaign_id, engagement=pb.ENGAGEMENT_OPENED
    )
    segment = await save_segment(staff, "開いた人", pb.Condition(campaign=outcome))
    sent = await plan_of(staff, await send(staff))

    gone_out = await refused(delete_draft(staff, sent))
    in_use = await refused(delete_draft(staff, draft))
    await delete_segment(staff, segment)
    await delete_draft(staff, draft)
    unknown = await refused(delete_draft(staff, draft))

    assert gone_out.reason == "WRONG_STATE"
    assert in_use.reason == "CAMPAIGN_IN_USE"
    assert in_use.metadata["users"] == "開いた人"
    assert unknown.reason == "CAMPAIGN_UNKNOWN"


@on_sqlite
@pytest.mark.parametrize(
    ("use", "keeper", "other"),
    [
        (pb.TEMPLATE_USE_MESSAGE, Role.MESSENGER, Role.INQUIRIES),
        (pb.TEMPLATE_USE_ANSWER, Role.INQUIRIES, Role.MESSENGER),
    ],
)
async def test_a_template_is_deleted_by_who_writes_with_it(
    a_town: Town, use: pb.TemplateUse.ValueType, keeper: Role, other: Role
) -> None:
    theirs, others = await a_town.staff(keeper), await a_town.staff(other)
    template = pb.MessageTemplate(name="台風", message=a_draft().message, use=use)
    saving = pb.SaveTemplateRequest(template=template, request_id=a_request_id())
    kept = (await theirs.ask(theirs.campaigns.SaveTemplate, saving)).template

    async def delete(staff: Core) -> None:
        request = pb.DeleteTemplateRequest(
            template_id=kept.template_id, etag=kept.etag, request_id=a_request_id()
        )
        await staff.ask(staff.campaigns.DeleteTemplate, request)

    not_theirs = await refused(delete(others))
    await delete(theirs)
    unknown = await refused(delete(theirs))

    assert not_theirs.reason == "CALLER_NOT_ALLOWED"
    assert unknown.reason == "TEMPLATE_UNKNOWN"


def _ids(segment: pb.Segment) -> dict[str, str]:
    return {"segment_id": segment.segment_id, "name": segment.name}


async def _kinds(staff: Core) -> list[str]:
    request = activity_pb2.ListEventsRequest(page_size=200)
    return [one.kind for one in (await staff.ask(staff.activity.ListEvents, request)).events]
