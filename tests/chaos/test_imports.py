"""A core killed in the middle of an import leaves nothing that is seen, and no process behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.bench import town
from tests.bench.processes import Process, children_of, lives, running
from tests.bench.rosters import a_clerk, a_program, written
from todoke.client import Core, CoreError
from todoke.v1 import rosters_pb2 as pb

ROWS = 30_000
CHUNK = 1 << 18
FUZZED_SECONDS = 15


async def imported(
    core: Core, program: str, path: Path, request_id: str
) -> AsyncIterator[pb.ImportRosterResponse]:
    async def parts() -> AsyncIterator[pb.ImportRosterRequest]:
        header = pb.RosterHeader(program_id=program, file_name="roster.csv", request_id=request_id)
        yield pb.ImportRosterRequest(header=header)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield pb.ImportRosterRequest(chunk=chunk)

    async for told in core.converse(core.rosters.ImportRoster, parts()):
        yield told


def counted(database: str) -> tuple[int, int]:
    """Return how many rosters are frozen, and how many rows they say they have."""
    engine = create_engine(database)
    query = (
        "SELECT count(*), coalesce(sum(row_count), 0) FROM rosters WHERE freeze_time IS NOT NULL"
    )
    with engine.connect() as connection:
        frozen, rows = connection.execute(text(query)).one()
    engine.dispose()
    return frozen, rows


async def gone(pids: list[int]) -> bool:
    """Whether these processes end, soon."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if not any(map(lives, pids)):
            return True
        await asyncio.sleep(0.05)
    return False


@pytest.mark.slow
@pytest.mark.timeout(200)
async def test_a_killed_import_leaves_nothing_that_is_seen(database: str, tmp_path: Path) -> None:
    city = await town.found(database, tmp_path)
    token = await a_clerk(city)
    path = tmp_path / "roster.csv"
    written(path, ROWS)
    log = tmp_path / "log"
    with running(log, "python", "-m", "tests.bench.core", **city.environment) as core:
        caller = Core(f"127.0.0.1:{core.port}", token)
        program = await a_program(caller)
        left = await _killed_half_way(caller, core, program, path)
        await caller.close()

    assert left
    assert await gone(left)
    assert counted(database) == (0, 0)
    with running(log, "python", "-m", "tests.bench.core", **city.environment) as core:
        caller = Core(f"127.0.0.1:{core.port}", token)
        result = [one async for one in imported(caller, program, path, "killed-request")][-1]
        await caller.close()
    assert result.result.roster.rows == ROWS
    assert counted(database) == (1, ROWS)


async def _killed_half_way(caller: Core, core: Process, program: str, path: Path) -> list[int]:
    """Kill the core once it has written a part; return the processes that it had beside it."""
    left: list[int] = []

    async def until_killed() -> None:
        async for told in imported(caller, program, path, "killed-request"):
            if told.progress.rows > ROWS // 10 and not left:
                left.extend(children_of(core.process.pid))
                os.kill(core.process.pid, signal.SIGKILL)

    with pytest.raises(CoreError):
        await until_killed()
    return left


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="atheris is for Linux")
def test_any_bytes_as_a_roster_end_in_nothing_but_refusals() -> None:
    command = [sys.executable, "-m", "tests.fuzz.rosters", str(FUZZED_SECONDS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-4_000:]
