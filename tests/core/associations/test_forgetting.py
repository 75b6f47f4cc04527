"""Who left an association is forgotten when the city's term is over; what they read stays."""

from sqlalchemy import select

from core.associations.member_rows import MemberContact
from core.associations.rows import Household
from tests.core.associations.makers import appoint
from tests.core.circulars.makers import Block, a_block
from tests.core.residents.makers import run_jobs
from tests.makers import a_contact, a_request_id
from tests.town import Town, on_sqlite
from todoke.v1 import circulars_pb2 as pb


async def end_household(block: Block, household_id: str) -> None:
    request = pb.EndHouseholdRequest(
        speaker=block.of.chair.speaker, household_id=household_id, reason="転居",
        etag=await etag_of(block, household_id), request_id=a_request_id(),
    )  # fmt: skip
    await block.line.ask(block.line.circulars.EndHousehold, request)


async def etag_of(block: Block, household_id: str) -> str:
    request = pb.ListHouseholdsRequest(
        speaker=block.of.chair.speaker, association_id=block.of.association_id
    )
    listed = await block.line.ask(block.line.circulars.ListHouseholds, request)
    [found] = [
        one.household for one in listed.households if one.household.household_id == household_id
    ]
    return found.etag


async def names(block: Block, circular_id: str) -> dict[str, tuple[str, str]]:
    """Return the names and addresses that a leader reads beside receipts."""
    lines = (await block.receipts(block.of.chair, circular_id)).receipts
    return {
        one.household.household_id: (one.household.name, one.household.address) for one in lines
    }


async def comments(block: Block, circular_id: str) -> list[str]:
    request = pb.ListCommentsRequest(speaker=block.of.chair.speaker, circular_id=circular_id)
    found = await block.line.ask(block.line.circulars.ListComments, request)
    return [one.text for one in found.comments]


@on_sqlite
async def test_names_of_who_left_are_erased_a_year_later_and_the_receipt_stays(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    left, stays = block.of.members[1], block.of.plain
    sent = await block.send(comments_allowed=True)
    await block.answer(left, sent.circular_id)
    for who in (left, stays):
        comment = pb.AddCommentRequest(
            speaker=who.speaker, circular_id=sent.circular_id, text="参加します",
            request_id=a_request_id(),
        )  # fmt: skip
        await block.line.ask(block.line.circulars.AddComment, comment)
    before = await names(block, sent.circular_id)
    await end_household(block, left.household_id)

    a_town.clock.pass_by(days=364)
    # Still seen: else the phone itself would be forgotten, and the name with it.
    await a_contact(a_town, block.line, left.external_id)
    soon = await run_jobs(a_town)
    kept = await names(block, sent.circular_id)
    a_town.clock.pass_by(days=2)
    then = await run_jobs(a_town)
    staff = await a_town.staff()
    await appoint(a_town, staff, block.of, block.of.chair, pb.OFFICE_KIND_CHAIR)
    erased = await names(block, sent.circular_id)
    a_town.clock.pass_by(days=2)
    again = await run_jobs(a_town)

    assert "households" not in soon["retention"]
    assert kept == before
    assert (then["retention"]["households"], then["retention"]["members"]) == (1, 1)
    assert erased == before | {left.household_id: ("", "")}
    assert "households" not in again["retention"]
    # Theirs, and that of the chair, who sent it.
    assert (await block.receipts(block.of.chair, sent.circular_id)).read == 2
    assert await comments(block, sent.circular_id) == ["参加します"]
    spoken = await a_town.read(lambda s: set(s.scalars(select(MemberContact.member_id))))
    assert left.member_id not in spoken
    assert stays.member_id in spoken
    ended = await a_town.read(
        lambda s: s.scalars(select(Household).where(Household.id == left.household_id)).one()
    )
    assert ended.end_time is not None
