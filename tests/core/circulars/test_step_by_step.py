"""A draft is written step by step: it may lack something, and it may be one's next version."""

from datetime import timedelta

import pytest

from tests.core.associations.makers import Neighbour, appoint
from tests.core.circulars.makers import YES_NO, Block, a_block, a_draft, people, refusal_of
from tests.core.circulars.test_in_parts import correct, occasions
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

SURVEY, VOTE = pb.CIRCULAR_KIND_SURVEY, pb.CIRCULAR_KIND_VOTE
HOUSEHOLDS = pb.ELECTORATE_HOUSEHOLDS


def a_question(*options: pb.CircularOption) -> pb.CircularQuestion:
    return pb.CircularQuestion(key="q1", text="どちらがよいですか", options=options)


async def begin(
    block: Block, by: Neighbour, of: pb.Circular, *, correction: str = "", **content
) -> pb.Circular:
    """Keep a draft of the next version of what is out."""
    request = a_draft(block.of.association_id, by, **content)
    request.corrects_id, request.correction = of.circular_id, correction
    return (await block.line.ask(block.line.circulars.SaveCircular, request)).circular


async def shown(block: Block, id: str) -> pb.Circular:
    request = pb.GetCircularRequest(speaker=block.of.chair.speaker, circular_id=id)
    return (await block.line.ask(block.line.circulars.GetCircular, request)).circular


@pytest.mark.parametrize(
    ("kind", "content", "lacks"),
    [
        (SURVEY, {}, ["content.questions"]),
        (SURVEY, {"questions": [a_question(YES_NO[0])]}, ["content.questions"]),
        (VOTE, {"vote": pb.VoteRules(electorate=HOUSEHOLDS)}, ["content.vote.options", "due_date"]),
        (VOTE, {"vote": pb.VoteRules(electorate=HOUSEHOLDS, options=YES_NO)}, ["due_date"]),
    ],
)  # fmt: skip
@on_sqlite
async def test_a_draft_may_lack_what_it_needs_to_go_out_and_says_what(
    a_town: Town, kind: pb.CircularKind.ValueType, content: dict, lacks: list[str]
) -> None:
    block = await a_block(a_town)
    chair = block.of.chair

    draft = await block.save(chair, kind=kind, **content)

    assert list(draft.lacks) == list((await shown(block, draft.circular_id)).lacks) == lacks
    refused = await refusal_of(lambda: block.publish(chair, draft))
    assert refused.reason == "FIELD_INVALID"
    assert [one.field for one in refused.violations] == lacks[:1]
    assert await block.waiting() == 0


@on_sqlite
async def test_a_draft_that_lacks_nothing_goes_out(a_town: Town) -> None:
    block = await a_block(a_town)
    draft = await block.save(block.of.chair, kind=SURVEY, questions=[a_question()])

    assert list(draft.lacks) == []
    sent = await block.publish(block.of.chair, draft)

    assert (sent.state, list(sent.lacks)) == (pb.CIRCULAR_STATE_PUBLISHED, [])


async def test_the_draft_of_a_next_version_becomes_it_and_is_gone(a_town: Town) -> None:
    block = await a_block(a_town)
    chair, reader = block.of.chair, block.of.plain
    sent = await block.send(due_date=(a_town.clock() + timedelta(days=9)).date().isoformat())
    await block.answer(reader, sent.circular_id)
    await block.told_all()

    draft = await begin(block, chair, sent, body="土曜日に清掃します。", title="清掃")
    assert (draft.state, draft.corrects_id, draft.version) == (1, sent.circular_id, 2)
    assert (list(draft.lacks), draft.due_date) == (["correction"], sent.due_date)
    with pytest.raises(CoreError, match="FIELD_INVALID"):
        await block.publish(chair, draft)
    assert await block.waiting() == 0

    request = a_draft(
        block.of.association_id, chair, circular_id=draft.circular_id, etag=draft.etag,
        title="清掃", body="土曜日に清掃します。",
        targets=pb.Targets(household_ids=[chair.household_id]), kind=pb.CIRCULAR_KIND_ATTENDANCE,
    )  # fmt: skip
    request.correction = "曜日を直しました"
    draft = (await block.line.ask(block.line.circulars.SaveCircular, request)).circular
    # For whom it is and what it asks stays as it went out.
    assert (draft.kind, draft.targets.everybody) == (pb.CIRCULAR_KIND_NOTICE, True)
    out = await block.publish(chair, draft)

    assert (out.circular_id, out.version, out.correction) == (
        sent.circular_id, 2, "曜日を直しました",
    )  # fmt: skip
    assert out.content.body == "土曜日に清掃します。"
    assert await block.listed(chair) == [sent.circular_id]
    told = await block.told_all()
    assert occasions(told) == {"CORRECTED": [reader.external_id]}
    assert told[0].circular.remark == "曜日を直しました"
    with pytest.raises(CoreError, match="WRONG_STATE"):
        await block.publish(chair, await shown(block, draft.circular_id))


@on_sqlite
async def test_what_was_corrected_meanwhile_is_not_written_over(a_town: Town) -> None:
    block = await a_block(a_town)
    sent = await block.send()
    draft = await begin(block, block.of.chair, sent, body="土曜日", correction="曜日")
    assert not (await shown(block, draft.circular_id)).overtaken
    await correct(block, sent, "月曜日")
    assert (await shown(block, draft.circular_id)).overtaken

    with pytest.raises(CoreError, match="CHANGED_MEANWHILE"):
        await block.publish(block.of.chair, draft)

    assert (await shown(block, sent.circular_id)).content.body == "月曜日"
    later = await begin(block, block.of.chair, sent, body="土曜日", correction="曜日")
    again = await begin(block, block.of.chair, sent, body="日曜日", correction="曜日")
    # What was overtaken does not stay beside: it is begun anew itself.
    assert again.circular_id == later.circular_id == draft.circular_id
    assert not (await shown(block, draft.circular_id)).overtaken
    with pytest.raises(CoreError, match="CHANGED_MEANWHILE"):
        await block.publish(block.of.chair, later)
    later = again
    assert (await block.publish(block.of.chair, later)).version == 3


@on_sqlite
async def test_a_next_version_goes_out_at_once_or_not_at_all(a_town: Town) -> None:
    block = await a_block(a_town)
    chair, sent = block.of.chair, await block.send()
    draft = await begin(block, chair, sent, body="土曜日", correction="曜日")
    time = pb.PublishCircularRequest().publish_time
    time.FromDatetime(a_town.clock() + timedelta(days=1))

    refused = await refusal_of(lambda: block.publish(chair, draft, publish_time=time))
    assert [one.field for one in refused.violations] == ["publish_time"]

    gone = pb.WithdrawCircularRequest(
        speaker=chair.speaker, circular_id=draft.circular_id, reason="やめる", etag=draft.etag,
        request_id=a_draft("", None).request_id,
    )  # fmt: skip
    await block.line.ask(block.line.circulars.WithdrawCircular, gone)
    assert await block.listed(chair) == [sent.circular_id]
    assert (await shown(block, sent.circular_id)).version == 1


@on_sqlite
async def test_who_may_not_correct_it_begins_no_next_version(a_town: Town) -> None:
    block = await a_block(a_town)
    head = block.of.members[1]
    await appoint(
        a_town, block.staff, block.of, head, pb.OFFICE_KIND_GROUP_HEAD,
        group_id=block.of.groups[0].group_id,
    )  # fmt: skip
    sent, draft = await block.send(), await block.save(block.of.chair)

    for who in (head, block.of.plain):
        with pytest.raises(CoreError, match="NOT_IN_OFFICE"):
            await begin(block, who, sent)
    with pytest.raises(CoreError, match="WRONG_STATE"):
        await begin(block, block.of.chair, draft)
    await block.told_all()
    assert people(await block.told_all()) == []
