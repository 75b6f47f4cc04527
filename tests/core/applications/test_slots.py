"""Places of which there are so many: never more are filed, and who comes late is asked again."""

import asyncio

from tests.core.applications.procedures import WASTE, publish
from tests.core.applications.talks import Talk, problems, turn_id
from tests.makers import a_contact
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import procedures_pb2

MONDAY = procedures_pb2.GivenSlot(value="monday", quantity=1)


async def choosing(town: Town, people: int) -> list[tuple[Talk, str]]:
    """Let so many choose Monday, all before anybody files."""
    line = await town.channel("line")
    talks = [Talk(line, (await a_contact(town, line)).external_id) for _ in range(people)]
    ids = [turn_id(await talk.begin("bulky_waste")) for talk in talks]
    for talk, id in zip(talks, ids, strict=True):
        await talk.answer(id, "day", slot=MONDAY)
    return list(zip(talks, ids, strict=True))


async def test_only_so_many_are_filed_at_once_and_the_others_are_asked_again(
    a_town: Town,
) -> None:
    await publish(a_town, WASTE)
    people = await choosing(a_town, 6)

    ends = await asyncio.gather(*(talk.submit(id) for talk, id in people), return_exceptions=True)
    refusals = [one for one in ends if isinstance(one, CoreError)]
    late = next(pair for pair, one in zip(people, ends, strict=True) if one in refusals)
    asked = await late[0].prompt(late[1])
    full = await late[0].answer(late[1], "day", slot=MONDAY)
    friday = await late[0].say("金曜")

    assert len(ends) - len(refusals) == 2
    assert {one.reason for one in refusals} == {"SLOT_FULL"}
    assert refusals[0].metadata == {"step": "day", "slot": "monday"}
    assert {choice.value: choice.full for choice in asked.prompt.choices} == {
        "monday": True,
        "friday": False,
    }
    assert problems(full) == ["slot_full"]
    assert [line.value for line in friday.review.lines] == ["金曜"]


@on_sqlite
async def test_a_place_that_is_given_back_is_free_again(a_town: Town) -> None:
    await publish(a_town, WASTE.replace("decided: false", "decided: true"))
    (one, first), (_, second), (late, third) = people = await choosing(a_town, 3)
    for talk, id in people[:2]:
        await talk.submit(id)
    before = await late.prompt(third)
    await one.withdraw(first)
    after = await late.prompt(third)

    assert second
    assert before.prompt.step == "day"
    assert after.review.lines[0].value == "月曜"
    assert (await late.submit(third)).HasField("closing")
