"""The section enters round sheets that an association handed in, by keys alone."""

from datetime import timedelta

from core.callers import Role
from tests import town
from tests.core.associations.makers import Neighbourhood, an_association
from tests.core.circulars.makers import YES_NO, Block
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from tests.tui.test_associations_with_the_real_core import opened, the_associations
from tests.tui.test_people_at_eighty import assert_fits, assert_keys_are_seen
from todoke.v1 import circulars_pb2 as pb
from tui.screens.paper import PaperScreen
from tui.screens.rounds import RoundsScreen

REASON = "用紙を窓口で預かった"


async def a_block(hall: town.Town) -> Block:
    staff, line = await hall.staff(), await hall.channel()
    of: Neighbourhood = await an_association(hall, staff, line)
    return Block(hall, line, staff, of)


async def at_the_sheets(sitting: Sitting) -> None:
    """Open the sheets of what went round last, for a reason."""
    await the_associations(sitting)
    await opened(sitting)
    await sitting.press("v")
    await sitting.until(lambda: isinstance(sitting.screen, RoundsScreen) and sitting.screen.row)
    await asking(sitting, "p")
    await fill_in(sitting, reason=REASON)
    await sitting.until(lambda: isinstance(sitting.screen, PaperScreen) and sitting.screen.row)


async def receipts(block: Block, sent: pb.Circular) -> list[pb.Receipt]:
    return list((await block.receipts(block.of.chair, sent.circular_id)).receipts)


async def test_who_read_a_notice_on_paper_is_entered_and_taken_back(hall: town.Town) -> None:
    await hire(hall, "ono", Role.ASSOCIATIONS)
    block = await a_block(hall)
    sent = await block.send()
    async with sat_down(hall, "ono") as sitting:
        await at_the_sheets(sitting)
        assert_fits(sitting)
        assert_keys_are_seen(sitting, "enter_line", "take_back_line")
        await sitting.sees("家11")
        assert "清掃" not in sitting.text  # Of what the circular says nothing is shown.
        await sitting.press("down")
        await asking(sitting, "d")
        await act(sitting)
        await sitting.sees("読んだと入れました")
        second = (await receipts(block, sent))[1]
        assert (second.way, second.entered_by) == (pb.RECEIPT_WAY_PAPER, "総社市")
        await asking(sitting, "x")
        await sitting.sees("紙では読んでいない世帯に戻します")
        await act(sitting)
        await sitting.sees("取り消しました")
        assert (await receipts(block, sent))[1].way == pb.RECEIPT_WAY_UNSPECIFIED


async def test_what_a_survey_asks_is_read_for_the_same_reason_and_its_answers_entered(
    hall: town.Town,
) -> None:
    await hire(hall, "ono", Role.ASSOCIATIONS)
    block = await a_block(hall)
    due = (hall.clock() + timedelta(days=9)).date().isoformat()
    questions = [
        pb.CircularQuestion(key="q1", text="開きますか", options=YES_NO),
        pb.CircularQuestion(key="q2", text="曜日", options=YES_NO, several=True),
        pb.CircularQuestion(key="q3", text="ご意見"),
    ]
    sent = await block.send(kind=pb.CIRCULAR_KIND_SURVEY, questions=questions, due_date=due)
    await block.answer(
        block.of.plain, sent.circular_id,
        pb.HouseholdAnswer(survey=pb.SurveyAnswers(answers=[
            pb.SurveyAnswer(question="q1", choices=["no"]),
            pb.SurveyAnswer(question="q2", choices=["no"]),
        ])),
    )  # fmt: skip
    await block.told_all()
    async with sat_down(hall, "ono") as sitting:
        await at_the_sheets(sitting)
        [inspected] = await block.told_all()
        assert inspected.association.reason == REASON
        await sitting.press("down")
        await asking(sitting, "d")
        await act(sitting)
        await sitting.sees("答えが一つもありません")
        sitting.screen.query_one("#field-q2-yes").value = True
        await fill_in(sitting, q1="yes", q3="よろしく")
        await sitting.sees("答えを入れました")
        await sitting.press("down", "down")
        await asking(sitting, "d")
        await fill_in(sitting, q1="yes")
        await sitting.sees("自分で答えています")

    counted = await block.results(block.of.chair, sent.circular_id)
    by_question = {one.question: dict(one.counts) for one in counted.results}
    assert by_question["q1"] == {"yes": 1, "no": 1}
    assert by_question["q2"] == {"yes": 1, "no": 1}
    assert list(counted.results[2].texts) == ["よろしく"]
    assert counted.on_paper == 1
