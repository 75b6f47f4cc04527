"""What campaigns begin from and keep to, tests of drafts, and images of messages."""

import io
from collections.abc import AsyncIterator
from datetime import date

import pytest
from PIL import Image

from core.callers import Role
from tests.adapter import an_adapter
from tests.cards import Cards
from tests.core.attachments.files import a_pdf, a_photo
from tests.core.messaging.inboxes import open_
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
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import (
    LANE_BULK,
    LANE_EMERGENCY,
    LANE_PERSONAL,
    OUTCOME_RESULT_ACCEPTED,
    Lane,
)


async def save(staff: Core, template: pb.MessageTemplate) -> pb.MessageTemplate:
    request = pb.SaveTemplateRequest(template=template, request_id=a_request_id())
    return (await staff.ask(staff.campaigns.SaveTemplate, request)).template


async def test_a_template_is_kept_changed_and_listed_by_name(a_town: Town) -> None:
    staff, inquiries = await a_town.staff(Role.MESSENGER), await a_town.staff(Role.INQUIRIES)
    second = await save(staff, pb.MessageTemplate(name="台風", message=a_draft().message))
    first = await save(staff, pb.MessageTemplate(name="健診", message=a_draft("{name}様").message))
    second.name = "台風と大雨"
    changed = await save(staff, second)

    with pytest.raises(CoreError) as late:
        await save(staff, second)
    pages = []
    token = ""
    while not pages or token:
        request = pb.ListTemplatesRequest(page_size=1, page_token=token)
        page = await inquiries.ask(inquiries.campaigns.ListTemplates, request)
        pages += page.templates
        token = page.next_page_token

    assert late.value.reason == "CHANGED_MEANWHILE"
    assert pages == sorted([first, changed], key=lambda one: one.name)


@on_sqlite
@pytest.mark.parametrize(
    ("body", "reason"),
    [("{nmae}様", "TEXT_PLACE_UNKNOWN"), ("番号 123456789018", "MY_NUMBER_REFUSED")],
)
async def test_a_template_that_could_not_be_sent_is_not_kept(
    a_town: Town, body: str, reason: str
) -> None:
    staff = await a_town.staff()

    with pytest.raises(CoreError) as refused:
        await save(staff, pb.MessageTemplate(name="文例", message=a_draft(body).message))

    assert refused.value.reason == reason


@on_sqlite
async def test_texts_for_answers_are_theirs_who_answer_and_have_no_places(a_town: Town) -> None:
    messenger, desk = await a_town.staff(Role.MESSENGER), await a_town.staff(Role.INQUIRIES)
    answer = pb.TEMPLATE_USE_ANSWER
    kept = await save(
        desk, pb.MessageTemplate(name="ごみの日", message=a_draft().message, use=answer)
    )
    await save(messenger, pb.MessageTemplate(name="台風", message=a_draft().message))
    request = pb.ListTemplatesRequest(use=answer)

    with pytest.raises(CoreError) as not_theirs:
        await save(
            messenger, pb.MessageTemplate(name="窓口", message=a_draft().message, use=answer)
        )
    with pytest.raises(CoreError) as placed:
        await save(
            desk, pb.MessageTemplate(name="窓口", message=a_draft("{name}様").message, use=answer)
        )
    kept.use = pb.TEMPLATE_USE_MESSAGE
    with pytest.raises(CoreError) as turned:
        await save(messenger, kept)

    assert not_theirs.value.reason == "CALLER_NOT_ALLOWED"
    assert placed.value.reason == "TEXT_PLACE_UNKNOWN"
    assert turned.value.reason == "TEMPLATE_UNKNOWN"
    listed = (await desk.ask(desk.campaigns.ListTemplates, request)).templates
    assert [one.name for one in listed] == ["ごみの日"]


async def test_rules_of_sending_hold_from_when_they_are_set(a_town: Town, cards: Cards) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    await people(a_town, cards, 1)
    before = (await staff.ask(staff.campaigns.GetSendingRules, pb.GetSendingRulesRequest())).rules
    first = await set_rules(staff, weekly_cap=1)
    await send(staff)
    capped = await send(staff, a_draft("二通目"))
    await a_town.do_waiting()

    stale = pb.SetSendingRulesRequest(rules=before, reason="古い画面", request_id=a_request_id())
    with pytest.raises(CoreError) as late:
        await staff.ask(staff.campaigns.SetSendingRules, stale)

    assert (before.approval_from, before.etag) == (1000, "")
    assert (first.weekly_cap, first.quiet_from) == (1, "21:00")
    assert late.value.reason == "CHANGED_MEANWHILE"
    assert dict((await get(staff, capped)).deliveries) == {"left_out": 1}


async def test_a_preview_counts_who_was_told_as_often_as_the_cap_lets_where_bulk_leaves_them_out(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    await set_rules(staff, weekly_cap=1)
    old, _young = [
        (await people(a_town, cards, 1, birth_date=date(year, 4, 1)))[0] for year in (1950, 2000)
    ]
    elders = pb.Condition(age=pb.AgeRange(from_age=65, to_age=150))
    await send(staff, a_draft(recipients=elders))
    await a_town.do_waiting()

    async def preview(lane: Lane.ValueType) -> pb.SegmentPreview:
        desk = await a_town.staff()
        request = pb.PreviewSegmentRequest(condition=EVERYBODY, topic="events", lane=lane)
        return (await desk.ask(desk.campaigns.PreviewSegment, request)).preview

    bulk, personal = await preview(LANE_BULK), await preview(LANE_PERSONAL)
    a_town.clock.pass_by(days=7, minutes=1)
    later = await preview(LANE_BULK)

    assert (bulk.recipients, bulk.capped, bulk.seconds) == (1, 1, 1)
    assert old.resident_id not in {one.resident_id for one in bulk.samples}
    assert (personal.recipients, personal.capped) == (2, 0)
    assert (later.recipients, later.capped) == (2, 0)


async def test_a_test_goes_to_the_testers_alone_says_so_and_counts_for_no_cap(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await set_rules(staff, weekly_cap=1)
    tester, _other = await people(a_town, cards, 2)
    plan = await create(staff)
    test = pb.TestCampaignRequest(
        campaign_id=plan.campaign.campaign_id,
        contact_ids=[tester.contact_id],
        request_id=a_request_id(),
    )

    queued = (await staff.ask(staff.campaigns.TestCampaign, test)).queued
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        tried = await adapter.dispatch()
        adapter.report(tried, OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()
        await schedule(staff, plan)
        await a_town.do_waiting()
        adapter.ready(1)
        told = await adapter.dispatch()

    assert queued == 1
    assert list(tried.recipients) == [tester.external_id]
    assert tried.campaign.test
    assert not told.campaign.test
    assert len(told.recipients) == 2
    shown = await get(staff, tried.campaign.campaign_id)
    assert (shown.kind, shown.state) == ("test", pb.CAMPAIGN_STATE_FINISHED)
    opened = await open_(line, tester, tried.campaign.campaign_id)  # As its button does.
    assert (opened.test, opened.title) == (True, "防災訓練")


@on_sqlite
async def test_a_test_at_night_says_when_it_goes_out_but_for_an_emergency(
    a_town: Town, cards: Cards
) -> None:
    await a_topic(await a_town.staff())
    [tester] = await people(a_town, cards)
    a_town.clock.pass_by(hours=12, minutes=30)  # From ten in the morning in Japan.
    staff = await a_town.staff()
    due = []
    for lane in (LANE_BULK, LANE_EMERGENCY):
        plan = await create(staff, a_draft(lane=lane))
        request = pb.TestCampaignRequest(
            campaign_id=plan.campaign.campaign_id,
            contact_ids=[tester.contact_id],
            request_id=a_request_id(),
        )
        sent = await staff.ask(staff.campaigns.TestCampaign, request)
        due.append(sent.due_time.ToDatetime() if sent.HasField("due_time") else None)
    eight_in_japan = a_town.clock().replace(tzinfo=None, hour=23, minute=0, second=0)
    assert due == [eight_in_japan, None]


@on_sqlite
async def test_nobody_is_a_tester_who_is_not_registered(a_town: Town) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    plan = await create(staff)
    test = pb.TestCampaignRequest(
        campaign_id=plan.campaign.campaign_id,
        contact_ids=["0190a0a0-0000-7000-8000-000000000000"],
        request_id=a_request_id(),
    )

    with pytest.raises(CoreError) as refused:
        await staff.ask(staff.campaigns.TestCampaign, test)

    assert refused.value.reason == "CONTACT_UNKNOWN"


async def upload(staff: Core, content: bytes, request_id: str = "") -> pb.UploadImageResponse:
    header = pb.ImageHeader(file_name="訓練.jpg", request_id=request_id or a_request_id())

    async def stream() -> AsyncIterator[pb.UploadImageRequest]:
        yield pb.UploadImageRequest(header=header)
        yield pb.UploadImageRequest(chunk=content)

    return await staff.upload(staff.campaigns.UploadImage, stream())


async def download(core: Core, image_id: str, width: int = 0) -> bytes:
    request = pb.DownloadImageRequest(image_id=image_id, width=width)
    parts = [part async for part in core.watch(core.campaigns.DownloadImage, request)]
    content = b"".join(part.chunk for part in parts)
    assert parts[0].file.size == len(content)
    return content


async def test_an_image_is_made_anew_and_shown_in_the_width_that_is_asked_for(
    a_town: Town,
) -> None:
    staff, line = await a_town.staff(Role.MESSENGER), await a_town.channel()
    await a_topic(await a_town.staff())
    request_id = a_request_id()
    kept = await upload(staff, a_photo(size=(800, 1600)), request_id)
    again = await upload(staff, a_photo(size=(800, 1600)), request_id)

    whole = await download(line, kept.image_id)
    narrow = await download(line, kept.image_id, 400)
    plan = await create(staff, a_draft(image_id=kept.image_id))

    assert again.image_id == kept.image_id
    assert Image.open(io.BytesIO(whole)).size == (1600, 800)
    assert Image.open(io.BytesIO(whole)).getexif() == {}
    assert Image.open(io.BytesIO(narrow)).size == (400, 200)
    assert await download(line, kept.image_id, 400) == narrow
    assert (await plan_of(staff, plan.campaign.campaign_id)).draft.message.image_id == kept.image_id


@on_sqlite
async def test_only_images_of_two_kinds_are_taken(a_town: Town) -> None:
    staff = await a_town.staff(Role.MESSENGER)

    with pytest.raises(CoreError) as pdf:
        await upload(staff, a_pdf())
    with pytest.raises(CoreError) as webp:
        await upload(staff, a_photo("WEBP"))

    assert {pdf.value.reason, webp.value.reason} == {"ATTACHMENT_REFUSED"}
    assert pdf.value.metadata["problem"] == webp.value.metadata["problem"] == "KIND"
