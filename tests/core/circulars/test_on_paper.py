"""What comes back on the round sheet is entered, counted with the rest, and writes over nobody."""

import asyncio
from datetime import timedelta

import pytest

from core.callers import Role
from tests.core.associations.makers import Neighbour, appoint
from tests.core.circulars.makers import (
    SEEN,
    YES_NO,
    Block,
    a_block,
    a_vote,
    refusal_of,
)
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.activity_pb2 import ListEventsRequest

TAPPED, PAPER, OPENED = pb.RECEIPT_WAY_TAPPED, pb.RECEIPT_WAY_PAPER, pb.RECEIPT_WAY_OPENED
UNREAD = pb.RECEIPT_WAY_UNSPECIFIED


def coming(number: int) -> pb.HouseholdAnswer:
    return pb.HouseholdAnswer(attendance=pb.Attendance(coming=number))


def voting(choice: str) -> pb.HouseholdAnswer:
    return pb.HouseholdAnswer(vote=choice)


def answered(household_id: str, answer: pb.HouseholdAnswer) -> pb.PaperLine:
    return pb.PaperLine(household_id=household_id, answer=answer)


def read(household_id: str) -> pb.PaperLine:
    return pb.PaperLine(household_id=household_id, read=True)


def nothing(household_id: str) -> pb.PaperLine:
    return pb.PaperLine(household_id=household_id, read=False)


def in_days(town: Town, days: int) -> str:
    return (town.clock() + timedelta(days=days)).date().isoformat()


async def asked(block: Block, **fields) -> str:
    """Ask who comes, until in a week."""
    given = {"kind": pb.CIRCULAR_KIND_ATTENDANCE, "due_date": in_days(block.town, 7)}
    return (await block.send(**{**given, **fields})).circular_id


async def lines(block: Block, by: Neighbour, id: str, **fields) -> dict[str, pb.Receipt]:
    found = await block.receipts(by, id, **fields)
    return {one.household.household_id: one for one in found.receipts}


async def test_paper_is_counted_with_the_rest_and_tells_who_entered_it(a_town: Town) -> None:
    block = await a_block(a_town)
    chair, one, two, three = block.of.members
    id = await asked(block)
    await block.answer(one, id, coming(2))

    done = await block.enter(
        chair, id, answered(two.household_id, coming(3)), answered(three.household_id, coming(0))
    )

    assert (done.recorded, list(done.answered_themselves)) == (2, [])
    counted = await block.results(chair, id)
    assert dict(counted.results[0].counts) == {"coming": 5}
    assert (counted.electorate, counted.answered, counted.on_paper) == (4, 3, 2)
    shown = await lines(block, chair, id)
    entered = shown[two.household_id]
    assert (entered.way, entered.answer.attendance.coming) == (PAPER, 3)
    assert (entered.entered_by, entered.HasField("read_time")) == ("花子", False)
    assert entered.enter_time.ToDatetime() == a_town.clock().replace(tzinfo=None)
    # The circular does not show answers: what came on paper lay open, the rest did not.
    assert not shown[one.household_id].HasField("answer")
    [own] = [await block.open(two, id)]
    assert (own.receipt, own.answer.attendance.coming) == (PAPER, 3)


async def test_an_answer_of_ones_own_stands_and_takes_the_place_of_paper(a_town: Town) -> None:
    block = await a_block(a_town)
    chair, one, two, _ = block.of.members
    id = await asked(block)
    await block.answer(one, id, coming(2))

    done = await block.enter(
        chair, id, answered(one.household_id, coming(9)), answered(two.household_id, coming(9))
    )
    assert (done.recorded, list(done.answered_themselves)) == (1, [one.household_id])
    await block.answer(two, id, coming(1))

    shown = await lines(block, chair, id)
    assert {shown[who.household_id].way for who in (one, two)} == {TAPPED}
    assert shown[two.household_id].entered_by == ""
    assert not shown[two.household_id].HasField("enter_time")
    counted = await block.results(chair, id)
    assert dict(counted.results[0].counts) == {"coming": 3}
    assert counted.on_paper == 0
    again = await block.enter(chair, id, read(one.household_id), nothing(two.household_id))
    assert (again.recorded, list(again.answered_themselves)) == (0, [])


async def test_what_was_entered_is_mended_and_taken_back_until_the_due_date(a_town: Town) -> None:
    block = await a_block(a_town)
    chair, one, two, three = block.of.members
    id = await asked(block)
    await block.open(two, id)
    for number in (3, 4):
        line = answered(one.household_id, coming(number))
        assert (await block.enter(chair, id, line)).recorded == 1
    assert (await block.enter(chair, id, line)).recorded == 0
    await block.enter(chair, id, answered(two.household_id, coming(1)), read(three.household_id))

    taken_back = [nothing(who.household_id) for who in (two, three)]
    assert (await block.enter(chair, id, *taken_back)).recorded == 2

    shown = await lines(block, chair, id)
    # Who had opened it before has opened it again.
    ways = [shown[who.household_id].way for who in (one, two, three)]
    assert ways == [PAPER, OPENED, UNREAD]
    assert dict((await block.results(chair, id)).results[0].counts) == {"coming": 4}
    a_town.clock.pass_by(days=8)
    for late in (answered(one.household_id, coming(1)), nothing(one.household_id)):
        with pytest.raises(CoreError, match="CIRCULAR_CLOSED"):
            await block.enter(chair, id, late)
    # As a tap, that somebody read is taken later, too.
    assert (await block.enter(chair, id, read(three.household_id))).recorded == 1
    assert dict((await block.results(chair, id)).results[0].counts) == {"coming": 4}


@on_sqlite
async def test_each_line_stands_in_the_log_with_who_entered_it_and_not_what_it_says(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    chair, one, two, _ = block.of.members
    id = await asked(block)

    await block.enter(chair, id, answered(one.household_id, coming(3)), read(two.household_id))
    await block.enter(chair, id, nothing(one.household_id))

    auditor = await a_town.staff(Role.AUDITOR)
    found = await auditor.ask(
        auditor.activity.ListEvents, ListEventsRequest(subject=id, page_size=200)
    )
    newest = [one for one in found.events if one.kind == "circular.paper_recorded"]
    logged = newest[::-1]
    assert [(one.details["household"], one.details["what"]) for one in logged] == [
        (one.household_id, "answered"), (two.household_id, "read"),
        (one.household_id, "taken_back"),
    ]  # fmt: skip
    assert {one.on_behalf_of for one in logged} == {chair.member_id}
    assert all(
        set(one.details) == {"association", "version", "household", "what"} for one in logged
    )


@on_sqlite
async def test_a_head_enters_and_sees_the_own_group_and_members_nothing(a_town: Town) -> None:
    block = await a_block(a_town)
    chair, mine, head, other = block.of.members[0], *block.of.members[1:]
    group = block.of.groups[1].group_id
    await appoint(a_town, block.staff, block.of, head, pb.OFFICE_KIND_GROUP_HEAD, group_id=group)
    treasurer = mine
    await appoint(a_town, block.staff, block.of, treasurer, pb.OFFICE_KIND_TREASURER)
    id = await asked(block)
    line = answered(other.household_id, coming(2))

    assert (await block.enter(head, id, line)).recorded == 1

    for elsewhere in (chair, mine):
        with pytest.raises(CoreError, match="HOUSEHOLD_UNKNOWN"):
            await block.enter(head, id, line, answered(elsewhere.household_id, coming(2)))
    for nobody in (treasurer, other):
        with pytest.raises(CoreError, match="NOT_IN_OFFICE"):
            await block.enter(nobody, id, line)
    assert (await lines(block, head, id))[other.household_id].answer.attendance.coming == 2
    assert not (await lines(block, treasurer, id))[other.household_id].HasField("answer")
    assert set(await lines(block, chair, id, group_id=group)) == {
        head.household_id, other.household_id,
    }  # fmt: skip
    with pytest.raises(CoreError, match="NOT_IN_OFFICE"):
        await lines(block, head, id, group_id=block.of.groups[0].group_id)
    others = await a_block(a_town, line=block.line)
    with pytest.raises(CoreError) as foreign:
        await lines(block, chair, id, group_id=others.of.groups[0].group_id)
    assert foreign.value.reason == "GROUP_UNKNOWN"
    with pytest.raises(CoreError, match="CIRCULAR_UNKNOWN"):
        await block.enter(others.of.chair, id, line)


@on_sqlite
async def test_a_survey_from_paper_may_leave_questions_out_and_is_else_held_against_them(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    chair, one = block.of.members[:2]
    questions = [
        pb.CircularQuestion(key="day", text="いつ", options=YES_NO),
        pb.CircularQuestion(key="wish", text="ご意見"),
    ]
    id = await asked(block, kind=pb.CIRCULAR_KIND_SURVEY, questions=questions)

    def said(question: str, *choices: str, text: str = "") -> pb.PaperLine:
        given = pb.SurveyAnswer(question=question, choices=choices, text=text)
        survey = pb.SurveyAnswers(answers=[given])
        return answered(one.household_id, pb.HouseholdAnswer(survey=survey))

    for wrong, reason in (
        (said("day", "yes", "no"), "CIRCULAR_ANSWER_INVALID"),
        (said("day", "later"), "CIRCULAR_ANSWER_INVALID"),
        (answered(one.household_id, coming(1)), "CIRCULAR_ANSWER_INVALID"),
        (said("wish", text="番号は 1234 5678 9018"), "MY_NUMBER_REFUSED"),
    ):
        refused = await refusal_of(lambda w=wrong: block.enter(chair, id, w))
        assert refused.reason == reason
    await block.enter(chair, id, said("wish", text="花火を見たい"))

    day, wish = (await block.results(chair, id)).results
    assert dict(day.counts) == {"yes": 0, "no": 0}
    assert list(wish.texts) == ["花火を見たい"]


async def test_an_open_vote_of_households_is_entered_once_a_household(a_town: Town) -> None:
    block = await a_block(a_town)
    chair, one, two, three = block.of.members
    vote = a_vote(secret=False, quorum=50)
    id = await asked(block, kind=pb.CIRCULAR_KIND_VOTE, vote=vote)
    await block.answer(one, id, voting("no"))

    for choice in ("no", "yes"):
        await block.enter(
            chair, id, *(answered(who.household_id, voting(choice)) for who in (one, two, three))
        )
    counted = await block.results(chair, id)
    assert dict(counted.results[0].counts) == {"yes": 2, "no": 1}
    assert (counted.answered, counted.on_paper, counted.quorum_reached) == (3, 2, True)

    await block.enter(chair, id, nothing(two.household_id), read(three.household_id))
    counted = await block.results(chair, id)
    assert dict(counted.results[0].counts) == {"yes": 0, "no": 1}
    assert (counted.answered, counted.on_paper) == (1, 0)
    await block.answer(two, id, voting("yes"))
    assert (await block.results(chair, id)).answered == 2


@on_sqlite
async def test_secret_votes_those_of_members_and_notices_are_not_answered_on_paper(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    chair, one = block.of.members[:2]
    line = answered(one.household_id, voting("yes"))
    members = pb.ELECTORATE_MEMBERS
    for vote in (a_vote(secret=True), a_vote(secret=False, electorate=members)):
        id = await asked(block, kind=pb.CIRCULAR_KIND_VOTE, vote=vote)
        refused = await refusal_of(lambda i=id: block.enter(chair, i, line))
        assert refused.reason == "CIRCULAR_ANSWER_INVALID"
        assert refused.metadata["problem"] == "NOT_ON_PAPER"
        # That it was read on paper is another matter, and casts nothing.
        assert (await block.enter(chair, id, read(one.household_id))).recorded == 1
        await block.answer(one, id, voting("no"))
    notice = await block.send()
    with pytest.raises(CoreError, match="CIRCULAR_ANSWER_INVALID"):
        await block.enter(chair, notice.circular_id, answered(one.household_id, SEEN))
    assert (await block.enter(chair, notice.circular_id, read(one.household_id))).recorded == 1
    assert (await block.results(chair, notice.circular_id)).on_paper == 1


@on_sqlite
async def test_all_lines_are_taken_or_none(a_town: Town) -> None:
    block = await a_block(a_town)
    chair, one, two, _ = block.of.members
    id = await asked(block)
    sound = answered(one.household_id, coming(2))

    for wrong in (answered(two.household_id, voting("yes")), read(one.household_id)):
        with pytest.raises(CoreError, match="CIRCULAR_ANSWER_INVALID"):
            await block.enter(chair, id, sound, wrong)
    assert {line.way for line in (await lines(block, chair, id)).values()} <= {UNREAD, OPENED}


async def test_of_a_household_that_answers_while_paper_is_entered_its_own_answer_stands(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    chair, one = block.of.members[:2]
    vote = a_vote(secret=False)
    id = await asked(block, kind=pb.CIRCULAR_KIND_VOTE, vote=vote)

    await asyncio.gather(
        block.enter(chair, id, answered(one.household_id, voting("no"))),
        block.answer(one, id, voting("yes")),
        block.enter(chair, id, answered(one.household_id, voting("no"))),
    )

    assert (await lines(block, chair, id))[one.household_id].way == TAPPED
    counted = await block.results(chair, id)
    assert dict(counted.results[0].counts) == {"yes": 1, "no": 0}
