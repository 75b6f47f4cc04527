"""Load on a server: so many calls in flight, for so many seconds."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import grpc

from tests.bench.processes import Process

IN_FLIGHT = 64


@dataclass(frozen=True)
class Case:
    """A call to repeat: `request` makes the bytes of the next one."""

    name: str
    server: Process
    method: str
    request: Callable[[], bytes]
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Run:
    """What a case did in one round."""

    calls: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.calls / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the server's CPU that a call took."""
        return self.cpu / self.calls * 1000


async def run(case: Case, seconds: float) -> Run:
    """Keep IN_FLIGHT calls in flight; a call that fails ends the run."""
    async with grpc.aio.insecure_channel(f"127.0.0.1:{case.server.port}") as channel:
        method = channel.unary_unary(case.method)
        await method(case.request(), metadata=case.metadata)
        calls = 0
        cpu = case.server.cpu()
        began = time.perf_counter()
        end = began + seconds

        async def caller() -> None:
            nonlocal calls
            while time.perf_counter() < end:
                await method(case.request(), metadata=case.metadata)
                calls += 1

        await asyncio.gather(*(caller() for _ in range(IN_FLIGHT)))
        elapsed = time.perf_counter() - began
        return Run(calls, elapsed, case.server.cpu() - cpu)
