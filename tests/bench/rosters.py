"""A roster of a hundred thousand rows, and of a million: how long the core takes, and its memory.

The file is sent as a caller sends it, to the core as a process; beside it Python's csv alone reads
the same file. Memory is the most that the processes held at once, looked at while they run. Another
caller writes all the while, and the longest that one write takes is shown.
"""

import asyncio
import csv
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg

from core import opening
from core.callers import Role, the_core
from core.crypto import load_keys
from core.staff import actions as staff
from tests.bench.processes import Process, children_of, cpu_of, resident_mb, running
from tests.bench.town import MUNICIPALITY, Town
from todoke.client import Core
from todoke.v1 import eligibility_pb2, rosters_pb2

CHUNK = 256 * 1024
HEADER = (
    "宛名番号,世帯番号,氏名,氏名カナ,生年月日,性別,郵便番号,住所,支給額,"
    "金融機関コード,支店コード,預金種目,口座番号,口座名義カナ,抑止区分"
)
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Taken:
    """An import of so many rows; `mb` and `cpu`, in seconds, are of the core with its workers.

    `all_cpu` is that with the database's own processes, and with the caller.
    """

    rows: int
    bytes: int
    seconds: float
    csv_seconds: float
    core_mb: float
    mb: float
    core_cpu: float
    cpu: float
    all_cpu: float
    longest_wait: float

    @property
    def rate(self) -> float:
        return self.rows / self.seconds


def written(path: Path, rows: int) -> int:
    """Write a file as municipal systems do, in CP932; return its length."""
    with path.open("w", encoding="cp932", newline="") as file:
        file.write(f"{HEADER}\r\n")
        file.writelines(_row(number) for number in range(rows))
    return path.stat().st_size


def _row(number: int) -> str:
    return (
        f"{number:010d},{number // 3:08d},総社　太郎{number % 977},ｿｳｼﾞｬ ﾀﾛｳ,"
        f"{1930 + number % 90}/{number % 12 + 1:02d}/{number % 28 + 1:02d},{'男女'[number % 2]},"
        f"719-11{number % 90 + 10},"
        f"総社市中央{number % 9 + 1}丁目{number % 20 + 1}番{number % 7 + 1}号,"
        f"70000,0168,191,普通,{1_000_000 + number % 9_000_000},ｿｳｼﾞﾔ ﾀﾛｳ,\r\n"
    )


def read_by_csv(path: Path) -> float:
    """Return the seconds that Python's csv takes to read the file, and nothing else."""
    began = time.perf_counter()
    with path.open(encoding="cp932", newline="") as file:
        for _ in csv.reader(file):
            pass
    return time.perf_counter() - began


async def measure(town: Town, folder: Path, log: Path, *, sizes: list[int]) -> list[Taken]:
    """Import a file of each size into a program of its own, each by a core just started."""
    token = await a_clerk(town)
    return [await _measured(town, folder, log, token, rows) for rows in sizes]


async def _measured(town: Town, folder: Path, log: Path, token: str, rows: int) -> Taken:
    path = folder / f"{rows}.csv"
    size = written(path, rows)
    alone = read_by_csv(path)
    with running(log, "python", "-m", "tests.bench.core", **town.environment) as core:
        caller = Core(f"127.0.0.1:{core.port}", token)
        program = await a_program(caller)
        looking = asyncio.create_task(look(core))
        waits = [0.0]
        writing = asyncio.create_task(write_on(caller, waits))
        cpu, outside = core.cpu(), outside_of(town.settings.database)
        began = time.perf_counter()
        result = await _sent(caller, program, path, size)
        seconds = time.perf_counter() - began
        own = core.cpu() - cpu
        workers = sum(map(cpu_of, children_of(core.process.pid)))
        outside = outside_of(town.settings.database) - outside
        looking.cancel()
        writing.cancel()
        await asyncio.gather(looking, writing, return_exceptions=True)
        await caller.close()
        most = MOST[core.process.pid]
    path.unlink()
    if result.roster.rows != rows:
        raise RuntimeError(f"{result.roster.rows} rows of {rows} were taken")
    cpu = own + workers
    return Taken(rows, size, seconds, alone, *most, own, cpu, cpu + outside, max(waits))


MOST: dict[int, tuple[float, float]] = {}


async def look(core: Process) -> None:
    """Look at the memory of the core and its workers, again and again."""
    pid = core.process.pid
    most = (0.0, 0.0)
    while True:
        own = resident_mb(pid)
        most = (max(most[0], own), max(most[1], own + sum(map(resident_mb, children_of(pid)))))
        MOST[pid] = most
        await asyncio.sleep(LOOK_SECONDS)


async def write_on(core: Core, waits: list[float]) -> None:
    """Write something small, again and again, and note how long it took."""
    while True:
        began = time.perf_counter()
        await a_program(core)
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(LOOK_SECONDS)


def outside_of(url: str) -> float:
    """Return the seconds of CPU of this process, and of PostgreSQL's that are there."""
    used = time.process_time()
    if not url.startswith("postgresql"):
        return used
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        pids = connection.execute("SELECT pid FROM pg_stat_activity").fetchall()
    for (pid,) in pids:
        # Whoever answered the question before may be gone by now.
        with suppress(psutil.NoSuchProcess):
            used += cpu_of(pid)
    return used


async def _sent(core: Core, program: str, path: Path, size: int) -> rosters_pb2.ImportedRoster:
    header = rosters_pb2.RosterHeader(
        program_id=program, file_name=path.name, request_id=uuid.uuid4().hex, file_size=size
    )

    async def parts() -> AsyncIterator[rosters_pb2.ImportRosterRequest]:
        yield rosters_pb2.ImportRosterRequest(header=header)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield rosters_pb2.ImportRosterRequest(chunk=chunk)

    result = rosters_pb2.ImportedRoster()
    async for told in core.converse(core.rosters.ImportRoster, parts()):
        result = told.result
    return result


async def a_program(core: Core) -> str:
    request = eligibility_pb2.CreateProgramRequest(
        code=f"bench-{uuid.uuid4().hex[:8]}", title="給付金",
        unit=eligibility_pb2.ENTITLED_UNIT_HOUSEHOLD, amount=70_000, budget=500_000_000_000,
        procedure="confirm_account", request_id=uuid.uuid4().hex,
    )  # fmt: skip
    return (await core.ask(core.eligibility.CreateProgram, request)).program.program_id


async def a_clerk(town: Town) -> str:
    """Sign a clerk in, and return the token."""
    db = opening.open_database(town.settings, load_keys(town.settings.keys))

    def sign_in(session) -> str:
        now = datetime.now(UTC)
        staff.create_staff(
            session, the_core(MUNICIPALITY), name="rosters", display_name="rosters",
            password_hash="unused", roles=[Role.ELIGIBILITY], now=now,
        )  # fmt: skip
        signed_in = staff.sign_in(
            session, municipality=MUNICIPALITY, name="rosters", fits=True, now=now
        )
        return signed_in[1]

    try:
        return await db.write(sign_in)
    finally:
        db.close()
