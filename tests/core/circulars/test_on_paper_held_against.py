"""What may be entered from paper: by whom, which answers, and all lines or none."""

import pytest

from tests.core.associations.makers import appoint
from tests.core.circulars.makers import (
    SEEN,
    YES_NO,
    a_block,
    a_vote,
    refusal_of,
)
from tests.core.circulars.paper_lines import (
    OPENED,
    UNREAD,
    answered,
    asked,
    coming,
    lines,
    nothing,
    read,
    voting,
)
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb


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
