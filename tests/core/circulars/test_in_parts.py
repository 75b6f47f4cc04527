"""What many are told goes out part by part, and goes on whatever happens in between.

Every association here has a thousand households more: its own four are the second part.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.associations.member_rows import MemberContact
from core.circulars.rows import Receipt
from core.circulars.rules import Way
from core.jobs import Job
from core.residents.contact_rows import Contact
from core.residents.rules import ContactState
from tests.core.associations.makers import Neighbour
from tests.core.circulars.makers import Block, a_block, people
from tests.core.circulars.many import id_of, lay_in, lay_in_led
from tests.core.circulars.test_going_out import withdraw
from tests.core.circulars.test_rounds import from_the_city
from tests.core.circulars.test_together import end_membership, remind
from tests.core.messaging.many import line_id
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb
from todoke.v1 import dispatches_pb2
from todoke.v1.residents_pb2 import Speaker

MANY = range(100_000, 101_000)


async def a_large_block(town: Town) -> Block:
    block = await a_block(town)
    of = block.of.association_id
    await town.running.db.write(lambda s: lay_in(s, of, MANY, town.clock()))
    return block


@asynccontextmanager
async def between_parts(town: Town) -> AsyncIterator[None]:
    """Stand between the first part and the second: who had the job in hand died with it."""
    await town.running.db.write(lambda s: _take_in_hand(s, town))
    yield
    town.clock.pass_by(minutes=1)
    await town.do_waiting()


def _take_in_hand(session: Session, town: Town) -> None:
    session.merge(
        Job(
            municipality=MUNICIPALITY,
            name="circulars",
            cursor="again",
            free_time=town.clock.now.replace(second=30),
            fence=9,
            attempts=1,
        )
    )


def occasions(told: list[dispatches_pb2.Dispatch]) -> dict[str, list[str]]:
    """Return whom dispatches of circulars went to, by occasion."""
    by_name: dict[str, list[str]] = {}
    for one in told:
        if one.HasField("circular"):
            name = dispatches_pb2.CircularOccasion.Name(one.circular.occasion)
            by_name.setdefault(name.removeprefix("CIRCULAR_OCCASION_"), []).extend(one.recipients)
    return {name: sorted(ids) for name, ids in by_name.items()}


async def correct(block: Block, circular: pb.Circular, body: str) -> pb.Circular:
    request = pb.CorrectCircularRequest(
        speaker=block.of.chair.speaker, circular_id=circular.circular_id,
        content=pb.CircularContent(title=circular.content.title, body=body),
        correction="曜日を直しました", etag=circular.etag, request_id=a_request_id(),
    )  # fmt: skip
    return (await block.line.ask(block.line.circulars.CorrectCircular, request)).circular


def resident_of(number: int) -> Neighbour:
    """Return who joined of one of the thousand households."""
    return Neighbour(line_id(number), id_of(number), id_of(number), id_of(number))


async def test_all_have_it_at_once_and_are_told_part_by_part_each_once(a_town: Town) -> None:
    block = await a_large_block(a_town)

    async with between_parts(a_town):
        sent = await block.send()
        assert (sent.state, sent.households, sent.read) == (pb.CIRCULAR_STATE_PUBLISHED, 1004, 1)
        assert await block.waiting() == 1000
        assert (await block.receipts(block.of.chair, sent.circular_id)).households == 1004
        [own] = (await block.own(block.of.plain)).circulars
        assert own.circular.circular_id == sent.circular_id

    told = await block.told_all()
    everybody = [*map(line_id, MANY), *(one.external_id for one in block.of.members)]
    assert people(told) == sorted(everybody)
    await a_town.do_waiting()
    assert await block.waiting() == 0


async def test_a_core_that_starts_again_goes_on(a_town: Town) -> None:
    block = await a_large_block(a_town)
    await a_town.running.db.write(lambda s: _take_in_hand(s, a_town))
    await block.send()
    assert await block.waiting() == 1000

    a_town.clock.pass_by(minutes=1)
    await a_town.running.jobs.run_due()

    assert await block.waiting() == 1004


@on_sqlite
async def test_who_leaves_meanwhile_is_not_told_and_who_is_corrected_to_is_who_had_read(
    a_town: Town,
) -> None:
    block = await a_large_block(a_town)
    _, left, reader, later = block.of.members
    early = resident_of(MANY[0])

    async with between_parts(a_town):
        sent = await block.send()
        await end_membership(block, left)
        for one in (early, reader):
            await block.answer(one, sent.circular_id)
        a_town.clock.pass_by(seconds=5)
        await correct(block, sent, "土曜日に清掃します。")
        a_town.clock.pass_by(seconds=5)
        await block.answer(later, sent.circular_id)

    told = await block.told_all()
    found = occasions(told)
    assert left.external_id not in found["PUBLISHED"]
    assert len(found["PUBLISHED"]) == len(set(found["PUBLISHED"])) == 1003
    assert found["CORRECTED"] == sorted([early.external_id, reader.external_id])
    second = next(one for one in told if reader.external_id in one.recipients)
    assert second.circular.excerpt == "土曜日に清掃します。"


@on_sqlite
async def test_of_what_is_taken_back_meanwhile_nobody_is_told_any_more_but_that(
    a_town: Town,
) -> None:
    block = await a_large_block(a_town)
    reader = block.of.plain

    async with between_parts(a_town):
        sent = await block.send()
        await block.answer(reader, sent.circular_id)
        await withdraw(block, block.of.chair, sent)

    assert await block.waiting() == 1001
    assert occasions(await block.told(1)) == {"WITHDRAWN": [reader.external_id]}
    assert await block.waiting() == 0


async def test_the_unread_are_reminded_part_by_part_and_once_a_day(a_town: Town) -> None:
    block = await a_large_block(a_town)
    sent = await block.send()
    await a_town.do_waiting()
    await block.told_all()

    async with between_parts(a_town):
        first = await remind(block, sent)
        # The chair has read, and three are left.
        assert (first.reminded, first.paper, first.waiting) == (1000, 0, 3)
        await block.answer(block.of.plain, sent.circular_id)

    found = occasions(await block.told_all())
    unread = [one.external_id for one in block.of.members[1:3]]
    assert found == {"REMINDER": sorted([*map(line_id, MANY), *unread])}
    with pytest.raises(CoreError, match="REMINDED_TODAY"):
        await remind(block, sent)
    lines = await block.receipts(block.of.chair, sent.circular_id, unread=True, page_size=1)
    assert lines.receipts[0].HasField("remind_time")


@on_sqlite
async def test_who_reads_after_it_was_taken_back_is_told_nothing_new(a_town: Town) -> None:
    block = await a_large_block(a_town)
    sent = await block.send()
    await a_town.do_waiting()
    await block.told_all()
    for one in block.of.members[1:]:
        await block.answer(one, sent.circular_id)

    await withdraw(block, block.of.chair, sent)
    speaker = Speaker(external_id=line_id(MANY[3]))
    request = pb.OpenCircularRequest(
        speaker=speaker, circular_id=sent.circular_id, request_id=a_request_id()
    )
    await block.line.ask(block.line.circulars.OpenCircular, request)
    await a_town.do_waiting()

    told = occasions(await block.told_all())
    assert told == {"WITHDRAWN": sorted(one.external_id for one in block.of.members[1:])}


async def test_who_leads_in_two_parts_of_the_citys_circular_is_told_once(a_town: Town) -> None:
    block = await a_block(a_town)
    chair = block.of.chair

    def work(session: Session) -> None:
        lay_in_led(session, block.of.association_id, MANY, a_town.clock())
        session.add(
            MemberContact(
                municipality=MUNICIPALITY, member_id=id_of(MANY[0]), contact_id=chair.contact_id,
                link_time=a_town.clock(),
            )
        )  # fmt: skip
        lost = session.get_one(Contact, (MUNICIPALITY, id_of(MANY[0])))
        lost.state = ContactState.LOST

    await a_town.running.db.write(work)
    async with between_parts(a_town):
        city = await from_the_city(block)
        assert await block.waiting() == 1000

    told = await block.told_all()
    assert city.households == 1001
    assert people(told) == sorted([*map(line_id, MANY[1:]), chair.external_id])
    assert all(one.circular.can_forward for one in told)


async def test_a_correction_is_told_part_by_part_to_all_who_had_read(a_town: Town) -> None:
    block = await a_large_block(a_town)
    sent = await block.send()
    await a_town.do_waiting()
    await block.told_all()
    for one in block.of.members[1:]:
        await block.answer(one, sent.circular_id)
    await a_town.running.db.write(lambda s: _read_by_all(s, sent.circular_id, a_town))

    async with between_parts(a_town):
        a_town.clock.pass_by(seconds=5)
        await correct(block, sent, "土曜日に清掃します。")
        assert await block.waiting() == 1000
        reads_again = await block.answer(block.of.plain, sent.circular_id)
        assert reads_again.read_version == 2

    found = occasions(await block.told_all())
    # The chair corrected it; who has read it anew meanwhile is told all the same, and once.
    readers = [one.external_id for one in block.of.members[1:]]
    assert found == {"CORRECTED": sorted([*map(line_id, MANY), *readers])}


def _read_by_all(session: Session, circular_id: str, town: Town) -> None:
    session.execute(
        update(Receipt)
        .where(Receipt.circular_id == circular_id, Receipt.way.is_(None))
        .values(way=Way.TAPPED, version=1, read_time=town.clock())
    )


@on_sqlite
async def test_more_households_than_a_sheet_takes_are_printed_group_by_group(a_town: Town) -> None:
    block = await a_block(a_town)
    of = block.of.association_id
    many = range(100_000, 103_000)
    await a_town.running.db.write(lambda s: lay_in(s, of, many, a_town.clock()))
    sent = await block.send()

    async def printed(group_id: str = "") -> list[pb.PrintRoundResponse]:
        request = pb.PrintRoundRequest(
            speaker=block.of.chair.speaker, circular_id=sent.circular_id, group_id=group_id,
            unread=True,
        )  # fmt: skip
        return [part async for part in block.line.watch(block.line.circulars.PrintRound, request)]

    with pytest.raises(CoreError, match="ROUND_TOO_LARGE") as refused:
        await printed()
    assert refused.value.metadata == {"households": "3003", "most": "3000"}
    assert (await printed(block.of.groups[1].group_id))[0].file.media_type == "application/pdf"
