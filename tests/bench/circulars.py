"""A circular to twenty thousand households: sent, reminded of, corrected and taken back.

The core is a process of its own. Another caller writes all the while: the longest that one write
takes is the longest that the writer kept somebody.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import opening
from core.circulars.rows import Announcement, Receipt
from core.circulars.rules import Way
from core.crypto import load_keys
from core.db import Database
from tests import town as towns
from tests.bench import rosters
from tests.bench.processes import running
from tests.bench.town import Town
from tests.core.circulars.makers import Block, a_block
from tests.core.circulars.many import lay_in
from todoke.client import Core
from todoke.v1 import circulars_pb2 as pb

FIRST = 1_000_000
"""Where the numbers of those who live there begin."""

PART = 5_000
LONGEST_SECONDS = 600


class Clock(towns.Clock):
    """The machine's, as the core as a process has it."""

    def __call__(self) -> datetime:
        return opening.utc_now()


@dataclass(frozen=True)
class Told:
    """What one occasion took: until it was answered, until all was laid out, and others' waits."""

    name: str
    answered: float
    seconds: float
    longest_wait: float


async def measure(town: Town, log: Path, *, households: int) -> list[Told]:
    """Tell so many households of one circular on each occasion."""
    block, token = await _settle(town, households)
    db = opening.open_database(town.settings, load_keys(town.settings.keys))
    try:
        with running(log, "python", "-m", "tests.bench.core", **town.environment) as core:
            line = Core(f"127.0.0.1:{core.port}", town.token)
            staff = Core(f"127.0.0.1:{core.port}", token)
            found = await _each_occasion(db, line, staff, block)
            await line.close()
            await staff.close()
    finally:
        db.close()
    return found


async def _settle(town: Town, households: int) -> tuple[Block, str]:
    """Lay the households in; return their association, and the token of who else writes."""
    built = await towns.start(town.settings, Clock())
    block = await a_block(built, line=built.caller(town.token))
    for start in range(FIRST, FIRST + households, PART):
        numbers = range(start, min(start + PART, FIRST + households))
        lay = partial(
            lay_in, association_id=block.of.association_id, numbers=numbers, now=built.clock()
        )
        await built.running.db.write(lay)
    token = await rosters.a_clerk(town)
    await built.close()
    return block, token


async def _each_occasion(db: Database, line: Core, staff: Core, block: Block) -> list[Told]:
    calls, speaker = line.circulars, block.of.chair.speaker
    draft = pb.SaveCircularRequest(
        speaker=speaker, association_id=block.of.association_id, kind=pb.CIRCULAR_KIND_NOTICE,
        content=pb.CircularContent(title="清掃", body="日曜日に清掃します。"),
        targets=pb.Targets(everybody=True), request_id=uuid.uuid4().hex,
    )  # fmt: skip
    sent = (await line.ask(calls.SaveCircular, draft)).circular
    named = {"speaker": speaker, "circular_id": sent.circular_id}

    async def call(method: Callable, request: Callable, **fields) -> None:
        asked = request(**named, request_id=uuid.uuid4().hex, **fields)
        await line.ask(method, asked, seconds=LONGEST_SECONDS)

    async def etag() -> str:
        answer = await line.ask(calls.GetCircular, pb.GetCircularRequest(**named))
        return answer.circular.etag

    took = partial(_took, db, staff)
    publish = partial(call, calls.PublishCircular, pb.PublishCircularRequest)
    found = [await took("sent", publish(etag=sent.etag))]
    found.append(await took("reminded", call(calls.RemindUnread, pb.RemindUnreadRequest)))
    await db.write(_read_by_all)
    correct = partial(call, calls.CorrectCircular, pb.CorrectCircularRequest)
    changed = correct(content=draft.content, correction="直しました", etag=await etag())
    found.append(await took("corrected", changed))
    withdraw = partial(call, calls.WithdrawCircular, pb.WithdrawCircularRequest)
    found.append(await took("taken back", withdraw(reason="誤り", etag=await etag())))
    return found


def _read_by_all(session: Session) -> None:
    before = opening.utc_now() - timedelta(seconds=1)
    session.execute(update(Receipt).values(way=Way.TAPPED, version=1, read_time=before))


async def _took(db: Database, staff: Core, name: str, asked: Awaitable[None]) -> Told:
    waits = [0.0]
    writing = asyncio.create_task(rosters.write_on(staff, waits))
    began = time.perf_counter()
    await asked
    answered = time.perf_counter() - began
    seconds = await _until_all_are_told(db, began)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    return Told(name, answered, seconds, max(waits))


async def _until_all_are_told(db: Database, began: float) -> float:
    while True:
        if not await db.read(_left):
            return time.perf_counter() - began
        await asyncio.sleep(rosters.LOOK_SECONDS)


def _left(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Announcement)).one()
