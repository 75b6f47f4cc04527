"""The calls that are compared, round by round, so that all have the same weather."""

import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import empty, load
from tests.bench.load import Case, Run
from tests.bench.processes import Process, running
from tests.bench.town import Requests, Town

RESIDENTS = "/todoke.v1.ResidentService"
WARM_UP_SECONDS = 0.5

WRITE = "durable write"
ONE_BY_ONE = "one commit a call"


@dataclass
class Measured:
    """The rounds of one case, and of the empty call beside them."""

    name: str
    runs: list[Run] = field(default_factory=list)
    yardstick: list[Run] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(run.rate for run in self.runs)

    @property
    def cpu_ms(self) -> float:
        return statistics.median(run.cpu_ms for run in self.runs)

    @property
    def ratios(self) -> list[float]:
        """Return the ratio to the empty call of each round, the least first."""
        pairs = zip(self.runs, self.yardstick, strict=True)
        return sorted(run.rate / empty.rate for run, empty in pairs)


@contextmanager
def cases(town: Town, log: Path) -> Iterator[list[Case]]:
    """Start the servers and give the calls, the empty one first."""
    with ExitStack() as stack:

        def started(module: str, *arguments: str) -> Process:
            return stack.enter_context(
                running(log, "python", "-m", module, *arguments, **town.environment)
            )

        yardstick = started("tests.bench.empty")
        core = started("tests.bench.core")
        one_by_one = started("tests.bench.core", "1")
        requests, metadata = Requests(), town.metadata
        see = f"{RESIDENTS}/SeeContact"
        yield [
            Case("empty call, bare grpc.aio", yardstick, empty.METHOD, lambda: b""),
            Case("read", core, f"{RESIDENTS}/GetContact", requests.get, metadata),
            Case(WRITE, core, see, requests.see_again, metadata),
            Case("durable write and event", core, see, requests.see_changed, metadata),
            Case(ONE_BY_ONE, one_by_one, see, requests.see_again, metadata),
        ]


async def measure(cases: list[Case], *, rounds: int, seconds: float) -> list[Measured]:
    """Run every case in every round."""
    found = [Measured(case.name) for case in cases]
    for case in cases:
        await load.run(case, WARM_UP_SECONDS)
    for _ in range(rounds):
        for case, measured in zip(cases, found, strict=True):
            measured.runs.append(await load.run(case, seconds))
    for measured in found:
        measured.yardstick = found[0].runs
    return found
