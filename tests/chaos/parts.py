"""The parts of a town as processes, killed and started again on the port that each had."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.processes import PORT

Command = Callable[[int, int], tuple[tuple[str, ...], dict[str, str]]]
"""Makes a command and its environment of the port and the number of the start, from 1."""

MOST_TRIES = 5


@dataclass
class Part:
    """A process of the virtual environment, whose first line says `127.0.0.1:port`."""

    name: str
    command: Command
    log: Path
    port: int = 0
    starts: int = 0
    kills: int = 0
    _process: subprocess.Popen[str] | None = None
    _starting: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def is_up(self) -> bool:
        return self._process is not None and (self._starting is None or self._starting.done())

    async def start(self) -> None:
        """Start it, and wait until it serves."""
        await asyncio.to_thread(self._start)

    def _start(self) -> None:
        for _ in range(MOST_TRIES):  # The port of one just killed may still be in use.
            self.starts += 1
            command, environment = self.command(self.port, self.starts)
            program = Path(sys.executable).with_name(command[0])
            with self.log.open("a", encoding="utf-8") as errors:
                process = subprocess.Popen(
                    [program, *command[1:]],
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    env={**os.environ, **environment},
                )
            said = process.stdout.readline()
            if said:
                self._process, self.port = process, int(PORT.search(said)[1])
                return
            _end(process)
        raise RuntimeError(f"{self.name} did not start: see {self.log}")

    async def kill(self) -> None:
        """End it by SIGKILL, wherever it is, and let it start again meanwhile."""
        await self.wait()
        self.kills += 1
        os.kill(self._process.pid, signal.SIGKILL)
        _end(self._process)
        self._starting = asyncio.create_task(self.start())

    async def wait(self) -> None:
        """Wait until it serves, where it was killed."""
        if self._starting is not None:
            await self._starting

    async def stop(self) -> None:
        await self.wait()
        if self._process is not None:
            self._process.terminate()
            await asyncio.to_thread(_end, self._process)
            self._process = None


def _end(process: subprocess.Popen[str]) -> None:
    process.wait(30)
    process.stdout.close()
