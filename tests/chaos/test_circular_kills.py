"""A core killed again and again while many are told of a circular tells each household once."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.circulars.rows import Announcement, Receipt
from core.circulars.rules import Way
from core.dispatches.rows import Delivery, Dispatch
from tests import town as towns
from tests.bench import town as benched
from tests.bench.processes import Process, running
from tests.core.circulars.makers import Block, a_block
from tests.core.circulars.many import id_of, lay_in
from tests.core.circulars.test_in_parts import correct
from tests.town import Town
from todoke.client import Core
from todoke.v1 import circulars_pb2 as pb
from todoke.v1 import dispatches_pb2

MANY = range(100_000, 104_000)
KILLS = 2
LOOK_SECONDS = 0.02


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_each_household_is_told_once_however_often_the_core_dies(
    database: str, tmp_path: Path
) -> None:
    city = await benched.found(database, tmp_path)
    token, circular, members = await _with_nobody_at_work(city, _send)
    random, log = Random(len(MANY)), tmp_path / "log"

    await _told_while_killed(city, token, log, random, until=len(members))
    told = await _with_nobody_at_work(city, _read_then_correct(circular, members))
    assert told == {"published": Counter(dict.fromkeys(members, 1))}

    await _told_while_killed(city, token, log, random, until=2 * len(members) - 1)
    found = await _with_nobody_at_work(city, _told)
    # The first of them is the chair, who corrected it.
    assert found == told | {"corrected": Counter(dict.fromkeys(members[1:], 1))}


async def _with_nobody_at_work(city: benched.Town, work: Callable) -> Any:
    """Do something in the town while no job runs and nobody kills it."""
    town = await towns.start(city.settings)
    town.clock.now = datetime.now(UTC)
    await town.running.jobs.stop()
    try:
        return await work(town)
    finally:
        await town.close()


async def _send(town: Town) -> tuple[str, tuple[Block, pb.Circular], list[str]]:
    """Send a circular to many, of whom a thousand are told; return who all of them are."""
    block = await a_block(town)
    of = block.of.association_id
    await town.running.db.write(lambda s: lay_in(s, of, MANY, town.clock()))
    sent = await block.send()
    members = [one.member_id for one in block.of.members]
    return block.staff.token, (block, sent), [*members, *map(id_of, MANY)]


def _read_then_correct(circular: tuple[Block, pb.Circular], members: list[str]) -> Callable:
    """Let all have read it, and correct it."""
    before, sent = circular

    async def work(town: Town) -> dict[str, Counter[str]]:
        told = await _told(town)
        await town.running.db.write(lambda s: _read_by_all(s, town.clock()))
        town.clock.now = datetime.now(UTC)
        line = await town.channel()
        block = Block(town, line, town.caller(before.staff.token), before.of)
        await correct(block, sent, "土曜日に清掃します。")
        return told

    return work


def _read_by_all(session: Session, now: datetime) -> None:
    session.execute(
        update(Receipt)
        .where(Receipt.way.is_(None))
        .values(way=Way.TAPPED, version=1, read_time=now)
    )


async def _told_while_killed(
    city: benched.Town, token: str, log: Path, random: Random, *, until: int
) -> None:
    """Let a core tell the rest, until so many are in the queue, killed at any place of it."""
    for kill in range(KILLS + 1):
        with running(log, "python", "-m", "tests.bench.core", **city.environment) as core:
            caller = Core(f"127.0.0.1:{core.port}", token)
            if kill < KILLS:
                await _killed(caller, core, random, until=until)
            else:
                await _until(caller, until)
            await caller.close()


async def _killed(caller: Core, core: Process, random: Random, *, until: int) -> None:
    """Kill the core some looks after it has gone on: in a part, between two, or at the end."""
    await _until(caller, min(await _queued(caller) + 1, until))
    for _ in range(random.randint(0, 10)):
        await _queued(caller)
    os.kill(core.process.pid, signal.SIGKILL)


async def _until(caller: Core, number: int) -> None:
    """Look until so many are in the queue."""
    while True:
        if await _queued(caller) >= number:
            return
        await asyncio.sleep(LOOK_SECONDS)


async def _queued(caller: Core) -> int:
    """Count who is in the queue."""
    request = dispatches_pb2.ListDispatchesRequest(
        state=dispatches_pb2.DISPATCH_STATE_QUEUED, page_size=200
    )
    answer = await caller.ask(caller.dispatches.ListDispatches, request)
    return sum(one.recipients for one in answer.dispatches)


async def _told(town: Town) -> dict[str, Counter[str]]:
    """Look at all that is written: who is told what, how often, and nobody left to be told."""

    def there(session: Session) -> dict[str, Counter[str]]:
        assert session.scalars(select(Announcement)).all() == []
        deliveries = session.scalars(
            select(Delivery).where(Delivery.occasion.startswith("circular:"))
        ).all()
        kept = set(session.scalars(select(Dispatch.id)))
        assert {one.dispatch_id for one in deliveries} <= kept
        found: dict[str, Counter[str]] = {}
        for one in deliveries:
            _, _, occasion, _, member = one.occasion.split(":")
            found.setdefault(occasion, Counter())[member] += 1
        return found

    return await town.read(there)
