"""A core killed again and again while it decides many applications decides and tells each once."""

import asyncio
import os
import signal
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from core import events
from core.applications.desk_rows import DecisionNotice
from core.applications.rows import Application, Approval
from core.applications.rules import State
from core.callers import Role
from core.dispatches.rows import Delivery, Dispatch
from tests import town as towns
from tests.bench import town as benched
from tests.bench.processes import Process, running
from tests.core.applications import many
from tests.makers import a_request_id
from tests.town import MUNICIPALITY
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb

NUMBER = 1_200
KILLS = 2
LOOK_SECONDS = 0.02
RUNNING = pb.BULK_DECISION_STATE_RUNNING


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_each_is_decided_and_told_once_however_often_the_core_dies(
    database: str, tmp_path: Path
) -> None:
    city = await benched.found(database, tmp_path)
    token, id, spoilt = await _begun(city)
    random = Random(NUMBER)
    log = tmp_path / "log"
    for kill in range(KILLS + 1):
        with running(log, "python", "-m", "tests.bench.core", **city.environment) as core:
            caller = Core(f"127.0.0.1:{core.port}", token)
            if kill < KILLS:
                await _killed(caller, core, id, random)
            else:
                done = await _followed(caller, id, until=NUMBER + 1)
                named = await _named(caller, id)
            await caller.close()

    assert done.state == pb.BULK_DECISION_STATE_FINISHED
    assert (done.decided, dict(done.refused)) == (NUMBER - 1, {"CHANGED_MEANWHILE": 1})
    assert named == [(spoilt, "CHANGED_MEANWHILE")]
    await _are_whole(city, spoilt)


async def _begun(city: benched.Town) -> tuple[str, str, str]:
    """Begin while no job runs; return a reviewer's token, the job, and what changed meanwhile."""
    town = await towns.start(city.settings)
    town.clock.now = datetime.now(UTC)
    await town.running.jobs.stop()
    clerk, sato = await town.staff(Role.ELIGIBILITY), await town.staff(Role.REVIEWER)
    program_id = await many.filed(town, clerk, NUMBER, registered=True)
    request = pb.BeginBulkDecisionRequest(
        program_id=program_id, states=[pb.APPLICATION_STATE_SUBMITTED],
        verb=pb.BULK_VERB_APPROVE, expected_count=NUMBER, request_id=a_request_id(),
    )  # fmt: skip
    begun = await sato.ask(sato.applications.BeginBulkDecision, request)
    spoilt = await town.running.db.write(_spoil)
    token = sato.token
    await town.close()
    return token, begun.bulk_decision.bulk_decision_id, spoilt


def _spoil(session) -> str:
    """Change the last one that is to be decided, and return its id."""
    newest = select(Application).order_by(Application.id.desc()).limit(1)
    row = session.scalars(newest).one()
    row.revision += 1
    return row.id


async def _killed(caller: Core, core: Process, id: str, random: Random) -> None:
    """Kill the core some looks after it has gone on: at any place of a part, or between two."""
    before = (await _followed(caller, id, until=0)).decided
    await _followed(caller, id, until=before + 1)
    for _ in range(random.randint(0, 20)):
        await _followed(caller, id, until=0)
    os.kill(core.process.pid, signal.SIGKILL)


async def _followed(caller: Core, id: str, *, until: int) -> pb.BulkDecision:
    """Look at it until so many are decided, or it has ended."""
    request = pb.GetBulkDecisionRequest(bulk_decision_id=id)
    while True:
        answer = await caller.ask(caller.applications.GetBulkDecision, request)
        if answer.bulk_decision.decided >= until or answer.bulk_decision.state != RUNNING:
            return answer.bulk_decision
        await asyncio.sleep(LOOK_SECONDS)


async def _named(caller: Core, id: str) -> list[tuple[str, str]]:
    request = pb.ListBulkRefusalsRequest(bulk_decision_id=id)
    page = await caller.ask(caller.applications.ListBulkRefusals, request)
    return [(one.application_id, one.reason) for one in page.refusals]


async def _are_whole(city: benched.Town, spoilt: str) -> None:
    """Look at all that was written: once of each that was decided, and nothing of the other."""
    town = await towns.start(city.settings)
    await town.running.jobs.stop()

    def there(session) -> None:
        decided = set(
            session.scalars(select(Application.id).where(Application.state == State.APPROVED))
        )
        approvals = Counter(session.scalars(select(Approval.application_id)))
        notices = session.scalars(select(DecisionNotice)).all()
        deliveries = session.scalars(select(Delivery)).all()
        dispatches = session.scalar(select(func.count()).select_from(Dispatch))
        logged = Counter(
            session.scalars(
                select(events.Event.subject).where(events.Event.kind == "application.approved")
            )
        )
        once = dict.fromkeys(decided, 1)
        assert len(decided) == NUMBER - 1
        assert spoilt not in decided
        assert approvals == logged == once
        assert Counter(notice.application_id for notice in notices) == once
        assert sorted(notice.number for notice in notices) == list(range(1, NUMBER))
        assert Counter(one.occasion.partition(":")[0] for one in deliveries) == once
        assert len({one.dispatch_id for one in deliveries}) == dispatches == NUMBER - 1
        assert not events.verify(session, MUNICIPALITY).broken_at

    await town.read(there)
    await town.close()
