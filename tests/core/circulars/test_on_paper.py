"""What comes back on the round sheet is entered, counted with the rest, and writes over nobody."""

import asyncio

import pytest

from core.callers import Role
from tests.core.circulars.makers import (
    a_block,
    a_vote,
)
from tests.core.circulars.paper_lines import (
    OPENED,
    PAPER,
    TAPPED,
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
from todoke.v1.activity_pb2 import ListEventsRequest


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
