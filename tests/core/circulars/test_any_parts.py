"""Whatever comes between the parts in which many are told, each is told what concerns them, once.

An association of three parts, and a model that knows who had read by when.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from core.circulars import announcing
from core.circulars.rows import Receipt
from core.circulars.rules import Way
from core.dispatches.rows import Delivery
from core.jobs import At
from tests import town as towns
from tests.core.circulars.makers import Block, a_block
from tests.core.circulars.many import id_of, lay_in
from tests.core.circulars.test_going_out import withdraw
from tests.core.circulars.test_in_parts import correct, resident_of
from tests.core.circulars.test_together import remind
from tests.examples import examples
from tests.town import MUNICIPALITY, Town
from todoke.v1 import circulars_pb2 as pb

HOMES = range(100_000, 102_100)
PARTS = 3
AT_BORDERS = (0, 999, 1_000, 1_999, 2_000, 2_099)
CROWD = HOMES[:1_500]
"""So many read at once that what only readers are told has two parts, too."""

meanwhile = st.lists(
    st.one_of(
        st.sampled_from(["part", "correct", "remind", "crowd"]),
        st.sampled_from([f"read {place}" for place in AT_BORDERS]),
    ),
    max_size=6,
)


@dataclass
class Going:
    """A circular that goes out, and who should be told what of it."""

    block: Block
    circular: pb.Circular
    readers: set[str] = field(default_factory=set)
    corrected: dict[int, set[str]] = field(default_factory=dict)
    """Who had read by the time of each correction, by version."""
    reminded_but: set[str] | None = None
    """Who had read when the others were reminded."""

    async def do(self, what: str) -> None:
        town = self.block.town
        town.clock.pass_by(seconds=1)
        match what.split():
            case ["part"]:
                await a_part(town)
            case ["read", place]:
                number = HOMES[int(place)]
                await self.block.answer(resident_of(number), self.circular.circular_id)
                self.readers.add(id_of(number))
            case ["crowd"]:
                await town.running.db.write(self._read_by_many)
                self.readers |= set(map(id_of, CROWD))
            case ["correct"]:
                self.circular = await correct(self.block, self.circular, "土曜日に清掃します。")
                self.corrected[self.circular.version] = set(self.readers)
            case ["remind"] if self.reminded_but is None:
                self.reminded_but = set(self.readers)
                await remind(self.block, self.circular)
        town.clock.pass_by(seconds=1)

    def _read_by_many(self, session: Any) -> None:
        session.execute(
            update(Receipt)
            .where(
                Receipt.circular_id == self.circular.circular_id,
                Receipt.household_id.in_(list(map(id_of, CROWD))),
                Receipt.way.is_(None),
            )
            .values(way=Way.TAPPED, version=1, read_time=self.block.town.clock())
        )

    async def told(self) -> dict[str, set[str]]:
        """Return who was told what, by occasion; nobody is told anything twice."""

        def read(session: Any) -> list[str]:
            of = Delivery.occasion.startswith(f"circular:{self.circular.circular_id}:")
            return list(session.scalars(select(Delivery.occasion).where(of)))

        found: dict[str, set[str]] = {}
        times = Counter(await self.block.town.read(read))
        assert set(times.values()) <= {1}
        for occasion in times:
            _, _, name, mark, member = occasion.split(":")
            found.setdefault(f"{name} {mark}" if name == "corrected" else name, set()).add(member)
        return found


async def a_part(town: Town) -> bool:
    """Do a step of the job; return whether it may have more to do."""
    at = At(MUNICIPALITY, "", town.clock())
    step = await town.running.db.write(lambda session: announcing.step(session, at))
    return bool(step.cursor)


async def a_large_block(folder: Path, database: str) -> Block:
    """Let there be an association of so many, and nobody who works on what waits but the test."""
    town = await towns.build(database, folder)
    await town.running.jobs.stop()
    block = await a_block(town)
    lay = block.of.association_id
    await town.running.db.write(lambda s: lay_in(s, lay, HOMES, town.clock()))
    return block


def test_each_is_told_once_what_concerns_them_whatever_comes_between_the_parts(
    sqlite_database: str, tmp_path: Path
) -> None:
    with asyncio.Runner() as runner:
        block = runner.run(a_large_block(tmp_path, sqlite_database))
        everybody = {*map(id_of, HOMES), *(one.member_id for one in block.of.members)}
        chair = block.of.chair.member_id

        @examples(12)
        @given(meanwhile, st.booleans())
        def whatever_comes(between: list[str], taken_back: bool) -> None:  # noqa: FBT001 - drawn.
            runner.run(goes_out(block, between, everybody, chair, taken_back=taken_back))

        try:
            whatever_comes()
        finally:
            runner.run(block.town.close())


async def goes_out(
    block: Block, between: list[str], everybody: set[str], chair: str, *, taken_back: bool
) -> None:
    going = Going(block, await block.send(), readers={chair})
    for what in between:
        await going.do(what)
    told_before = await going.told()
    if taken_back:
        await withdraw(block, block.of.chair, going.circular)
    while await a_part(block.town):
        pass

    told = await going.told()
    if taken_back:
        gone = told.pop("withdrawn", set())
        assert gone == going.readers - {chair}
        assert told == told_before  # Of what was taken back nothing else is told any more.
        return
    assert told.pop("published") == everybody
    for version, readers in going.corrected.items():
        assert told.pop(f"corrected {version}", set()) == readers - {chair}
    reminded = told.pop("reminder", set())
    if going.reminded_but is not None:
        assert everybody - going.readers <= reminded <= everybody - going.reminded_but
    assert told == {}
