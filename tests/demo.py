"""Runs `todoke demo --headless` as a visitor would, in a process of its own."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TODOKE = (sys.executable, "-c", "from todoke.command import main; main(prog_name='todoke')")


@dataclass
class Demo:
    """A demonstration under way in `folder`."""

    process: asyncio.subprocess.Process
    folder: Path

    def progress(self) -> dict[str, Any]:
        """How far it is; empty before it begins."""
        return read(self.folder / "progress.json")

    def processes(self) -> dict[str, Any]:
        return read(self.folder / "processes.json")

    async def end(self) -> str:
        """Wait for the end; return all that it printed."""
        assert self.process.stdout
        said = await self.process.stdout.read()
        await self.process.wait()
        return said.decode()

    def logs(self) -> str:
        """The last lines of every part, for a failure to show."""
        ends = []
        for log in sorted((self.folder / "logs").glob("*.log")):
            lines = log.read_text(errors="replace").splitlines()[-20:]
            ends += [f"== {log.name}", *(line[:500] for line in lines)]
        return "\n".join(ends)


async def start(folder: Path, *arguments: str, headless: bool = True, keep: bool = True) -> Demo:
    process = await asyncio.create_subprocess_exec(
        *TODOKE, "demo", *["--headless"][:headless], *["--keep"][:keep],
        "--folder", folder, "--language", "en", *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "COLUMNS": "120"},
    )  # fmt: skip
    return Demo(process, folder)


async def until(demo: Demo, reached: Callable[[dict[str, Any]], bool]) -> bool:
    """Return once the progress is so far, or False where the demonstration ends before."""
    while demo.process.returncode is None:
        if reached(demo.progress()):
            return True
        # Waits for the end, and looks again when it has not come.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(demo.process.wait(), 0.01)
    return False


def read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text()) if file.exists() else {}


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
