"""Circulars go out: whom they reach, once, and by whom they may be sent."""

from datetime import timedelta

import pytest

from tests.core.associations.makers import an_association, appoint, end_office
from tests.core.circulars.makers import a_block, a_draft, people
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb
from todoke.v1 import dispatches_pb2


async def test_each_household_gets_it_once_and_each_member_is_told_once(a_town: Town) -> None:
    block = await a_block(a_town)
    chair = block.of.chair
    both = pb.Targets(
        everybody=True,
        group_ids=[group.group_id for group in block.of.groups],
        offices=[pb.OFFICE_KIND_CHAIR],
    )
    draft = await block.save(chair, targets=both)
    preview = await block.line.ask(
        block.line.circulars.PreviewCircular,
        pb.PreviewCircularRequest(speaker=chair.speaker, circular_id=draft.circular_id),
    )

    sent = await block.publish(chair, draft)

    assert (preview.households, dict(preview.by_channel), preview.paper) == (4, {"line": 4}, 0)
    assert (sent.state, sent.households, sent.read) == (pb.CIRCULAR_STATE_PUBLISHED, 4, 1)
    told = await block.told_all()
    assert people(told) == sorted(one.external_id for one in block.of.members)
    assert told[0].circular.title == "清掃のお知らせ"
    assert told[0].circular.excerpt == "日曜日に公園を清掃します。"
    assert await block.waiting() == 0


async def test_a_repeat_sends_nothing_more_and_it_cannot_be_sent_twice(a_town: Town) -> None:
    block = await a_block(a_town)
    draft = await block.save(block.of.chair)
    request = pb.PublishCircularRequest(
        speaker=block.of.chair.speaker, circular_id=draft.circular_id, etag=draft.etag,
        request_id=a_request_id(),
    )  # fmt: skip

    first = await block.line.ask(block.line.circulars.PublishCircular, request)
    again = await block.line.ask(block.line.circulars.PublishCircular, request)
    with pytest.raises(CoreError, match="WRONG_STATE"):
        await block.publish(block.of.chair, first.circular)

    assert again == first
    assert await block.waiting() == 4


@on_sqlite
async def test_a_group_head_writes_to_the_own_group_alone(a_town: Town) -> None:
    block = await a_block(a_town)
    first, second = block.of.groups
    head = block.of.members[1]
    await appoint(
        a_town, block.staff, block.of, head, pb.OFFICE_KIND_GROUP_HEAD, group_id=first.group_id
    )

    sent = await block.send(head, targets=pb.Targets(group_ids=[first.group_id]))
    for beyond in (
        pb.Targets(everybody=True),
        pb.Targets(group_ids=[second.group_id]),
        pb.Targets(household_ids=[block.of.households[2].household_id]),
    ):
        with pytest.raises(CoreError, match="NOT_IN_OFFICE"):
            await block.save(head, targets=beyond)

    assert sent.households == 2
    of_chair = await block.send()
    assert (await block.receipts(head, of_chair.circular_id)).households == 2
    assert (await block.receipts(block.of.chair, of_chair.circular_id)).households == 4


@on_sqlite
async def test_neither_treasurer_nor_member_writes_and_the_treasurer_sees_receipts(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    treasurer, member = block.of.members[1], block.of.plain
    await appoint(a_town, block.staff, block.of, treasurer, pb.OFFICE_KIND_TREASURER)
    sent = await block.send()

    for who in (treasurer, member):
        with pytest.raises(CoreError, match="NOT_IN_OFFICE"):
            await block.save(who)
        with pytest.raises(CoreError, match="NOT_IN_OFFICE"):
            await withdraw(block, who, sent)

    assert (await block.receipts(treasurer, sent.circular_id)).households == 4
    assert await block.listed(treasurer) == [sent.circular_id]
    with pytest.raises(CoreError, match="NOT_IN_OFFICE"):
        await block.listed(member)


async def withdraw(
    block, by, circular: pb.Circular, reason: str = "日を間違えました"
) -> pb.Circular:
    request = pb.WithdrawCircularRequest(
        speaker=by.speaker, circular_id=circular.circular_id, reason=reason,
        etag=circular.etag, request_id=a_request_id(),
    )  # fmt: skip
    return (await block.line.ask(block.line.circulars.WithdrawCircular, request)).circular


async def test_a_time_that_is_past_sends_nothing(a_town: Town) -> None:
    block = await a_block(a_town)
    draft = await block.save(block.of.chair)
    yesterday = a_town.clock() - timedelta(days=1)

    with pytest.raises(CoreError) as refused:
        await block.publish(block.of.chair, draft, publish_time=yesterday)

    assert refused.value.violations[0].field == "publish_time"
    assert await block.waiting() == 0


async def test_a_scheduled_circular_goes_out_at_its_time_and_not_by_who_left_office(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    chair, vice = block.of.chair, block.of.members[1]
    held = await appoint(a_town, block.staff, block.of, vice, pb.OFFICE_KIND_VICE)
    await block.told_all()
    at = a_town.clock() + timedelta(hours=3)
    by_chair = await block.publish(chair, await block.save(chair), publish_time=at)
    by_vice = await block.publish(vice, await block.save(vice, title="夏祭り"), publish_time=at)
    await end_office(a_town, block.staff, held)
    await block.told_all()

    a_town.clock.pass_by(hours=2)
    await a_town.running.jobs.run_due()
    assert by_chair.state == pb.CIRCULAR_STATE_SCHEDULED
    assert await block.waiting() == 0

    a_town.clock.pass_by(hours=1)
    await a_town.running.jobs.run_due()

    told = await block.told_all()
    circulars = {one.circular.circular_id for one in told if one.HasField("circular")}
    assert circulars == {by_chair.circular_id}
    [returned] = [one for one in told if one.HasField("association")]
    assert returned.association.event == dispatches_pb2.ASSOCIATION_EVENT_CIRCULAR_RETURNED
    assert returned.association.circular_title == "夏祭り"
    assert list(returned.recipients) == [chair.external_id]
    drafts = await block.listed(chair, state=pb.CIRCULAR_STATE_DRAFT)
    assert drafts == [by_vice.circular_id]
    assert (await block.own(block.of.plain)).circulars[0].circular.content.title == "清掃のお知らせ"
    with pytest.raises(CoreError, match="NOT_IN_OFFICE"):
        await block.save(vice)


@on_sqlite
async def test_those_who_read_are_told_of_a_correction_and_receipts_say_which_they_read(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    reader, other = block.of.members[2:]
    sent = await block.send()
    await block.told_all()
    await block.answer(reader, sent.circular_id)

    request = pb.CorrectCircularRequest(
        speaker=block.of.chair.speaker, circular_id=sent.circular_id,
        content=pb.CircularContent(title=sent.content.title, body="土曜日に清掃します。"),
        correction="曜日を直しました", etag=sent.etag, request_id=a_request_id(),
    )  # fmt: skip
    corrected = (await block.line.ask(block.line.circulars.CorrectCircular, request)).circular

    [told] = await block.told_all()
    assert list(told.recipients) == [reader.external_id]
    assert told.circular.occasion == dispatches_pb2.CIRCULAR_OCCASION_CORRECTED
    assert told.circular.remark == "曜日を直しました"
    assert corrected.version == 2
    opened = await block.open(other, sent.circular_id)
    assert opened.circular.content.body == "土曜日に清掃します。"
    lines = (await block.receipts(block.of.chair, sent.circular_id)).receipts
    assert {one.household.household_id: one.version for one in lines if one.version} == {
        block.of.chair.household_id: 2,
        reader.household_id: 1,
        other.household_id: 2,
    }


@on_sqlite
async def test_what_was_taken_back_says_only_that_and_why(a_town: Town) -> None:
    block = await a_block(a_town)
    sent = await block.send()

    taken_back = await withdraw(block, block.of.chair, sent)
    opened = (await block.open(block.of.plain, sent.circular_id)).circular

    assert opened.state == pb.CIRCULAR_STATE_WITHDRAWN
    assert (opened.content.body, opened.withdrawn) == ("", "日を間違えました")
    with pytest.raises(CoreError, match="CIRCULAR_CLOSED"):
        await block.answer(block.of.plain, sent.circular_id)
    with pytest.raises(CoreError, match="WRONG_STATE"):
        await withdraw(block, block.of.chair, taken_back)


@pytest.mark.parametrize("planned", [False, True])
async def test_what_has_not_gone_out_is_thrown_away_and_listed_no_more(
    a_town: Town, *, planned: bool
) -> None:
    block = await a_block(a_town)
    chair = block.of.chair
    draft = await block.save(chair)
    if planned:
        tomorrow = a_town.clock() + timedelta(days=1)
        draft = await block.publish(chair, draft, publish_time=tomorrow)

    await withdraw(block, chair, draft)
    a_town.clock.pass_by(hours=48)
    await a_town.do_waiting()

    assert await block.listed(chair) == []


async def test_the_city_reaches_leaders_who_pass_it_on_once(a_town: Town) -> None:
    block = await a_block(a_town)
    vice = block.of.members[1]
    await appoint(a_town, block.staff, block.of, vice, pb.OFFICE_KIND_VICE)
    lone = await an_association(a_town, block.staff, block.line, chair=False)
    leads = await appoint(a_town, block.staff, lone, lone.members[2], pb.OFFICE_KIND_VICE)
    await block.told_all()
    draft = a_draft("", None, title="防災訓練", targets=pb.Targets(all_associations=True))
    saved = (await block.staff.ask(block.staff.circulars.SaveCircular, draft)).circular
    publish = pb.PublishCircularRequest(
        circular_id=saved.circular_id, etag=saved.etag, request_id=a_request_id()
    )
    city = (await block.staff.ask(block.staff.circulars.PublishCircular, publish)).circular

    told = await block.told_all()
    assert leads.member_id == lone.members[2].member_id
    assert people(told) == sorted((block.of.chair.external_id, lone.members[2].external_id))
    assert all(one.circular.can_forward for one in told)
    assert (await block.own(block.of.chair)).circulars[0].can_forward

    def forward(by):
        return pb.ForwardCircularRequest(
            speaker=by.speaker, circular_id=city.circular_id, remark="ぜひご参加ください。",
            association_id=block.of.association_id, targets=pb.Targets(everybody=True),
            request_id=a_request_id(),
        )  # fmt: skip

    first = await block.line.ask(block.line.circulars.ForwardCircular, forward(vice))
    second = await block.line.ask(block.line.circulars.ForwardCircular, forward(block.of.chair))

    assert second.circular.circular_id == first.circular.circular_id
    assert first.circular.content.body.startswith("ぜひご参加ください。")
    assert await block.waiting() == 4
    assert not (await block.own(block.of.chair)).circulars[0].can_forward
    with pytest.raises(CoreError, match="NOT_IN_OFFICE"):
        await block.line.ask(block.line.circulars.ForwardCircular, forward(block.of.plain))


@on_sqlite
async def test_what_the_city_writes_to_leaders_only_is_nobodys_to_pass_on(a_town: Town) -> None:
    block = await a_block(a_town)
    await block.told_all()
    targets = pb.Targets(all_associations=True, leaders_only=True)
    draft = a_draft("", None, title="会長会議", targets=targets)
    draft.content.on_board = True
    with pytest.raises(CoreError, match="FIELD_INVALID"):
        await block.staff.ask(block.staff.circulars.SaveCircular, draft)
    draft.content.on_board = False
    saved = (await block.staff.ask(block.staff.circulars.SaveCircular, draft)).circular
    publish = pb.PublishCircularRequest(
        circular_id=saved.circular_id, etag=saved.etag, request_id=a_request_id()
    )
    city = (await block.staff.ask(block.staff.circulars.PublishCircular, publish)).circular

    (told,) = await block.told_all()
    (own,) = (await block.own(block.of.chair)).circulars
    forward = pb.ForwardCircularRequest(
        speaker=block.of.chair.speaker, circular_id=city.circular_id,
        association_id=block.of.association_id, targets=pb.Targets(everybody=True),
        request_id=a_request_id(),
    )  # fmt: skip
    with pytest.raises(CoreError, match="CIRCULAR_FOR_LEADERS"):
        await block.line.ask(block.line.circulars.ForwardCircular, forward)
    listed = await block.staff.ask(block.staff.circulars.ListCirculars, pb.ListCircularsRequest())

    assert told.circular.leaders_only
    assert not told.circular.can_forward
    assert own.leaders_only
    assert not own.can_forward
    assert listed.circulars[0].targets == pb.Targets(leaders_only=True)
    with pytest.raises(CoreError, match="FIELD_INVALID"):
        await block.save(block.of.chair, targets=targets)


@on_sqlite
async def test_what_is_due_before_it_goes_out_late_is_returned_and_told_to_nobody(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    due = (a_town.clock() + timedelta(days=1)).date().isoformat()
    draft = await block.save(block.of.chair, due_date=due)
    at = a_town.clock() + timedelta(hours=3)
    await block.publish(block.of.chair, draft, publish_time=at)

    a_town.clock.pass_by(days=3)
    await a_town.running.jobs.run_due()

    [returned] = await block.told_all()
    assert returned.association.event == dispatches_pb2.ASSOCIATION_EVENT_CIRCULAR_RETURNED
    drafts = await block.listed(block.of.chair, state=pb.CIRCULAR_STATE_DRAFT)
    assert drafts == [draft.circular_id]
