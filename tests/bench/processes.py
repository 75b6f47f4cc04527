"""Servers as processes of their own: started, asked for their port and their CPU time, stopped."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import psutil

PORT = re.compile(r"127\.0\.0\.1:(\d+)")


@dataclass(frozen=True)
class Process:
    """A process that serves on a port of this machine."""

    process: subprocess.Popen[str]
    port: int

    def cpu(self) -> float:
        """Return the seconds of CPU it has used."""
        return cpu_of(self.process.pid)


def cpu_of(pid: int) -> float:
    """Return the seconds of CPU that a process has used."""
    used = psutil.Process(pid).cpu_times()
    return used.user + used.system


def resident_mb(pid: int) -> float:
    """Return the memory that a process holds; none once it is gone."""
    try:
        return psutil.Process(pid).memory_info().rss / 1e6
    except psutil.NoSuchProcess:
        return 0.0


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started and that still run."""
    return [child.pid for child in psutil.Process(pid).children()]


def lives(pid: int) -> bool:
    """Whether a process still does something; one that nobody waited for does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def running(log: Path, *command: str, **environment: str) -> Iterator[Process]:
    """Run a program of the virtual environment, whose first line says `127.0.0.1:port`."""
    program = Path(sys.executable).with_name(command[0])
    with log.open("a", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [program, *command[1:]],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **environment},
        )
    try:
        said = process.stdout.readline()
        if not said:
            raise RuntimeError(f"{command} did not start:\n{log.read_text(encoding='utf-8')}")
        yield Process(process, int(PORT.search(said)[1]))
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


async def serve(starting: Awaitable[tuple[grpc.aio.Server, int]]) -> None:
    """Be such a process until told to stop."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    server, port = await starting
    print(f"127.0.0.1:{port}", flush=True)
    await ended.wait()
    await server.stop(1)
