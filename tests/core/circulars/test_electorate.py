"""Who has a vote is decided when it goes out, and each of them has one, wherever they go then."""

from datetime import timedelta

from tests.cards import Cards, a_holder
from tests.core.access.links import joined, speaking
from tests.core.associations.makers import Neighbour, joins
from tests.core.circulars.makers import Block, a_block, a_vote, refusal_of
from tests.makers import a_resident
from tests.town import Town, on_sqlite
from todoke.v1 import circulars_pb2 as pb

YES = pb.HouseholdAnswer(vote="yes")


async def a_poll_of_members(block: Block, **fields) -> str:
    due = (block.town.clock() + timedelta(days=3)).date().isoformat()
    rules = a_vote(secret=True, electorate=pb.ELECTORATE_MEMBERS, quorum=100)
    sent = await block.send(kind=pb.CIRCULAR_KIND_VOTE, due_date=due, vote=rules, **fields)
    return sent.circular_id


async def moves(block: Block, who: Neighbour, household: pb.Household) -> Neighbour:
    """Let a member go over to another household by its code."""
    return await joins(
        block.town, block.staff, block.line, block.of, household.household_id,
        external_id=who.external_id,
    )  # fmt: skip


@on_sqlite
async def test_who_goes_over_to_another_household_neither_gains_nor_loses_a_vote(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    [_, second, third, fourth], homes = block.of.members, block.of.households
    family = await joins(a_town, block.staff, block.line, block.of, homes[0].household_id)
    poll = await a_poll_of_members(block, targets=pb.Targets(group_ids=[homes[0].group_id]))
    a_town.clock.pass_by(hours=1)

    await block.answer(second, poll, YES)
    await moves(block, second, homes[3])
    await moves(block, third, homes[0])
    gained = await refusal_of(lambda: block.answer(third, poll, YES))
    await moves(block, family, homes[1])
    await block.answer(family, poll, YES)
    await moves(block, fourth, homes[1])

    assert (gained.reason, gained.metadata["problem"]) == ("CIRCULAR_ANSWER_INVALID", "NO_VOTE")
    a_town.clock.pass_by(days=4)
    counted = await block.results(block.of.chair, poll)
    assert (counted.electorate, counted.answered) == (3, 2)


@on_sqlite
async def test_who_joins_again_from_another_place_is_the_same_member_with_one_vote(
    a_town: Town, cards: Cards
) -> None:
    block = await a_block(a_town)
    person, web = block.of.plain, await a_town.channel("web")
    await a_resident(a_town, block.line, cards.issue(a_holder()), external_id=person.external_id)
    browser = await joined(a_town, block.line, speaking(person.external_id), web)

    again = await joins(
        a_town, block.staff, web, block.of, person.household_id, external_id=browser
    )
    poll = await a_poll_of_members(block)
    await block.answer(person, poll, YES)
    at_home = Block(a_town, web, block.staff, block.of)
    refused = await refusal_of(lambda: at_home.answer(again, poll, YES))

    assert again.member_id == person.member_id
    assert refused.reason == "VOTE_CAST"
