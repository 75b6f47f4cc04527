"""Keeps the parts of the demonstration running, as systemd would: what dies is started again.

A part keeps its port for life, so that the others find it where it was.
"""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from channels.demo.folder import write_json

LOOK_SECONDS = 0.05
GRACE_SECONDS = 15.0
# A part that dies this often, each time before it ever answered, will not come up at all.
MOST_STILLBIRTHS = 5


class PartBroken(Exception):  # noqa: N818 - named for the event, not as an error.
    """A part cannot be started; its log says why."""

    def __init__(self, name: str, log: Path) -> None:
        super().__init__(f"{name} does not start; the end of {log} says why")
        self.name = name
        self.log = log


@dataclass(frozen=True, slots=True)
class Part:
    """A process to keep: how it is started, and how one sees that it answers."""

    name: str
    port: int
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    answers: Callable[[], Awaitable[bool]]


@dataclass(slots=True)
class _Kept:
    part: Part
    up: asyncio.Event = field(default_factory=asyncio.Event)
    process: asyncio.subprocess.Process | None = None
    task: "asyncio.Task[None] | None" = None
    starts: int = 0


class Processes:
    """The parts that run; `record` is a JSON file with the pid and port of each."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._kept: dict[str, _Kept] = {}

    async def start(self, part: Part) -> None:
        """Start a part and return once it answers. Raises PartBroken."""
        kept = self._kept[part.name] = _Kept(part)
        kept.task = asyncio.create_task(self._keep(kept))
        await self.up(part.name)

    async def up(self, name: str) -> None:
        """Return once the part answers, at once if it does. Raises PartBroken."""
        kept = self._kept[name]
        if kept.task is None or kept.up.is_set():
            return
        waiting = asyncio.create_task(kept.up.wait())
        try:
            await asyncio.wait({waiting, kept.task}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if kept.task.done():
            kept.task.result()

    def restarts(self) -> dict[str, int]:
        """Count, for each part, how often it was started again."""
        return {name: max(0, kept.starts - 1) for name, kept in self._kept.items()}

    async def stop(self) -> None:
        """End all, last started first, so that what a part needs to finish is still there.

        Each is asked to end; after a grace it is ended by pid.
        """
        tasks = [kept.task for kept in self._kept.values() if kept.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for kept in reversed(self._kept.values()):
            await _end(kept.process)
        # The pids may soon be those of others.
        write_json(self._record, {})

    async def _keep(self, kept: _Kept) -> None:
        stillbirths = 0
        while stillbirths < MOST_STILLBIRTHS:
            process = await self._spawn(kept)
            if await _answered(kept.part, process):
                stillbirths = 0
                kept.up.set()
                await process.wait()
                kept.up.clear()
            else:
                stillbirths += 1
        raise PartBroken(kept.part.name, kept.part.log)

    async def _spawn(self, kept: _Kept) -> asyncio.subprocess.Process:
        part = kept.part
        with part.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *part.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=part.environment,
                # Its own group, so that Ctrl-C in the terminal is the demonstration's alone.
                start_new_session=True,
            )
        kept.process = process
        kept.starts += 1
        running = {
            name: {"pid": one.process.pid, "port": one.part.port, "starts": one.starts}
            for name, one in self._kept.items()
            if one.process
        }
        write_json(self._record, running)
        return process


async def _answered(part: Part, process: asyncio.subprocess.Process) -> bool:
    """Wait until the part answers; False where it ends before."""
    while process.returncode is None:
        if await part.answers():
            return True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), LOOK_SECONDS)
    return False


async def _end(process: asyncio.subprocess.Process | None) -> None:
    if process is None or process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), GRACE_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


def free_port() -> int:
    """Find a loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**ours: str) -> dict[str, str]:
    """Return the environment for a part: the machine's, with no settings but ours."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("TODOKE_")
    }
    return {**inherited, **ours, "PYTHONUNBUFFERED": "1"}


@contextlib.asynccontextmanager
async def running(record: Path) -> AsyncIterator[Processes]:
    """Keep parts, and stop them all at the end, whatever the end is."""
    processes = Processes(record)
    try:
        yield processes
    finally:
        await processes.stop()
