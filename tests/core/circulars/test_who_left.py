"""A household that moves away: what it had not read is waited for no more, and it is told so."""

from tests.core.associations.makers import ask_to_join, decide, invite
from tests.core.associations.test_forgetting import end_household
from tests.core.circulars.makers import Block, a_block
from tests.makers import a_contact
from tests.town import Town, on_sqlite
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.residents_pb2 import Speaker


async def what_one_is(block: Block, external_id: str) -> pb.ListMembershipsResponse:
    request = pb.ListMembershipsRequest(speaker=Speaker(external_id=external_id))
    return await block.line.ask(block.line.circulars.ListMemberships, request)


@on_sqlite
async def test_who_left_without_having_read_is_waited_for_no_more_and_who_read_stays(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    goes, plain = block.of.members[1], block.of.plain
    sent = await block.send()
    await block.answer(plain, sent.circular_id)
    before = await block.receipts(block.of.chair, sent.circular_id)

    await end_household(block, goes.household_id)
    await end_household(block, plain.household_id)

    after = await block.receipts(block.of.chair, sent.circular_id)
    unread = await block.receipts(block.of.chair, sent.circular_id, unread=True)
    asked = pb.GetCircularRequest(speaker=block.of.chair.speaker, circular_id=sent.circular_id)
    whole = (await block.line.ask(block.line.circulars.GetCircular, asked)).circular
    left = {one.household.household_id for one in after.receipts}
    assert (before.households, before.read) == (4, 2)
    assert (after.households, after.read) == (whole.households, whole.read) == (3, 2)
    assert plain.household_id in left
    assert goes.household_id not in left
    assert len(unread.receipts) == 1


@on_sqlite
async def test_one_is_told_that_the_membership_ended_and_what_became_of_the_wish_to_join(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    goes = block.of.plain
    await end_household(block, goes.household_id)
    over = await what_one_is(block, goes.external_id)
    code = await invite(block.staff, block.of.association_id)
    asking = await a_contact(a_town, block.line)
    wish = await ask_to_join(block.line, asking.external_id, code)
    waits = await what_one_is(block, asking.external_id)
    await decide(block.staff, wish.join_request_id)
    refused = await what_one_is(block, asking.external_id)
    again = await ask_to_join(block.line, goes.external_id, code)
    await decide(block.staff, again.join_request_id, block.of.chair.household_id)
    back = await what_one_is(block, goes.external_id)

    assert list(over.memberships) == []
    [ended] = over.ended
    assert ended.association.association_id == block.of.association_id
    assert ended.HasField("end_time")
    assert [one.state for one in waits.join_requests] == [pb.JOIN_REQUEST_STATE_WAITING]
    assert [one.state for one in refused.join_requests] == [pb.JOIN_REQUEST_STATE_REFUSED]
    assert len(back.memberships) == 1
    assert list(back.ended) == []
