"""A campaign to a hundred thousand: recipients laid out, multicasts, and a push to each of some.

The core, the LINE adapter and LINE's simulator are processes of their own; the simulator keeps
LINE's limits. Time goes from the first attempt to the last outcome that the core has stored.
"""

import asyncio
import sqlite3
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine, exists, select, text
from sqlalchemy.orm import Session

from channels.simulators.line.schema import SCHEMA
from core.callers import Role
from core.campaigns.rows import Campaign
from core.db import Database
from core.dispatches.rows import Dispatch
from core.messaging.rows import SendingRules
from tests import town as towns
from tests.bench import outbox
from tests.bench.processes import Process, running
from tests.bench.rosters import MOST, look, outside_of
from tests.bench.town import MUNICIPALITY, Town
from tests.core.messaging.makers import a_draft, a_topic, send
from tests.core.messaging.many import lay_in, line_id
from todoke.client import Core
from todoke.v1 import campaigns_pb2 as pb

MULTICASTS = 200 * 500
"""Recipients a second whom LINE takes in multicasts."""

PUSHES = 2_000
"""Pushes a second that LINE takes."""

FIRST = 1_000_000
"""Where the numbers of those who are told begin: others are in the town."""

PART = 5_000
LOOK_SECONDS = 0.5
"""Between two looks at whether it is over: each takes from what is measured."""

LONGEST_SECONDS = 1_800


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What one campaign took: `cpu` by kind of process, and the most memory of one core."""

    people: int
    counted_seconds: float
    laid_out_seconds: float
    laid_out_cpu: float
    seconds: float
    sustained: float
    cpu: dict[str, float]
    core_mb: float

    @property
    def rate(self) -> float:
        return self.people / self.seconds

    def cpu_of_a_thousand(self, name: str) -> float:
        return self.cpu[name] / self.people * 1_000


@dataclass(frozen=True)
class Measured:
    """A campaign alike for all, and one in each person's own words; `heard` by the simulator."""

    together: Sent
    each: Sent
    heard: int


@dataclass(frozen=True)
class Place:
    """Where it is run: the database and the cores over it, and who may begin the others."""

    db: Database
    town: Town
    folder: Path
    log: Path
    cores: list[Process]
    staff: Core


async def measure(
    town: Town, folder: Path, log: Path, *, people: int, personal: int, workers: int
) -> Measured:
    """Tell that many in multicasts, then some of them each in their own words.

    By so many cores, each with an adapter; SQLite has one.
    """
    core = await towns.start(town.settings)
    core.clock.now = datetime.now(UTC)
    await core.running.jobs.stop()
    await core.running.jobs.run_due()
    await core.running.db.write(settle)
    for begin in range(FIRST, FIRST + people, PART):
        numbers = range(begin, min(begin + PART, FIRST + people))
        language = "en" if begin < FIRST + personal else "ja"
        lay = partial(lay_in, numbers=numbers, now=core.clock(), language=language)
        await core.running.db.write(lay)
    know(town.settings.database)
    clerk = await core.staff(Role.MESSENGER, name="messaging-clerk")
    token = clerk.token
    await a_topic(clerk)
    befriend(folder / "line.db", people)
    db = core.running.db
    with ExitStack() as stack:
        cores = [
            stack.enter_context(
                running(log, "python", "-m", "tests.bench.core", **town.environment)
            )
            for _ in range(workers)
        ]
        staff = Core(f"127.0.0.1:{cores[0].port}", token)
        run = partial(_run, Place(db, town, folder, log, cores, staff))
        everybody = pb.Condition(channel="line")
        together = await run(a_draft(recipients=everybody), people)
        some = min(-(-personal // PART) * PART, people)
        english = pb.Condition(language="en")
        each = await run(a_draft("{name}様へ", recipients=english), some)
        heard = _heard(folder)
        await staff.close()
    await core.close()
    return Measured(together, each, heard)


def settle(session: Session) -> None:
    session.add(
        SendingRules(
            municipality=MUNICIPALITY, quiet_from="00:00", quiet_to="00:00", weekly_cap=0,
            approval_from=100_000_000,
        )
    )  # fmt: skip


def know(database: str) -> None:
    """Let PostgreSQL look through its tables, as it does by itself within minutes of a load."""
    if database.startswith("postgresql"):
        engine = create_engine(database, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
        engine.dispose()


def befriend(file: Path, people: int) -> None:
    """Let everybody be a friend of the account, in the simulator's file."""
    with sqlite3.connect(file) as db:
        db.executescript(SCHEMA)
        db.executemany(
            "INSERT INTO people (id, name, state) VALUES (?, '住民', 'friend')",
            ((line_id(FIRST + number),) for number in range(people)),
        )
    db.close()


async def _run(place: Place, draft: pb.CampaignDraft, people: int) -> Sent:
    """Lay a campaign out before anything can go out; then let it go out."""
    db, cores = place.db, place.cores
    outside = partial(outside_of, place.town.settings.database)
    looking = [asyncio.create_task(look(core)) for core in cores]
    began = time.perf_counter()
    campaign = await send(place.staff, draft)  # Counts it twice: as a draft, and to go.
    counted_seconds = time.perf_counter() - began
    used, others, began = _cpu(cores), outside(), time.perf_counter()
    await _until(partial(db.read, partial(_is_laid_out, campaign)))
    laid_out_seconds = time.perf_counter() - began
    laid_out_cpu = _cpu(cores) - used + outside() - others
    with ExitStack() as stack:
        ports = [core.port for core in cores]
        channel = outbox.channel(stack, place.town, place.folder, place.log, *ports)
        simulator = [channel.pop("simulator")]
        kinds = {"core": cores, "adapter": list(channel.values()), "simulator": simulator}
        # Once they are ready: to start takes as much as thousands of pushes.
        before = {kind: _cpu(some) for kind, some in kinds.items()}
        others = outside()
        await _until(partial(db.read, partial(_is_over, campaign)))
        cpu = {kind: _cpu(some) - before[kind] for kind, some in kinds.items()}
        cpu["database"] = outside() - others
        seconds, sustained, told = await db.read(partial(_took, campaign))
    for one in looking:
        one.cancel()
    if told != people:
        raise RuntimeError(f"{told} of {people} were told")
    return Sent(
        people=people, counted_seconds=counted_seconds, laid_out_seconds=laid_out_seconds,
        laid_out_cpu=laid_out_cpu, seconds=seconds, sustained=sustained, cpu=cpu,
        core_mb=max(MOST[core.process.pid][0] for core in cores),
    )  # fmt: skip


def _cpu(processes: list[Process]) -> float:
    return sum(process.cpu() for process in processes)


async def _until(come) -> None:
    async with asyncio.timeout(LONGEST_SECONDS):
        while not await come():  # noqa: ASYNC110 - it is another process that is waited for.
            await asyncio.sleep(LOOK_SECONDS)


def _is_laid_out(campaign: str, session: Session) -> bool:
    row = session.get_one(Campaign, (MUNICIPALITY, campaign))
    return row.start_time is not None and row.batches > 0 and not row.expanding


def _is_over(campaign: str, session: Session) -> bool:
    goes_on = exists().where(
        Dispatch.municipality == MUNICIPALITY,
        Dispatch.campaign_id == campaign,
        Dispatch.finish_time.is_(None),
    )
    return not session.scalars(select(goes_on)).one()


def _took(campaign: str, session: Session) -> tuple[float, float, int]:
    """Return the seconds from the first attempt to the last outcome, the recipients a second in
    the middle eight tenths of it, and the recipients.
    """
    rows = session.execute(
        select(Dispatch.first_attempt_time, Dispatch.finish_time, Dispatch.recipient_count)
        .where(Dispatch.campaign_id == campaign, Dispatch.state == "sent")
        .order_by(Dispatch.finish_time)
    ).all()
    told = sum(count for _, _, count in rows)
    edge = len(rows) // 10
    middle = rows[edge : len(rows) - edge]
    seconds = (middle[-1].finish_time - middle[0].finish_time).total_seconds()
    sustained = sum(count for _, _, count in middle[1:]) / seconds
    first = min(begun for begun, _, _ in rows)
    return (rows[-1].finish_time - first).total_seconds(), sustained, told


def _heard(folder: Path) -> int:
    """Count what reached people, in the simulator's file."""
    with sqlite3.connect(folder / "line.db") as db:
        alone = db.execute("SELECT count(*) FROM chat WHERE shown AND person_id != ''").fetchone()
        many = db.execute("SELECT coalesce(sum(reached_count), 0) FROM recipients").fetchone()
    db.close()
    return int(alone[0]) + int(many[0])
