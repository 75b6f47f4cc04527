"""A proxy reads and answers the circulars of whom they act for, where that was agreed."""

import pytest

from tests.cards import Cards, a_holder
from tests.core.access.links import speaking
from tests.core.circulars.makers import SEEN, Block, a_block
from tests.core.proxies.people import a_proxy, end, terms
from tests.makers import Registered, a_request_id, a_resident
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb
from todoke.v1 import proxies_pb2
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
