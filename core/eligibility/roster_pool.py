"""The processes that read and seal rosters beside the core, started when a roster needs them."""

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path

from core.crypto import Vault
from core.eligibility import roster_parts
from core.eligibility.roster_parts import Part, Task
from core.eligibility.roster_worker import LENGTH, frame
from core.pipes import send
from core.rosters.blocks import Block

MOST_PROCESSES = 4


class Pool:
    """As many processes as there are processors, each with one part at a time."""

    def __init__(self, keys: Path, vault: Vault) -> None:
        self.size = min(len(os.sched_getaffinity(0)), MOST_PROCESSES)
        self._arguments = (str(keys), vault.active.hex())
        self._vault = vault
        self._places = asyncio.Semaphore(self.size)
        self._idle: list[Process] = []
        self._started: set[Process] = set()

    async def here(self, task: Task, block: Block) -> Part:
        """Read a part in a thread: of a file so small that a process would only take longer."""
        return await asyncio.to_thread(roster_parts.read, self._vault, task, block)

    async def read(self, task: Task, block: Block) -> Part:
        """Read a part in a process; in a thread where the process is killed from outside."""
        async with self._places:
            process = self._idle.pop() if self._idle else await self._start()
            try:
                answer = await _asked(process, frame((task, block)))
            except (asyncio.IncompleteReadError, BrokenPipeError, ConnectionResetError):
                self._started.discard(process)
                return await self.here(task, block)
            except BaseException:
                self._kill(process)  # Its answer would be taken for the next one's.
                raise
            self._idle.append(process)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Part)  # noqa: S101 - for the type checker.
        return answer

    async def close(self) -> None:
        for process in list(self._started):
            self._kill(process)
            await process.wait()

    async def _start(self) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "core.eligibility.roster_worker", *self._arguments,
            stdin=PIPE, stdout=PIPE, limit=1 << 20,
        )  # fmt: skip
        self._started.add(process)
        return process

    def _kill(self, process: Process) -> None:
        self._started.discard(process)
        with suppress(ProcessLookupError):
            process.kill()


async def _asked(process: Process, question: bytes) -> object:
    assert process.stdout is not None  # noqa: S101 - it has pipes.
    await send(process, question)
    (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
    answer: object = pickle.loads(await process.stdout.readexactly(length))  # noqa: S301 - our own process's.
    return answer
