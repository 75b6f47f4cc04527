"""Campaigns that come again, and those that find others than were approved when they start."""

import calendar
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.callers import Role
from core.japan import JST, today
from core.messaging.repeating import Repeat, Repeats
from core.segments import rows
from tests.cards import Cards
from tests.core.messaging.makers import (
    a_draft,
    a_topic,
    create,
    get,
    people,
    plan_of,
    schedule,
    set_rules,
)
from tests.core.segments.test_segments import HERE
from tests.core.segments.test_segments import save as save_segment
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town
from todoke.client import Core, CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.eligibility_pb2 import DateRange

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
RESTS = st.lists(
    st.builds(lambda day, more: (day, day + timedelta(more)), DAYS, st.integers(0, 60)), max_size=4
)
BEGINS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis wants bounds without a zone.
REPEATS = st.builds(Repeats, st.sampled_from(Repeat), DAYS, RESTS.map(tuple))


@given(REPEATS, BEGINS)
def test_repeats_come_at_the_same_time_of_day_up_to_the_last_and_never_on_a_rest(
    repeats: Repeats, begin: datetime
) -> None:
    times = list(repeats.times(begin))

    first = begin.astimezone(JST)
    assert all(begin < time and today(time) <= repeats.until for time in times)
    assert all(time.astimezone(JST).time() == first.time() for time in times)
    assert not [t for t in times for a, b in repeats.rests if a <= today(t) <= b]
    assert all(earlier < later for earlier, later in pairwise(times))


@given(REPEATS, BEGINS)
def test_no_repeat_is_missing_but_those_that_rest(repeats: Repeats, begin: datetime) -> None:
    first = today(begin)
    wanted = set()
    day = first
    while (day := day + timedelta(1)) <= repeats.until:
        last = calendar.monthrange(day.year, day.month)[1]
        fits = {
            Repeat.DAILY: True,
            Repeat.WEEKLY: day.weekday() == first.weekday(),
            Repeat.MONTHLY: day.day == min(first.day, last)
            and (day.year, day.month) > (first.year, first.month),
        }[repeats.often]
        if fits and not any(a <= day <= b for a, b in repeats.rests):
            wanted.add(day)

    assert {today(time) for time in repeats.times(begin)} == wanted


@given(REPEATS, BEGINS, st.timedeltas(timedelta(0), timedelta(500)))
def test_what_was_slept_through_is_over(repeats: Repeats, begin: datetime, late: timedelta) -> None:
    now = begin + late

    assert repeats.next_time(begin, now) == min(
        (time for time in repeats.times(begin) if time > now), default=None
    )


async def listed(staff: Core) -> list[pb.Campaign]:
    return list(
        (await staff.ask(staff.campaigns.ListCampaigns, pb.ListCampaignsRequest())).campaigns
    )


def every_day(until: str, *rests: DateRange) -> pb.CampaignDraft:
    draft = a_draft()
    draft.MergeFrom(pb.CampaignDraft(repeat="daily", repeat_until=until, repeat_except=rests))
    return draft


async def test_a_repeated_campaign_comes_again_late_once_and_under_a_code_of_its_own(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    await people(a_town, cards, 1)
    rest = DateRange(begin_date="2026-11-25", end_date="2026-11-25")
    first = await schedule(staff, await create(staff, every_day("2026-11-30", rest)))
    await a_town.running.jobs.run_due()

    a_town.clock.pass_by(days=4, hours=2)  # The 26th, 27th and 28th are slept through.
    await a_town.running.jobs.run_due()
    await a_town.do_waiting()

    staff = await a_town.staff()  # The other's sign-in is over.
    third, second, again = await listed(staff)
    assert again.campaign_id == first.campaign.campaign_id
    assert second.repeat_of == third.repeat_of == again.campaign_id
    assert today(second.start_time.ToDatetime(UTC)) == date(2026, 11, 28)
    assert (second.state, second.recipients) == (pb.CAMPAIGN_STATE_RUNNING, 1)
    assert (third.state, today(third.start_time.ToDatetime(UTC))) == (
        pb.CAMPAIGN_STATE_SCHEDULED,
        date(2026, 11, 29),
    )
    codes = {(await plan_of(staff, one.campaign_id)).official_code for one in (again, second)}
    assert len(codes) == 2


async def test_whoever_cancels_one_cancels_those_to_come(a_town: Town, cards: Cards) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    await people(a_town, cards, 1)
    first = await schedule(staff, await create(staff, every_day("2026-12-31")))

    cancel = pb.CancelCampaignRequest(
        campaign_id=first.campaign.campaign_id, reason="中止", request_id=a_request_id()
    )
    await staff.ask(staff.campaigns.CancelCampaign, cancel)

    states = [one.state for one in await listed(staff)]
    assert states == [pb.CAMPAIGN_STATE_CANCELLED] * 2


async def test_a_repeat_without_a_last_day_is_refused(a_town: Town) -> None:
    staff = await a_town.staff()
    await a_topic(staff)

    with pytest.raises(CoreError) as refused:
        await create(staff, every_day(""))

    assert refused.value.reason == "FIELD_INVALID"


async def test_what_repeats_does_not_begin_on_a_day_on_which_it_rests(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    await people(a_town, cards, 1)
    rest = DateRange(begin_date="2026-11-24", end_date="2026-11-26")
    plan = await create(staff, every_day("2026-12-31", rest))

    with pytest.raises(CoreError) as refused:
        await schedule(staff, plan)
    begun = await schedule(staff, plan, datetime(2026, 11, 27, 1, tzinfo=UTC))

    assert [one.field for one in refused.value.violations] == ["start_time"]
    assert begun.campaign.state == pb.CAMPAIGN_STATE_SCHEDULED


async def test_a_time_that_is_past_sends_nothing(a_town: Town, cards: Cards) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    await people(a_town, cards, 1)
    plan = await create(staff)
    last_year = a_town.clock() - timedelta(days=365)

    with pytest.raises(CoreError) as refused:
        await schedule(staff, plan, start_time=last_year)

    assert (refused.value.reason, refused.value.violations[0].field) == (
        "FIELD_INVALID",
        "start_time",
    )
    assert [one.state for one in await listed(staff)] == [pb.CAMPAIGN_STATE_DRAFT]
    begun = await schedule(staff, plan, start_time=a_town.clock() - timedelta(seconds=30))
    assert begun.campaign.state == pb.CAMPAIGN_STATE_RUNNING


async def test_one_that_grew_after_its_approval_is_a_draft_again(
    a_town: Town, cards: Cards
) -> None:
    author = await a_town.staff()
    approver = await a_town.staff(Role.MESSAGE_APPROVER)
    await a_topic(author)
    await people(a_town, cards, 2)
    await set_rules(author, approval_from=2)
    plan = await create(author)
    approve = pb.ApproveCampaignRequest(
        campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=a_request_id()
    )
    approved = (await approver.ask(approver.campaigns.ApproveCampaign, approve)).plan
    await later(a_town, author, approved)
    await people(a_town, cards, 1)

    a_town.clock.pass_by(hours=2)
    await a_town.running.jobs.run_due()

    taken_back = await plan_of(author, plan.campaign.campaign_id)
    assert taken_back.campaign.state == pb.CAMPAIGN_STATE_DRAFT
    assert (taken_back.remark, taken_back.approver, taken_back.recipients) == ("grew", "", 3)
    assert taken_back.needs_approval


async def test_one_whose_conditions_are_gone_waits_for_staff_and_others_go_on(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    await people(a_town, cards, 1)
    outer = await save_segment(staff, "外", HERE)
    named = pb.Condition(segment_id=outer.segment_id)
    broken = await later(a_town, staff, await create(staff, a_draft(recipients=named)))
    whole = await later(a_town, staff, await create(staff))
    await forget_segment(a_town, outer.segment_id)

    a_town.clock.pass_by(hours=2)
    await a_town.running.jobs.run_due()

    plan = await plan_of(staff, broken)
    assert (plan.campaign.state, plan.remark) == (pb.CAMPAIGN_STATE_DRAFT, "SEGMENT_UNKNOWN")
    assert (await get(staff, whole)).state == pb.CAMPAIGN_STATE_RUNNING


async def later(town: Town, staff: Core, plan: pb.CampaignPlan) -> str:
    """Schedule a campaign for an hour from now."""
    request = pb.ScheduleCampaignRequest(
        campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=a_request_id()
    )
    request.start_time.FromDatetime(town.clock() + timedelta(hours=1))
    await staff.ask(staff.campaigns.ScheduleCampaign, request)
    return plan.campaign.campaign_id


async def forget_segment(town: Town, id: str) -> None:
    """Take a segment away, as no RPC does yet."""

    def work(session) -> None:
        session.delete(rows.get(session, MUNICIPALITY, id))

    await town.running.db.write(work)
