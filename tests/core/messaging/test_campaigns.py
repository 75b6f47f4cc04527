"""A campaign from draft to its end, with an adapter that takes what it is handed."""

from tests.adapter import an_adapter
from tests.cards import Cards
from tests.core.messaging.makers import (
    a_draft,
    a_topic,
    get,
    people,
    send,
)
from tests.makers import a_request_id
from tests.town import Town
from todoke.client import Core
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import residents_pb2
from todoke.v1.dispatches_pb2 import (
    BLAME_CONTENT,
    LANE_EMERGENCY,
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_REFUSED,
    WAY_EACH,
    WAY_TOGETHER,
)


async def finished(town: Town, staff: Core, campaign_id: str) -> pb.Campaign:
    await town.running.jobs.run_due()
    await town.do_waiting()
    return await get(staff, campaign_id)


async def test_all_are_told_in_one_request_a_language_and_it_is_written_down(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    japanese = await people(a_town, cards, 3)
    [english] = await people(a_town, cards, 1, language="en")

    campaign = await send(staff)
    async with an_adapter(line) as adapter:
        adapter.ready(10)
        told = {}
        for _ in range(2):
            dispatch = await adapter.dispatch()
            told[dispatch.campaign.told.body] = dispatch
            adapter.report(dispatch, OUTCOME_RESULT_ACCEPTED)
            assert await adapter.taken()

    assert set(told) == {"日曜日は防災訓練です。", "EN 日曜日は防災訓練です。"}
    to_japanese = told["日曜日は防災訓練です。"]
    assert set(to_japanese.recipients) == {one.external_id for one in japanese}
    assert to_japanese.way == WAY_TOGETHER
    assert list(told["EN 日曜日は防災訓練です。"].recipients) == [english.external_id]
    ended = await finished(a_town, staff, campaign)
    assert ended.state == pb.CAMPAIGN_STATE_FINISHED
    assert dict(ended.deliveries) == {"sent": 4}


async def test_what_is_personal_goes_to_each_in_their_own_words(a_town: Town, cards: Cards) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await people(a_town, cards, name="総社　太郎")
    await people(a_town, cards, name="総社　花子")

    campaign = await send(staff, a_draft("{name}様、{town}の皆さま。{{終}}"))
    async with an_adapter(line) as adapter:
        adapter.ready(10)
        dispatch = await adapter.dispatch()
        bodies = [one.body for one in dispatch.campaign.each]
        adapter.report(dispatch, OUTCOME_RESULT_ACCEPTED, refused_recipients=[1])
        assert await adapter.taken()

    assert dispatch.way == WAY_EACH
    assert bodies == [
        "総社　太郎様、中央1丁目の皆さま。{終}",
        "総社　花子様、中央1丁目の皆さま。{終}",
    ]
    assert dict((await finished(a_town, staff, campaign)).deliveries) == {"sent": 1, "failed": 1}


async def test_a_request_that_is_refused_is_halved_until_only_the_bad_recipient_fails(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    residents = await people(a_town, cards, 5)
    bad = residents[3].external_id

    campaign = await send(staff)
    reached, keys, stands_alone = [], [], False
    async with an_adapter(line) as adapter:
        adapter.ready(50)
        while len(reached) < 4 or not stands_alone:
            dispatch = await adapter.dispatch()
            keys.append(dispatch.retry_key)
            is_bad = bad in dispatch.recipients
            reached += [] if is_bad else dispatch.recipients
            stands_alone = stands_alone or list(dispatch.recipients) == [bad]
            result = OUTCOME_RESULT_REFUSED if is_bad else OUTCOME_RESULT_ACCEPTED
            adapter.report(dispatch, result)
            assert await adapter.taken()

    assert len(set(keys)) == len(keys)
    assert sorted(reached) == sorted(one.external_id for one in residents if one.external_id != bad)
    ended = await finished(a_town, staff, campaign)
    assert dict(ended.deliveries) == {"sent": 4, "failed": 1}
    assert ended.state == pb.CAMPAIGN_STATE_FINISHED


async def test_what_nobody_would_be_told_pauses_the_campaign_and_says_why(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await people(a_town, cards, 2)

    campaign = await send(staff)
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        adapter.report(await adapter.dispatch(), OUTCOME_RESULT_REFUSED, blame=BLAME_CONTENT)
        assert await adapter.taken()

    request = pb.GetCampaignPlanRequest(campaign_id=campaign)
    plan = (await staff.ask(staff.campaigns.GetCampaignPlan, request)).plan
    assert plan.campaign.state == pb.CAMPAIGN_STATE_PAUSED
    assert plan.remark == "refused_content"


async def test_a_paused_campaign_hands_nothing_out_and_goes_on_where_it_was(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await people(a_town, cards, 2)
    await people(a_town, cards, 1, language="en")
    campaign = await send(staff)
    await a_town.do_waiting()

    async with an_adapter(line) as adapter:
        adapter.ready(1)
        first = await adapter.dispatch()
        pause = pb.PauseCampaignRequest(campaign_id=campaign, request_id=a_request_id())
        held = (await staff.ask(staff.campaigns.PauseCampaign, pause)).plan
        adapter.report(first, OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()
        counts = dict((await get(staff, campaign)).deliveries)
        resume = pb.ResumeCampaignRequest(
            campaign_id=campaign, etag=held.etag, request_id=a_request_id()
        )
        await staff.ask(staff.campaigns.ResumeCampaign, resume)
        adapter.ready(1)
        second = await adapter.dispatch()
        adapter.report(second, OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()

    assert counts["queued"] == len(second.recipients)
    assert counts["sent"] == len(first.recipients)
    assert (await finished(a_town, staff, campaign)).deliveries["sent"] == 3


async def test_whoever_came_under_protection_before_the_first_attempt_is_left_out(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    stays, hides = await people(a_town, cards, 2)
    campaign = await send(staff)
    await a_town.do_waiting()
    named = residents_pb2.GetResidentRequest(resident_id=hides.resident_id)
    resident = (await staff.ask(staff.residents.GetResident, named)).resident
    suppress = residents_pb2.SuppressResidentRequest(
        resident_id=hides.resident_id, reason="支援措置", etag=resident.etag,
        request_id=a_request_id(),
    )  # fmt: skip
    await staff.ask(staff.residents.SuppressResident, suppress)

    async with an_adapter(line) as adapter:
        adapter.ready(5)
        dispatch = await adapter.dispatch()
        adapter.report(dispatch, OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()

    assert list(dispatch.recipients) == [stays.external_id]
    counts = dict((await finished(a_town, staff, campaign)).deliveries)
    assert counts == {"sent": 1, "dropped": 1}


async def test_an_emergency_overtakes_and_goes_out_at_night(a_town: Town, cards: Cards) -> None:
    await people(a_town, cards, 2)
    a_town.clock.pass_by(hours=13)  # 23:00 in Japan.
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await send(staff, a_draft("急がない"))
    await send(staff, a_draft("避難してください", lane=LANE_EMERGENCY))
    await a_town.do_waiting()

    async with an_adapter(line) as adapter:
        adapter.ready(1)
        first = await adapter.dispatch()
        adapter.report(first, OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()
        adapter.ready(1)
        a_town.clock.pass_by(hours=10)
        second = await adapter.dispatch()

    assert first.campaign.told.body == "避難してください"
    assert second.campaign.told.body == "急がない"


async def test_two_campaigns_take_turns_in_a_lane(a_town: Town, cards: Cards) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    for language in ("ja", "en", "pt", "vi"):
        await people(a_town, cards, 1, language=language)
    await send(staff, a_draft("先"))
    await a_town.do_waiting()
    await send(staff, a_draft("後"))
    await a_town.do_waiting()

    async with an_adapter(line) as adapter:
        adapter.ready(8)
        bodies = [(await adapter.dispatch()).campaign.told.body for _ in range(8)]

    assert [body.removeprefix("EN ") for body in bodies] == ["先", "後"] * 4
