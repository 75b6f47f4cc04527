"""A proxy reads and answers the circulars of whom they act for, where that was agreed."""

import pytest

from tests.adapter import an_adapter
from tests.cards import Cards, a_holder
from tests.core.access.links import joined, speaking
from tests.core.associations.makers import joins
from tests.core.circulars.makers import SEEN, Block, a_block, people
from tests.core.proxies.people import a_proxy, end, terms
from tests.makers import Registered, a_contact, a_request_id, a_resident
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb
from todoke.v1 import dispatches_pb2, proxies_pb2
from todoke.v1.dispatches_pb2 import (
    BLAME_RECIPIENTS,
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_REFUSED,
)
from todoke.v1.residents_pb2 import Speaker


async def mother_and_daughter(town: Town, cards: Cards) -> tuple[Block, Registered, Registered]:
    """Let a member of the last household register, and somebody who is no member."""
    block = await a_block(town)
    mother = await a_resident(
        town, block.line, cards.issue(a_holder()), external_id=block.of.plain.external_id
    )
    daughter = await a_resident(town, block.line, cards.issue(a_holder()))
    return block, mother, daughter


async def memberships(block: Block, speaker: Speaker) -> list[pb.Membership]:
    request = pb.ListMembershipsRequest(speaker=speaker)
    return list((await block.line.ask(block.line.circulars.ListMemberships, request)).memberships)


async def own(block: Block, speaker: Speaker) -> list[pb.OwnCircular]:
    request = pb.ListOwnCircularsRequest(speaker=speaker)
    return list((await block.line.ask(block.line.circulars.ListOwnCirculars, request)).circulars)


@on_sqlite
async def test_a_proxy_reads_and_answers_for_the_household_until_it_ends(
    a_town: Town, cards: Cards
) -> None:
    block, mother, daughter = await mother_and_daughter(a_town, cards)
    agreed = await a_proxy(block.line, mother, daughter, terms(proxies_pb2.PROXY_SCOPE_CIRCULARS))
    sent = await block.send()
    for_mother = Speaker(external_id=daughter.external_id, for_resident_id=mother.resident_id)

    [listed] = await own(block, for_mother)
    assert listed.circular.circular_id == sent.circular_id
    assert await own(block, Speaker(external_id=daughter.external_id)) == []
    [membership] = await memberships(block, for_mother)
    assert membership.member_id == block.of.plain.member_id
    answer = pb.AnswerCircularRequest(
        speaker=for_mother, circular_id=sent.circular_id, answer=SEEN, request_id=a_request_id()
    )
    await block.line.ask(block.line.circulars.AnswerCircular, answer)
    lines = (await block.receipts(block.of.chair, sent.circular_id)).receipts
    ways = {one.household.household_id: one.way for one in lines}
    assert ways[block.of.plain.household_id] == pb.RECEIPT_WAY_TAPPED

    await end(block.line, speaking(mother.external_id), agreed.proxy_id)
    for asked in (own, memberships):
        with pytest.raises(CoreError, match="PROXY_NOT_GRANTED"):
            await asked(block, for_mother)


@on_sqlite
async def test_who_may_apply_for_another_reads_no_circulars_of_theirs(
    a_town: Town, cards: Cards
) -> None:
    block, mother, daughter = await mother_and_daughter(a_town, cards)
    await a_proxy(block.line, mother, daughter, terms(proxies_pb2.PROXY_SCOPE_APPLY))
    sent = await block.send()
    for_mother = Speaker(external_id=daughter.external_id, for_resident_id=mother.resident_id)
    opening = pb.OpenCircularRequest(
        speaker=for_mother, circular_id=sent.circular_id, request_id=a_request_id()
    )

    for asked in (own, memberships):
        with pytest.raises(CoreError, match="PROXY_NOT_GRANTED"):
            await asked(block, for_mother)
    with pytest.raises(CoreError, match="PROXY_NOT_GRANTED"):
        await block.line.ask(block.line.circulars.OpenCircular, opening)
    lines = (await block.receipts(block.of.chair, sent.circular_id, unread=True)).receipts
    assert block.of.plain.household_id in {one.household.household_id for one in lines}


async def circulars_told(block: Block) -> list[dispatches_pb2.Dispatch]:
    return [one for one in await block.told_all() if one.HasField("circular")]


async def test_a_proxy_is_told_apart_and_for_whom_as_long_as_the_proxy_goes_on(
    a_town: Town, cards: Cards
) -> None:
    block, mother, daughter = await mother_and_daughter(a_town, cards)
    agreed = await a_proxy(block.line, mother, daughter, terms(proxies_pb2.PROXY_SCOPE_CIRCULARS))
    await block.told_all()

    await block.send()
    told = await circulars_told(block)
    await block.send(title="夏祭り")  # Waits.
    await end(block.line, speaking(mother.external_id), agreed.proxy_id)
    waited = await circulars_told(block)
    await block.send(title="総会")
    after = await circulars_told(block)

    members = sorted(one.external_id for one in block.of.members)
    assert people(told) == sorted([*members, daughter.external_id])
    [apart] = [one for one in told if one.circular.for_resident_id]
    assert list(apart.recipients) == [daughter.external_id]
    assert apart.circular.for_resident_id == mother.resident_id
    assert apart.circular.on_behalf_of
    assert people(waited) == people(after) == members
    assert not any(one.circular.for_resident_id for one in (*waited, *after))


@on_sqlite
async def test_a_proxy_of_the_same_household_is_told_once_and_reminded_until_it_is_read(
    a_town: Town, cards: Cards
) -> None:
    block, mother, daughter = await mother_and_daughter(a_town, cards)
    await a_proxy(block.line, mother, daughter, terms(proxies_pb2.PROXY_SCOPE_CIRCULARS))
    son = await a_resident(a_town, block.line, cards.issue(a_holder()))
    await a_proxy(block.line, mother, son, terms(proxies_pb2.PROXY_SCOPE_CIRCULARS))
    home = block.of.plain.household_id
    joined = await joins(
        a_town, block.staff, block.line, block.of, home, external_id=daughter.external_id
    )
    await block.told_all()
    sent = await block.send()
    told = await circulars_told(block)
    remind = pb.RemindUnreadRequest(
        speaker=block.of.chair.speaker, circular_id=sent.circular_id, request_id=a_request_id()
    )

    await block.line.ask(block.line.circulars.RemindUnread, remind)
    await block.answer(joined, sent.circular_id)
    await block.send(title="夏祭り")
    after = await block.told(3)

    assert people(told).count(daughter.external_id) == 1
    assert people(told).count(son.external_id) == 1
    # It was read before the reminder went out.
    [reminded] = [one for one in after if one.circular.title == sent.content.title]
    assert reminded.circular.occasion == dispatches_pb2.CIRCULAR_OCCASION_REMINDER
    assert not {son.external_id, daughter.external_id} & set(reminded.recipients)


@on_sqlite
async def test_a_proxy_whom_one_contact_does_not_reach_is_told_on_the_next(
    a_town: Town, cards: Cards
) -> None:
    block, mother, daughter = await mother_and_daughter(a_town, cards)
    await a_proxy(block.line, mother, daughter, terms(proxies_pb2.PROXY_SCOPE_CIRCULARS))
    older = await joined(a_town, block.line, speaking(daughter.external_id), block.line)
    # Where she was seen last is told first.
    a_town.clock.pass_by(minutes=1)
    await a_contact(a_town, block.line, daughter.external_id)
    await block.told_all()
    await block.send()

    asked, reached = [], []
    async with an_adapter(block.line) as adapter:
        while await block.waiting():
            adapter.ready(1)
            dispatch = await adapter.dispatch()
            if dispatch.circular.for_resident_id:
                asked += dispatch.recipients
            if daughter.external_id in dispatch.recipients:
                adapter.report(dispatch, OUTCOME_RESULT_REFUSED, blame=BLAME_RECIPIENTS)
            else:
                adapter.report(dispatch, OUTCOME_RESULT_ACCEPTED)
                reached.append(dispatch)
            assert await adapter.taken()

    assert asked == [daughter.external_id, older]
    [told] = [one for one in reached if one.circular.for_resident_id]
    assert told.circular.for_resident_id == mother.resident_id
    assert told.circular.on_behalf_of
