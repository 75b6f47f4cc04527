"""What officers do of a circular that is out, the city's looks, the screen, and comments."""

import asyncio
from datetime import timedelta

import pytest

from tests.core.associations.makers import Neighbour, joins
from tests.core.circulars.makers import Block, a_block, people, refusal_of
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import circulars_pb2 as pb

NOBODYS = "0192f0c1-2f8e-7b6a-9c00-000000000000"


@on_sqlite
async def test_comments_are_off_unless_allowed_and_taken_away_by_writer_or_officer(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    writer, other = block.of.members[2:]
    silent, sent = await block.send(), await block.send(comments_allowed=True)

    async def comment(who: Neighbour, circular: pb.Circular) -> pb.Comment:
        request = pb.AddCommentRequest(
            speaker=who.speaker, circular_id=circular.circular_id, text="参加します",
            request_id=a_request_id(),
        )  # fmt: skip
        return (await block.line.ask(block.line.circulars.AddComment, request)).comment

    async def hide(who: Neighbour, one: pb.Comment) -> None:
        request = pb.HideCommentRequest(
            speaker=who.speaker, comment_id=one.comment_id, request_id=a_request_id()
        )
        await block.line.ask(block.line.circulars.HideComment, request)

    async def listed(who: Neighbour) -> list[bool]:
        """Return, of every comment, whether who looks may take it away."""
        request = pb.ListCommentsRequest(speaker=who.speaker, circular_id=sent.circular_id)
        answer = await block.line.ask(block.line.circulars.ListComments, request)
        return [one.can_hide for one in answer.comments]

    with pytest.raises(CoreError, match="COMMENTS_OFF"):
        await comment(writer, silent)
    first, second = await comment(writer, sent), await comment(writer, sent)
    assert await listed(other) == [False, False]
    assert await listed(writer) == await listed(block.of.chair) == [True, True]
    with pytest.raises(CoreError, match="NOT_IN_OFFICE"):
        await hide(other, first)
    await hide(writer, first)
    await hide(block.of.chair, second)
    assert await listed(other) == []
    with pytest.raises(CoreError, match="COMMENT_UNKNOWN"):
        await hide(writer, first)


@on_sqlite
async def test_officers_look_words_up_in_all_that_they_may_see(a_town: Town) -> None:
    block = await a_block(a_town)
    sent = await block.send(title="夏祭り", body="屋台の手伝い")
    await block.send(title="清掃", body="側溝")

    async def found(words: str, who: Neighbour, **page: int) -> list[str]:
        request = pb.ListCircularsRequest(
            speaker=who.speaker, association_id=block.of.association_id, words=words, **page
        )
        answer = await block.line.ask(block.line.circulars.ListCirculars, request)
        return [one.circular_id for one in answer.circulars]

    assert len(await found(" ", block.of.chair)) == 2
    assert await found("手伝い 夏祭", block.of.chair, page_size=1) == [sent.circular_id]
    assert await found("側溝 夏祭", block.of.chair) == []
    with pytest.raises(CoreError, match="NOT_IN_OFFICE"):
        await found("夏祭", block.of.plain)


@on_sqlite
async def test_the_unread_are_reminded_once_a_day_and_paper_is_written_down(a_town: Town) -> None:
    block = await a_block(a_town)
    chair = block.of.chair
    sent = await block.send()
    await block.told_all()
    await block.answer(block.of.plain, sent.circular_id)
    on_paper = block.of.members[1].household_id

    async def remind() -> pb.RemindUnreadResponse:
        request = pb.RemindUnreadRequest(
            speaker=chair.speaker, circular_id=sent.circular_id, request_id=a_request_id()
        )
        return await block.line.ask(block.line.circulars.RemindUnread, request)

    async def record(*households: str) -> int:
        lines = [pb.PaperLine(household_id=id, read=True) for id in households]
        return (await block.enter(chair, sent.circular_id, *lines)).recorded

    assert await record(on_paper, block.of.plain.household_id) == 1
    assert (await remind()).reminded == 1
    assert people(await block.told_all()) == [block.of.members[2].external_id]
    with pytest.raises(CoreError, match="REMINDED_TODAY"):
        await remind()
    a_town.clock.pass_by(days=1)
    assert (await remind()).reminded == 1
    with pytest.raises(CoreError, match="HOUSEHOLD_UNKNOWN"):
        await record(NOBODYS)


@on_sqlite
async def test_who_sends_corrects_or_passes_on_has_read_and_is_neither_reminded_nor_told_of_it(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    chair = block.of.chair
    family = await joins(a_town, block.staff, block.line, block.of, chair.household_id)
    sent = await block.send()
    coming = await block.send(kind=pb.CIRCULAR_KIND_ATTENDANCE)
    await block.told_all()

    unread = (await block.receipts(chair, sent.circular_id, unread=True)).receipts
    listed = (await block.own(chair)).circulars
    await correct(block, sent)
    [told] = await block.told_all()

    assert chair.household_id not in {one.household.household_id for one in unread}
    # A notice asks for no more; whether somebody comes, the chair has still to say.
    assert [(one.circular.circular_id, one.receipt) for one in listed] == [
        (coming.circular_id, pb.RECEIPT_WAY_OPENED),
        (sent.circular_id, pb.RECEIPT_WAY_TAPPED),
    ]
    assert list(told.recipients) == [family.external_id]
    [own] = [
        one
        for one in (await block.receipts(chair, sent.circular_id)).receipts
        if one.household.household_id == chair.household_id
    ]
    assert own.version == 2


async def correct(block: Block, sent: pb.Circular) -> pb.Circular:
    request = pb.CorrectCircularRequest(
        speaker=block.of.chair.speaker, circular_id=sent.circular_id, etag=sent.etag,
        content=pb.CircularContent(title=sent.content.title, body="土曜日に清掃します。"),
        correction="曜日を直しました", request_id=a_request_id(),
    )  # fmt: skip
    return (await block.line.ask(block.line.circulars.CorrectCircular, request)).circular


@on_sqlite
async def test_staff_see_nothing_of_what_goes_round_but_with_a_reason_that_the_chair_reads(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    sent, draft = await block.send(), await block.save(block.of.chair)
    await block.told_all()
    staff = block.staff.circulars

    for asked in (
        lambda: block.staff.ask(
            staff.GetCircularResults, pb.GetCircularResultsRequest(circular_id=sent.circular_id)
        ),
        lambda: block.staff.ask(
            staff.PreviewCircular, pb.PreviewCircularRequest(circular_id=draft.circular_id)
        ),
        lambda: block.staff.ask(staff.InspectCircular, inspection(draft)),
    ):
        assert (await refusal_of(asked)).reason == "CIRCULAR_UNKNOWN"
    wanted = pb.ListCircularsRequest(association_id=block.of.association_id)
    with pytest.raises(CoreError, match="ASSOCIATION_UNKNOWN"):
        await block.staff.ask(staff.ListCirculars, wanted)
    shown = (await block.staff.ask(staff.InspectCircular, inspection(sent))).circular

    assert shown.content.body == "日曜日に公園を清掃します。"
    [told] = await block.told(1)
    assert list(told.recipients) == [block.of.chair.external_id]
    assert told.association.reason == "苦情の申し出"


def inspection(circular: pb.Circular) -> pb.InspectCircularRequest:
    return pb.InspectCircularRequest(
        circular_id=circular.circular_id, reason="苦情の申し出", request_id=a_request_id()
    )


@on_sqlite
async def test_the_screen_shows_what_was_made_public_until_its_due_date(a_town: Town) -> None:
    block = await a_block(a_town)
    due = (a_town.clock() + timedelta(days=1)).date().isoformat()
    await block.send(title="内輪")
    await block.send(title="公開", on_board=True, due_date=due)

    async def titles() -> list[str]:
        request = pb.ListBoardNoticesRequest(association_id=block.of.association_id)
        found = await block.line.ask(block.line.circulars.ListBoardNotices, request)
        return [one.title for one in found.notices]

    assert await titles() == ["公開"]
    a_town.clock.pass_by(days=2)
    assert await titles() == []


@on_sqlite
async def test_who_consented_and_stopped_reading_is_marked_and_nobody_else(a_town: Town) -> None:
    block = await a_block(a_town)
    consented, silent, reads = block.of.members[1:]
    for who in (consented, reads):
        request = pb.SetCareRequest(
            speaker=who.speaker, household_id=who.household_id, consented=True,
            request_id=a_request_id(),
        )  # fmt: skip
        await block.line.ask(block.line.circulars.SetCare, request)

    async def marked(core: Core, by: Neighbour | None) -> set[str]:
        request = pb.ListHouseholdsRequest(
            speaker=by.speaker if by else None, association_id=block.of.association_id
        )
        found = await core.ask(core.circulars.ListHouseholds, request)
        return {one.household.household_id for one in found.households if one.care}

    for number in range(3):
        sent = await block.send(title=f"お知らせ{number}")
        a_town.clock.pass_by(days=6)
    await block.answer(reads, sent.circular_id)

    assert await marked(block.line, block.of.chair) == {consented.household_id}
    assert silent.household_id != consented.household_id
    assert await marked(await a_town.staff(), None) == set()
    await block.open(consented, sent.circular_id)
    assert await marked(block.line, block.of.chair) == set()


async def test_of_two_of_a_family_who_act_at_once_neither_undoes_the_other(a_town: Town) -> None:
    block = await a_block(a_town)
    member = block.of.plain
    family = await joins(a_town, block.staff, block.line, block.of, member.household_id)
    sent = await block.send()

    await asyncio.gather(
        block.answer(member, sent.circular_id),
        *(block.open(family, sent.circular_id) for _ in range(3)),
    )

    lines = (await block.receipts(block.of.chair, sent.circular_id)).receipts
    assert lines[3].way == pb.RECEIPT_WAY_TAPPED
