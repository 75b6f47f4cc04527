"""A proxy for circulars goes on in further places, such as a browser of the boards."""

import pytest

from tests.cards import Cards
from tests.core.access.links import by_id, speaking
from tests.core.circulars.makers import SEEN, Block
from tests.core.circulars.test_for_another import mother_and_daughter
from tests.core.proxies.people import a_proxy, end, terms
from tests.core.records.makers import delete
from tests.makers import Registered, a_contact, a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import applications_pb2, proxies_pb2
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.residents_pb2 import Speaker

CIRCULARS = terms(proxies_pb2.PROXY_SCOPE_CIRCULARS)


async def a_code(block: Block, speaker: Speaker, member_id: str) -> str:
    request = pb.BeginMemberLinkRequest(
        speaker=speaker, member_id=member_id, request_id=a_request_id()
    )
    return (await block.line.ask(block.line.circulars.BeginMemberLink, request)).code


async def present(board: Core, external_id: str, code: str) -> pb.CompleteMemberLinkResponse:
    request = pb.CompleteMemberLinkRequest(
        speaker=Speaker(external_id=external_id), code=code, request_id=a_request_id()
    )
    return await board.ask(board.circulars.CompleteMemberLink, request)


async def a_browser(
    town: Town, block: Block, mother: Registered, daughter: Registered
) -> tuple[Core, Speaker]:
    """Let the daughter go on in a browser for her mother; return who reads there."""
    board = await town.channel("board")
    browser = await a_contact(town, board)
    for_mother = Speaker(external_id=daughter.external_id, for_resident_id=mother.resident_id)
    code = await a_code(block, for_mother, block.of.plain.member_id)
    done = await present(board, browser.external_id, code)
    assert done.acted_for.resident_id == mother.resident_id
    assert done.acted_for.name
    return board, Speaker(external_id=browser.external_id, for_resident_id=mother.resident_id)


async def open_there(board: Core, speaker: Speaker, circular_id: str) -> pb.OwnCircular:
    request = pb.OpenCircularRequest(
        speaker=speaker, circular_id=circular_id, request_id=a_request_id()
    )
    return (await board.ask(board.circulars.OpenCircular, request)).circular


@on_sqlite
async def test_a_proxy_reads_and_answers_in_a_browser_until_it_ends(
    a_town: Town, cards: Cards
) -> None:
    block, mother, daughter = await mother_and_daughter(a_town, cards)
    agreed = await a_proxy(block.line, mother, daughter, CIRCULARS)
    board, there = await a_browser(a_town, block, mother, daughter)
    sent = await block.send()
    asked = pb.ListMembershipsRequest(speaker=Speaker(external_id=there.external_id))

    who = await board.ask(board.circulars.ListMemberships, asked)
    before = await open_there(board, there, sent.circular_id)
    answer = pb.AnswerCircularRequest(
        speaker=there, circular_id=sent.circular_id, answer=SEEN, request_id=a_request_id()
    )
    after = (await board.ask(board.circulars.AnswerCircular, answer)).circular
    # New terms go on where the old ones did.
    agreed = await a_proxy(block.line, mother, daughter, CIRCULARS)
    await open_there(board, there, sent.circular_id)
    await end(block.line, speaking(mother.external_id), agreed.proxy_id)
    left = await board.ask(board.circulars.ListMemberships, asked)

    assert list(who.memberships) == []
    assert [one.resident_id for one in who.acted_for] == [mother.resident_id]
    assert (before.answered, after.answered) == (False, True)
    assert list(left.acted_for) == []
    with pytest.raises(CoreError, match="CONTACT_NOT_REGISTERED"):
        await open_there(board, there, sent.circular_id)


@on_sqlite
async def test_a_browser_reads_for_another_and_does_nothing_else_for_them(
    a_town: Town, cards: Cards
) -> None:
    block, mother, daughter = await mother_and_daughter(a_town, cards)
    await a_proxy(block.line, mother, daughter)
    board, there = await a_browser(a_town, block, mother, daughter)
    sent = await block.send(comments_allowed=True)
    comment = pb.AddCommentRequest(
        speaker=there, circular_id=sent.circular_id, text="はい", request_id=a_request_id()
    )
    hers = pb.AddCommentRequest(
        speaker=block.of.plain.speaker,
        circular_id=sent.circular_id,
        text="行きます",
        request_id=a_request_id(),
    )
    await block.line.ask(block.line.circulars.AddComment, hers)
    read = pb.ListCommentsRequest(speaker=there, circular_id=sent.circular_id)
    [shown] = (await board.ask(board.circulars.ListComments, read)).comments
    chair = pb.GetAssociationRequest(speaker=there, association_id=block.of.association_id)
    filed = applications_pb2.ListOwnApplicationsRequest(speaker=there)

    for ask, request, reason in (
        (board.circulars.AddComment, comment, "PROXY_NOT_GRANTED"),
        (board.circulars.GetAssociation, chair, "PROXY_NOT_GRANTED"),
        (board.applications.ListOwnApplications, filed, "CONTACT_NOT_REGISTERED"),
    ):
        with pytest.raises(CoreError, match=reason):
            await board.ask(ask, request)
    assert (shown.text, shown.can_hide) == ("行きます", False)


@on_sqlite
async def test_a_code_for_another_is_good_only_while_the_proxy_goes_on_and_beside_ones_own(
    a_town: Town, cards: Cards
) -> None:
    block, mother, daughter = await mother_and_daughter(a_town, cards)
    agreed = await a_proxy(block.line, mother, daughter, CIRCULARS)
    board = await a_town.channel("board")
    first, second = await a_contact(a_town, board), await a_contact(a_town, board)
    for_mother = Speaker(external_id=daughter.external_id, for_resident_id=mother.resident_id)
    hers = await a_code(block, block.of.plain.speaker, block.of.plain.member_id)
    code = await a_code(block, for_mother, block.of.plain.member_id)
    await end(block.line, speaking(mother.external_id), agreed.proxy_id)

    with pytest.raises(CoreError, match="INVITATION_REFUSED"):
        await present(board, first.external_id, code)
    with pytest.raises(CoreError, match="PROXY_NOT_GRANTED"):
        await a_code(block, for_mother, block.of.plain.member_id)
    # What the daughter made has not ended what the mother had made.
    done = await present(board, second.external_id, hers)

    assert done.membership.member_id == block.of.plain.member_id
    assert not done.HasField("acted_for")


@on_sqlite
@pytest.mark.parametrize("goes", ["the mother", "the daughter"])
async def test_whoever_of_the_two_is_deleted_leaves_nothing_in_the_browser(
    a_town: Town, cards: Cards, goes: str
) -> None:
    block, mother, daughter = await mother_and_daughter(a_town, cards)
    await a_proxy(block.line, mother, daughter, CIRCULARS)
    board, there = await a_browser(a_town, block, mother, daughter)
    gone = mother if goes == "the mother" else daughter

    await delete(await a_town.staff(), by_id(gone.resident_id), reason="本人の申し出")

    with pytest.raises(CoreError, match="CONTACT_NOT_REGISTERED"):
        await board.ask(board.circulars.ListOwnCirculars, pb.ListOwnCircularsRequest(speaker=there))
