"""A hundred thousand decisions at once: how long they take, in how much memory, who waits.

The core is a process of its own and decides as it always does, by its job. Another caller writes
all the while. Each resident is registered, linked, and told on a contact.
"""

import asyncio
import os
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.callers import Role
from tests import town as towns
from tests.bench.processes import running
from tests.bench.rosters import MOST, look, outside_of, resident_mb, write_on
from tests.bench.town import Town
from tests.core.applications import many
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb

LOOK_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Of `decisions`: seconds to freeze the list and to decide all; `waits` of another who writes.

    `early_mb` is what the core held when a tenth was decided, `mb` the most it ever did.
    """

    decisions: int
    begin_seconds: float
    seconds: float
    core_cpu: float
    all_cpu: float
    early_mb: float
    mb: float
    waits: list[float]
    load: float

    @property
    def rate(self) -> float:
        return self.decisions / self.seconds


async def measure(town: Town, log: Path, *, decisions: int) -> Measured:
    """File that many, below gRPC, and have the core decide them."""
    core = await towns.start(town.settings)
    core.clock.now = datetime.now(UTC)  # By which the other process goes, too.
    await core.running.jobs.stop()
    await core.running.jobs.run_due()  # So that nothing else is due while it is measured.
    clerk = await core.staff(Role.ELIGIBILITY, name="bulk-clerk")
    sato = await core.staff(Role.REVIEWER, Role.ELIGIBILITY, name="bulk-reviewer")
    program_id = await many.filed(core, clerk, decisions, registered=True)
    token = sato.token
    await core.close()
    with running(log, "python", "-m", "tests.bench.core", **town.environment) as process:
        caller = Core(f"127.0.0.1:{process.port}", token)
        looking = asyncio.create_task(look(process))
        waits: list[float] = []
        writing = asyncio.create_task(write_on(caller, waits))
        request = pb.BeginBulkDecisionRequest(
            program_id=program_id,
            states=[pb.APPLICATION_STATE_SUBMITTED],
            verb=pb.BULK_VERB_APPROVE,
            expected_count=decisions,
            request_id=uuid.uuid4().hex,
        )
        outside, cpu = outside_of(town.settings.database), process.cpu()
        began = time.perf_counter()
        begun = await caller.ask(caller.applications.BeginBulkDecision, request)
        frozen = time.perf_counter()
        early = await _decided(caller, begun.bulk_decision, decisions // 10)
        early_mb = resident_mb(process.process.pid)
        done = await _decided(caller, early, decisions)
        ended = time.perf_counter()
        cpu, outside = process.cpu() - cpu, outside_of(town.settings.database) - outside
        looking.cancel()
        writing.cancel()
        await asyncio.gather(looking, writing, return_exceptions=True)
        await caller.close()
    if done.decided != decisions or done.state != pb.BULK_DECISION_STATE_FINISHED:
        raise RuntimeError(f"{done.decided} of {decisions} were decided: {dict(done.refused)}")
    return Measured(
        decisions=decisions,
        begin_seconds=frozen - began,
        seconds=ended - frozen,
        core_cpu=cpu,
        all_cpu=cpu + outside,
        early_mb=early_mb,
        mb=MOST[process.process.pid][0],
        waits=waits,
        load=os.getloadavg()[0],
    )


async def _decided(caller: Core, bulk: pb.BulkDecision, number: int) -> pb.BulkDecision:
    """Look again and again until so many are decided, or it has ended."""
    request = pb.GetBulkDecisionRequest(bulk_decision_id=bulk.bulk_decision_id)
    while bulk.state == pb.BULK_DECISION_STATE_RUNNING and (
        bulk.decided < number or number == bulk.total
    ):
        await asyncio.sleep(LOOK_SECONDS)
        bulk = (await caller.ask(caller.applications.GetBulkDecision, request)).bulk_decision
    return bulk
