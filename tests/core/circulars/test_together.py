"""Whom the same is told is told in one request, and nobody who may not be told any more."""

import json

from core.dispatches.rows import Dispatch
from tests.adapter import an_adapter
from tests.cards import Cards, a_holder
from tests.core.associations.makers import Neighbour
from tests.core.circulars.makers import Block, a_block, people
from tests.core.circulars.many import lay_in
from tests.core.messaging.many import line_id
from tests.core.records.makers import delete
from tests.makers import a_contact, a_request_id, a_resident
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.v1 import circulars_pb2 as pb
from todoke.v1 import dispatches_pb2, residents_pb2
from todoke.v1.dispatches_pb2 import (
    BLAME_CONTENT,
    BLAME_RECIPIENTS,
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_REFUSED,
    OUTCOME_RESULT_TRY_AGAIN,
)


async def test_a_thousand_households_are_told_in_three_requests(a_town: Town) -> None:
    block = await a_block(a_town)
    households = range(100_000, 100_997)
    await a_town.running.db.write(
        lambda s: lay_in(s, block.of.association_id, households, a_town.clock())
    )

    sent = await block.send()
    told = await block.told_all()

    assert sent.households == 1001
    assert sorted(len(one.recipients) for one in told) == [1, 500, 500]
    everybody = [line_id(number) for number in households]
    assert people(told) == sorted([*everybody, *(one.external_id for one in block.of.members)])
    assert len({one.retry_key for one in told}) == 3


@on_sqlite
async def test_who_reads_another_language_is_told_apart(a_town: Town) -> None:
    block = await a_block(a_town)
    english = block.of.plain
    await a_contact(a_town, block.line, english.external_id, language="en")

    await block.send()
    told = await block.told_all()

    by_language = {one.circular.language: list(one.recipients) for one in told}
    assert by_language["en"] == [english.external_id]
    assert len(by_language["ja"]) == 3


async def test_who_left_lost_the_contact_or_hides_before_it_goes_out_is_left_out(
    a_town: Town, cards: Cards
) -> None:
    block = await a_block(a_town)
    chair, left, lost, hides = block.of.members
    resident = await a_resident(
        a_town, block.line, cards.issue(a_holder()), external_id=hides.external_id
    )
    await block.told_all()
    await block.send()

    await end_membership(block, left)
    await unfollow(block, lost)
    await suppress(block, resident.resident_id)
    told = [one for one in await block.told_all() if one.HasField("circular")]

    assert [list(one.recipients) for one in told] == [[chair.external_id]]


@on_sqlite
async def test_nothing_is_told_any_more_of_what_was_taken_back_nor_to_who_read_meanwhile(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    sent = await block.send()
    await withdraw(block, sent)

    assert await block.waiting() == 4
    async with an_adapter(block.line) as adapter:
        adapter.ready(1)
        other = await block.send(title="夏祭り")
        first = await adapter.dispatch()
        adapter.report(first, OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()
    await remind(block, other)
    await block.answer(block.of.plain, other.circular_id)
    [reminded] = await block.told_all()

    assert first.circular.title == "夏祭り"
    assert reminded.circular.occasion == dispatches_pb2.CIRCULAR_OCCASION_REMINDER
    assert block.of.plain.external_id not in reminded.recipients
    assert len(reminded.recipients) == 2


async def test_a_refusal_is_halved_until_who_was_refused_stands_alone_and_is_told_elsewhere(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    gone, nowhere = block.of.members[1], block.of.members[2]
    computer = await a_contact(a_town, block.line)
    await goes_on(block, gone, computer.external_id)
    # Where the member was seen last is told first.
    a_town.clock.pass_by(minutes=1)
    await a_contact(a_town, block.line, gone.external_id)
    unknown = {gone.external_id, nowhere.external_id}
    sent = await block.send()

    keys, reached = [], []
    async with an_adapter(block.line) as adapter:
        while await block.waiting():
            adapter.ready(1)
            dispatch = await adapter.dispatch()
            keys.append(dispatch.retry_key)
            if unknown & set(dispatch.recipients):
                adapter.report(dispatch, OUTCOME_RESULT_REFUSED, blame=BLAME_RECIPIENTS)
            else:
                adapter.report(dispatch, OUTCOME_RESULT_ACCEPTED)
                reached += dispatch.recipients
            assert await adapter.taken()

    others = {one.external_id for one in block.of.members} - unknown
    assert sorted(reached) == sorted(others | {computer.external_id})
    assert len(set(keys)) == len(keys)
    again = await remind(block, sent)
    assert (again.reminded, again.paper) == (2, 1)


@on_sqlite
async def test_who_is_deleted_is_erased_from_what_went_out_and_the_others_are_not(
    a_town: Town, cards: Cards
) -> None:
    block = await a_block(a_town)
    goes = block.of.plain
    card = cards.issue(a_holder())
    resident = await a_resident(a_town, block.line, card, external_id=goes.external_id)
    await block.told_all()
    await block.send()
    [told] = await block.told_all()
    await block.send(title="夏祭り")  # Waits.

    staff = await a_town.staff()
    named = residents_pb2.NamedResident(resident_id=resident.resident_id)
    await delete(staff, named, reason="本人の申し出")
    kept = await a_town.read(lambda s: s.get_one(Dispatch, (MUNICIPALITY, told.dispatch_id)))
    waited = [one for one in await block.told_all() if one.HasField("circular")]

    others = {one.external_id for one in block.of.members} - {goes.external_id}
    assert goes.external_id in told.recipients
    assert set(json.loads(kept.recipients)) == others | {""}
    assert [set(one.recipients) for one in waited] == [others]


@on_sqlite
async def test_what_is_tried_again_keeps_its_key_and_its_people(a_town: Town) -> None:
    block = await a_block(a_town)
    await block.send()

    async with an_adapter(block.line) as adapter:
        adapter.ready(1)
        first = await adapter.dispatch()
        adapter.report(first, OUTCOME_RESULT_TRY_AGAIN)
        assert await adapter.taken()
        await end_membership(block, block.of.plain)
        a_town.clock.pass_by(minutes=1)
        adapter.ready(2)
        dispatches = [await adapter.dispatch() for _ in range(2)]
        [again] = [one for one in dispatches if one.HasField("circular")]
        adapter.report(again, OUTCOME_RESULT_REFUSED, blame=BLAME_CONTENT)
        assert await adapter.taken()

    assert (again.retry_key, list(again.recipients)) == (first.retry_key, list(first.recipients))
    assert await block.waiting() == 0


async def goes_on(block: Block, who: Neighbour, external_id: str) -> None:
    """Let a member go on in another place, too."""
    begin = pb.BeginMemberLinkRequest(
        speaker=who.speaker, member_id=who.member_id, request_id=a_request_id()
    )
    code = (await block.line.ask(block.line.circulars.BeginMemberLink, begin)).code
    complete = pb.CompleteMemberLinkRequest(
        speaker=residents_pb2.Speaker(external_id=external_id), code=code,
        request_id=a_request_id(),
    )  # fmt: skip
    await block.line.ask(block.line.circulars.CompleteMemberLink, complete)


async def end_membership(block: Block, who: Neighbour) -> None:
    request = pb.EndMembershipRequest(
        speaker=block.of.chair.speaker, member_id=who.member_id, reason="転居",
        request_id=a_request_id(),
    )  # fmt: skip
    await block.line.ask(block.line.circulars.EndMembership, request)


async def unfollow(block: Block, who: Neighbour) -> None:
    request = residents_pb2.SeeContactRequest(
        external_id=who.external_id, state=residents_pb2.CONTACT_STATE_LOST, language="ja",
        request_id=a_request_id(),
    )  # fmt: skip
    request.seen_time.FromDatetime(block.town.clock())
    await block.line.ask(block.line.residents.SeeContact, request)


async def suppress(block: Block, resident_id: str) -> None:
    staff = await block.town.staff()
    named = residents_pb2.GetResidentRequest(resident_id=resident_id)
    resident = (await staff.ask(staff.residents.GetResident, named)).resident
    request = residents_pb2.SuppressResidentRequest(
        resident_id=resident_id, reason="支援措置", etag=resident.etag, request_id=a_request_id()
    )
    await staff.ask(staff.residents.SuppressResident, request)


async def withdraw(block: Block, circular: pb.Circular) -> None:
    request = pb.WithdrawCircularRequest(
        speaker=block.of.chair.speaker, circular_id=circular.circular_id, reason="誤り",
        etag=circular.etag, request_id=a_request_id(),
    )  # fmt: skip
    await block.line.ask(block.line.circulars.WithdrawCircular, request)


async def remind(block: Block, circular: pb.Circular) -> pb.RemindUnreadResponse:
    request = pb.RemindUnreadRequest(
        speaker=block.of.chair.speaker, circular_id=circular.circular_id,
        request_id=a_request_id(),
    )  # fmt: skip
    return await block.line.ask(block.line.circulars.RemindUnread, request)
