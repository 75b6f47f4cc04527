"""What became of a campaign: counted by area and age, and listed one by one."""

from datetime import date

from core.callers import Role
from tests.adapter import an_adapter
from tests.cards import Cards, a_holder
from tests.core.applications.procedures import SURVEY, publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.messaging.makers import a_draft, a_topic, people, send
from tests.core.messaging.test_campaigns import finished
from tests.core.segments.test_segments import preview
from tests.core.test_applications import a_case
from tests.makers import Registered, a_resident
from tests.town import Town
from todoke.client import Core
from todoke.v1 import activity_pb2
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import OUTCOME_RESULT_ACCEPTED


async def results(staff: Core, campaign_id: str) -> list[pb.CampaignResultRow]:
    request = pb.GetCampaignResultsRequest(campaign_id=campaign_id)
    return list((await staff.ask(staff.campaigns.GetCampaignResults, request)).rows)


async def deliveries(
    staff: Core, campaign_id: str, state: pb.DeliveryState.ValueType = 0
) -> list[pb.Delivery]:
    """Return all, read in pages of one."""
    found: list[pb.Delivery] = []
    token = ""
    while token or not found:
        request = pb.ListDeliveriesRequest(
            campaign_id=campaign_id, state=state, page_size=1, page_token=token
        )
        page = await staff.ask(staff.campaigns.ListDeliveries, request)
        found += page.deliveries
        token = page.next_page_token
        if not page.deliveries:
            break
    return found


async def answer_survey(town: Town, resident: Registered, choice: str = "yes_again") -> None:
    talk = Talk(await town.channel(), resident.external_id)
    id = turn_id(await talk.begin("survey"))
    await talk.answer(id, "mark", number=8)
    await talk.answer(id, "again", choice=choice)
    await talk.submit(id)


async def test_what_became_of_a_campaign_is_counted_by_area_and_age_and_listed(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await publish(a_town, SURVEY)
    [old] = await people(a_town, cards, name="総社　太郎", birth_date=date(1950, 4, 2))
    await people(a_town, cards, birth_date=date(2000, 4, 2), address="岡山県総社市三須１番地")
    web = await a_town.channel("web")
    await a_resident(a_town, web, cards.issue(a_holder(birth_date=date(1951, 4, 2))))
    campaign = await send(staff, a_draft(procedure="survey"))
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        adapter.report(await adapter.dispatch(), OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()
    await finished(a_town, staff, campaign)
    await answer_survey(a_town, old)

    rows = await results(staff, campaign)
    auditor = await a_town.staff(Role.AUDITOR)
    listed = await deliveries(auditor, campaign)
    inbox = await deliveries(auditor, campaign, pb.DELIVERY_STATE_INBOX)

    counted = {
        (row.area, row.from_age, row.to_age): (dict(row.deliveries), row.opened, row.answered)
        for row in rows
    }
    assert counted == {
        ("三須", 18, 29): ({"sent": 1}, 0, 0),
        ("中央1丁目", 70, 79): ({"sent": 1, "inbox": 1}, 0, 1),
    }
    [answered] = [one for one in listed if one.resident_id == old.resident_id]
    assert (answered.channel, answered.state) == ("line", pb.DELIVERY_STATE_SENT)
    assert answered.HasField("send_time")
    assert answered.HasField("answer_time")
    assert answered.name == "総社　太郎"
    assert not answered.HasField("open_time")
    assert (len(listed), [one.channel for one in inbox]) == (3, [""])
    events = await auditor.ask(auditor.activity.ListEvents, activity_pb2.ListEventsRequest())
    looks = [one for one in events.events if one.kind == "deliveries.viewed"]
    assert {one.subject for one in looks} == {campaign}


async def test_an_invitation_is_looked_at_likewise(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")
    staff = await a_town.staff()
    [campaign] = (
        await staff.ask(staff.campaigns.ListCampaigns, pb.ListCampaignsRequest())
    ).campaigns

    [row] = await results(staff, campaign.campaign_id)
    [one] = await deliveries(staff, campaign.campaign_id)

    assert dict(row.deliveries) == dict(campaign.deliveries)
    assert (row.opened, row.answered) == (1, 1)
    assert one.resident_id == case.resident.resident_id
    assert one.HasField("answer_time")


async def test_whoever_chose_something_last_is_found_by_it(a_town: Town, cards: Cards) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    await publish(a_town, SURVEY.replace("decided: true", "decided: false\nonce: false"))
    once, twice = await people(a_town, cards, 2)
    await answer_survey(a_town, once, "no_more")
    await answer_survey(a_town, twice, "no_more")
    await answer_survey(a_town, twice, "yes_again")

    found = {}
    for value in ("yes_again", "no_more"):
        chose = pb.MarkedAnswer(procedure="survey", step="again", value=value)
        samples = (await preview(staff, pb.Condition(answer=chose))).samples
        found[value] = [one.resident_id for one in samples]

    assert found == {"yes_again": [twice.resident_id], "no_more": [once.resident_id]}
