"""Many decisions at once: how long a thousand take, and how long each part holds the writer."""

import time
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy.orm import Session

from core.applications import bulk, bulk_job
from core.applications.notices.letterhead import Letterhead
from core.applications.queue import Wanted
from core.applications.rules import State
from core.callers import Caller, Role
from core.jobs import At
from core.procedures.catalogue import Catalogue
from core.procedures.loading import shipped
from core.staff.rows import by_name
from tests import town as towns
from tests.bench.town import MUNICIPALITY, Town
from tests.core.applications import many

AUTHOR = "bulk-reviewer"


@dataclass
class Measured:
    """Of `decisions`: seconds to freeze the list and to decide all, and each part in ms."""

    decisions: int
    begin_seconds: float = 0.0
    seconds: float = 0.0
    part_ms: list[float] = field(default_factory=list)

    @property
    def seconds_a_thousand(self) -> float:
        return self.seconds / self.decisions * 1000


async def measure(town: Town, *, decisions: int) -> Measured:
    """File that many, below gRPC, and decide them as the job does."""
    found = Measured(decisions)
    core = await towns.start(town.settings)
    await core.running.jobs.stop()
    clerk = await core.staff(Role.ELIGIBILITY, name="bulk-clerk")
    await core.staff(Role.REVIEWER, name=AUTHOR)
    program_id = await many.filed(core, clerk, decisions)
    now = core.clock()

    def begin(session: Session) -> str:
        person = by_name(session, MUNICIPALITY, AUTHOR)
        assert person is not None
        by = Caller(MUNICIPALITY, person.name, frozenset({Role.REVIEWER}), person.id)
        return bulk.begin(
            session,
            by,
            Wanted(program_id=program_id, states={State.SUBMITTED}),
            verb=bulk.Verb.APPROVE,
            reason="",
            expected=decisions,
            now=now,
        ).id

    started = time.perf_counter()
    id = await core.running.db.write(begin)
    found.begin_seconds = time.perf_counter() - started
    letterhead = Letterhead.load(
        page="http://localhost/verify", office="", phone="", seals=None, words=None
    )
    step = partial(
        bulk_job.step,
        at=At(MUNICIPALITY, "", now),
        letterhead=letterhead,
        known=Catalogue(shipped()),
    )
    started = time.perf_counter()
    for _ in range(decisions // bulk_job.PART + 1):
        began = time.perf_counter()
        await core.running.db.write(step)
        found.part_ms.append((time.perf_counter() - began) * 1000)
    found.seconds = time.perf_counter() - started
    done = await core.running.db.read(lambda s: bulk.get(s, MUNICIPALITY, id))
    assert (done.state, done.decided) == (bulk.Phase.FINISHED, decisions)
    await core.close()
    return found
