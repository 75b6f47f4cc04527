"""Who may let a campaign go, what is refused before it goes, and how it is stopped."""

from datetime import timedelta

import pytest

from core.callers import Role
from tests.adapter import an_adapter
from tests.cards import Cards
from tests.core.messaging.makers import (
    EVERYBODY,
    a_draft,
    a_topic,
    create,
    get,
    people,
    plan_of,
    schedule,
    send,
    set_rules,
)
from tests.core.segments.test_segments import save as save_segment
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import dispatches_pb2


async def test_many_need_a_second_person_who_did_not_write_it(a_town: Town, cards: Cards) -> None:
    author = await a_town.staff(Role.MESSENGER, Role.MESSAGE_APPROVER, Role.ADMINISTRATOR)
    approver = await a_town.staff(Role.MESSAGE_APPROVER)
    await a_topic(author)
    await people(a_town, cards, 1)
    plan = await create(author)
    await set_rules(author, approval_from=1)
    plan = (
        await author.ask(
            author.campaigns.GetCampaignPlan,
            pb.GetCampaignPlanRequest(campaign_id=plan.campaign.campaign_id),
        )
    ).plan
    approve = pb.ApproveCampaignRequest(
        campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=a_request_id()
    )

    with pytest.raises(CoreError) as alone:
        await schedule(author, plan)
    with pytest.raises(CoreError) as own:
        await author.ask(author.campaigns.ApproveCampaign, approve)
    approved = (await approver.ask(approver.campaigns.ApproveCampaign, approve)).plan
    scheduled = await schedule(author, approved)

    assert plan.needs_approval
    assert alone.value.reason == "CAMPAIGN_NEEDS_APPROVAL"
    assert own.value.reason == "SAME_PERSON"
    assert scheduled.campaign.state == pb.CAMPAIGN_STATE_RUNNING


@on_sqlite
async def test_what_is_returned_says_why_and_can_be_mended_and_approved(
    a_town: Town, cards: Cards
) -> None:
    roles = (Role.MESSENGER, Role.ADMINISTRATOR, Role.AUDITOR)
    author = await a_town.staff(*roles, name="mori", shown="森")
    approver = await a_town.staff(Role.MESSAGE_APPROVER, name="ueda", shown="上田")
    await a_topic(author)
    await people(a_town, cards, 1)
    await set_rules(author, approval_from=1)
    plan = await create(author)
    id = plan.campaign.campaign_id
    named = {"campaign_id": id, "request_id": a_request_id()}
    approve = pb.ApproveCampaignRequest(etag=plan.etag, **named)
    approved = (await approver.ask(approver.campaigns.ApproveCampaign, approve)).plan
    back = pb.ReturnCampaignRequest(
        campaign_id=id, reason="日付が違います", etag=approved.etag, request_id=a_request_id()
    )

    with pytest.raises(CoreError) as not_theirs:
        await author.ask(author.campaigns.ReturnCampaign, back)
    returned = (await approver.ask(approver.campaigns.ReturnCampaign, back)).plan
    with pytest.raises(CoreError) as unapproved:
        await schedule(author, returned)
    revise = pb.ReviseCampaignRequest(
        campaign_id=id, draft=a_draft("月曜日です。"), etag=returned.etag, request_id=a_request_id()
    )
    mended = (await author.ask(author.campaigns.ReviseCampaign, revise)).plan
    again = pb.ApproveCampaignRequest(campaign_id=id, etag=mended.etag, request_id=a_request_id())
    approved = (await approver.ask(approver.campaigns.ApproveCampaign, again)).plan

    assert not_theirs.value.reason == "CALLER_NOT_ALLOWED"
    assert unapproved.value.reason == "CAMPAIGN_NEEDS_APPROVAL"
    assert (returned.remark, returned.approver, returned.campaign.state) == (
        "上田: 日付が違います", "", pb.CAMPAIGN_STATE_DRAFT,
    )  # fmt: skip
    assert (mended.remark, approved.author, approved.approver) == ("", "森", "上田")
    assert (await schedule(author, approved)).campaign.state == pb.CAMPAIGN_STATE_RUNNING


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (a_draft("{nmae}様"), "TEXT_PLACE_UNKNOWN"),
        (a_draft("波かっこ { だけ"), "TEXT_PLACE_UNKNOWN"),
        (a_draft("番号は 123456789018 です"), "MY_NUMBER_REFUSED"),
        (a_draft(procedure="no_such"), "PROCEDURE_UNKNOWN"),
        (a_draft(image_id="0190a0a0-0000-7000-8000-000000000000"), "ATTACHMENT_UNKNOWN"),
    ],
)
async def test_a_draft_that_cannot_be_sent_is_refused_when_it_is_saved(
    a_town: Town, draft: pb.CampaignDraft, reason: str
) -> None:
    staff = await a_town.staff()
    await a_topic(staff)

    with pytest.raises(CoreError) as refused:
        await create(staff, draft)

    assert refused.value.reason == reason


@on_sqlite
async def test_whoever_asks_again_to_let_it_go_hears_what_they_were_answered(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    await people(a_town, cards, 1)
    plan = await create(staff)
    request = pb.ScheduleCampaignRequest(
        campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=a_request_id()
    )

    first = await staff.ask(staff.campaigns.ScheduleCampaign, request)
    repeat = await staff.ask(staff.campaigns.ScheduleCampaign, request)
    request.request_id = a_request_id()
    with pytest.raises(CoreError) as anew:
        await staff.ask(staff.campaigns.ScheduleCampaign, request)

    assert first.plan.campaign.state == pb.CAMPAIGN_STATE_RUNNING
    assert repeat == first
    assert anew.value.reason == "WRONG_STATE"


async def test_nobody_is_told_of_what_finds_nobody(a_town: Town) -> None:
    staff = await a_town.staff()
    await a_topic(staff)

    with pytest.raises(CoreError) as refused:
        await send(staff)

    assert refused.value.reason == "NOBODY_TO_TELL"


async def test_what_is_cancelled_is_dropped(a_town: Town, cards: Cards) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    await people(a_town, cards, 2)
    campaign = await send(staff)
    await a_town.do_waiting()

    cancel = pb.CancelCampaignRequest(
        campaign_id=campaign, reason="日付の誤り", request_id=a_request_id()
    )
    await staff.ask(staff.campaigns.CancelCampaign, cancel)

    ended = await get(staff, campaign)
    assert ended.state == pb.CAMPAIGN_STATE_CANCELLED
    assert dict(ended.deliveries) == {"dropped": 2}
    listed = dispatches_pb2.ListDispatchesRequest(state=dispatches_pb2.DISPATCH_STATE_DROPPED)
    found = (await staff.ask(staff.dispatches.ListDispatches, listed)).dispatches
    assert [one.campaign_id for one in found] == [campaign]


async def test_of_what_was_tried_before_it_was_cancelled_nobody_knows_whether_it_went_out(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await people(a_town, cards, 2)
    campaigns = [await send(staff), await send(staff)]
    async with an_adapter(line) as adapter:
        adapter.ready(2)
        tried = [await adapter.dispatch() for _ in campaigns]
        adapter.report(tried[0], dispatches_pb2.OUTCOME_RESULT_TRY_AGAIN)
        assert await adapter.taken()
        for id in campaigns:
            request = pb.CancelCampaignRequest(
                campaign_id=id, reason="日程の変更", request_id=a_request_id()
            )
            await staff.ask(staff.campaigns.CancelCampaign, request)
        adapter.report(tried[1], dispatches_pb2.OUTCOME_RESULT_NOT_TAKEN)
        assert await adapter.taken()
    told = [one.campaign.campaign_id for one in tried]

    assert dict((await get(staff, told[0])).deliveries) == {"unknown": 2}
    assert dict((await get(staff, told[1])).deliveries) == {"dropped": 2}


@pytest.mark.parametrize("is_scheduled", [False, True])
async def test_one_whose_kept_conditions_changed_after_its_approval_is_approved_anew(
    a_town: Town, cards: Cards, *, is_scheduled: bool
) -> None:
    author, approver = await a_town.staff(), await a_town.staff(Role.MESSAGE_APPROVER)
    await a_topic(author)
    await people(a_town, cards, 2)
    await set_rules(author, approval_from=2)
    segment = await save_segment(author, "全員", EVERYBODY)
    named = pb.Condition(
        all_of=pb.Conditions(conditions=[pb.Condition(segment_id=segment.segment_id)])
    )
    plan = await create(author, a_draft(recipients=named))
    approve = pb.ApproveCampaignRequest(
        campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=a_request_id()
    )
    approved = (await approver.ask(approver.campaigns.ApproveCampaign, approve)).plan
    if is_scheduled:
        await schedule(author, approved, start_time=a_town.clock() + timedelta(hours=1))
    others = pb.Condition(age=pb.AgeRange(from_age=1, to_age=149))
    await save_segment(author, "全員", others, segment_id=segment.segment_id, etag=segment.etag)

    if is_scheduled:
        a_town.clock.pass_by(hours=2)
        await a_town.running.jobs.run_due()
        taken_back = await plan_of(author, plan.campaign.campaign_id)
        assert taken_back.campaign.state == pb.CAMPAIGN_STATE_DRAFT
        assert (taken_back.remark, taken_back.approver) == ("others", "")
        assert taken_back.needs_approval
    else:
        with pytest.raises(CoreError, match="CAMPAIGN_NEEDS_APPROVAL"):
            await schedule(author, approved)
