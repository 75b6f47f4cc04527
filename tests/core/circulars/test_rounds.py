"""What went round, as the city's section may know of it: counts, and nothing that stands in it."""

from tests.core.associations.makers import Neighbour, an_association
from tests.core.circulars.makers import Block, a_block, a_draft
from tests.makers import a_request_id
from tests.town import Town
from todoke.v1 import circulars_pb2 as pb


async def from_the_city(block: Block) -> pb.Circular:
    staff = block.staff
    draft = a_draft("", None, title="防災訓練", targets=pb.Targets(all_associations=True))
    saved = (await staff.ask(staff.circulars.SaveCircular, draft)).circular
    publish = pb.PublishCircularRequest(
        circular_id=saved.circular_id, etag=saved.etag, request_id=a_request_id()
    )
    return (await staff.ask(staff.circulars.PublishCircular, publish)).circular


async def forwarded(block: Block, city: pb.Circular, by: Neighbour) -> pb.Circular:
    request = pb.ForwardCircularRequest(
        speaker=by.speaker, circular_id=city.circular_id, association_id=block.of.association_id,
        targets=pb.Targets(everybody=True), request_id=a_request_id(),
    )  # fmt: skip
    return (await block.line.ask(block.line.circulars.ForwardCircular, request)).circular


async def test_the_section_follows_its_circular_through_the_associations_and_reminds_leaders(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    other = await an_association(a_town, block.staff, block.line)
    city = await from_the_city(block)
    passed_on = await forwarded(block, city, block.of.chair)
    await block.answer(block.of.plain, passed_on.circular_id)
    await block.told_all()
    staff = block.staff

    remind = pb.RemindUnreadRequest(circular_id=city.circular_id, request_id=a_request_id())
    reminded = await staff.ask(staff.circulars.RemindUnread, remind)
    asked = pb.ListForwardsRequest(circular_id=city.circular_id, page_size=1)
    first = await staff.ask(staff.circulars.ListForwards, asked)
    asked.page_token = first.next_page_token
    second = await staff.ask(staff.circulars.ListForwards, asked)
    waiting = pb.ListForwardsRequest(circular_id=city.circular_id, waiting=True)
    still = (await staff.ask(staff.circulars.ListForwards, waiting)).forwards

    assert reminded.reminded == 1
    [told] = await block.told(1)
    assert list(told.recipients) == [other.chair.external_id]
    [mine], [others] = first.forwards, second.forwards
    # Who passed it on has read it.
    assert (mine.leaders, mine.read, mine.round.circular_id) == (1, 1, passed_on.circular_id)
    assert (mine.round.households, mine.round.read, mine.round.from_city) == (4, 2, True)
    assert (others.leaders, others.read, others.HasField("round")) == (1, 0, False)
    assert others.HasField("remind_time")
    assert not second.next_page_token
    assert [one.association.association_id for one in still] == [other.association_id]


async def test_of_what_an_association_sends_round_the_section_sees_dates_and_counts(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    first, second = await block.send(), await block.send()
    await block.save(block.of.chair)
    await block.answer(block.of.plain, second.circular_id)
    staff = block.staff

    request = pb.ListRoundsRequest(association_id=block.of.association_id)
    rounds = (await staff.ask(staff.circulars.ListRounds, request)).rounds
    listed = await staff.ask(staff.circulars.ListAssociations, pb.ListAssociationsRequest())

    assert [one.circular_id for one in rounds] == [second.circular_id, first.circular_id]
    assert (rounds[0].households, rounds[0].read, rounds[0].from_city) == (4, 2, False)
    assert listed.associations[0].last_round == rounds[0]
