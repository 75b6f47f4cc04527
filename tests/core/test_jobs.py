"""Jobs: leased by one process at a time, taken up where a dead one left them, tried again later."""

import asyncio
import threading
from datetime import timedelta

from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from core import jobs, leases
from core.crypto import load_keys
from core.job_runner import Runner
from core.jobs import At, Job, Kind, Step
from core.opening import open_database
from core.wire.mutation import Answer
from tests.makers import a_contact
from tests.town import MUNICIPALITY, Town, on_sqlite, start

HOUR = timedelta(hours=1)


class Counting:
    """Work of three steps that remembers where it was asked to go on; it fails where told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fails_at = ""
        self.known: list[int] = []

    def step(self, session: Session, at: At) -> Step:
        self.asked.append(at.cursor)
        self.known.append(at.known)
        if self.fails_at and at.cursor == self.fails_at:
            raise RuntimeError("no luck")
        number = int(at.cursor or "0") + 1
        return Step(str(number) if number < 3 else "", {"steps": 1})

    def runner(self, town: Town, db=None) -> Runner:
        kind = Kind("counting", HOUR, self.step, look_up=lambda: len(self.asked))
        return Runner(db or town.running.db, [kind])


async def held(town: Town) -> Job:
    return await town.read(lambda s: s.get_one(Job, (MUNICIPALITY, "counting")))


async def test_a_job_runs_step_by_step_and_is_due_again_after_its_pause(a_town: Town) -> None:
    work = Counting()
    runner = work.runner(a_town)

    assert await runner.run_due() == 1
    assert await runner.run_due() == 0
    a_town.clock.pass_by(hours=1)
    assert await runner.run_due() == 1

    assert work.asked == ["", "1", "2"] * 2
    assert work.known == [0, 1, 2, 3, 4, 5]
    job = await held(a_town)
    assert (job.result, job.cursor, job.end_time) == ({"steps": 3}, "", a_town.clock())
    assert job.free_time == a_town.clock() + HOUR


async def test_two_processes_never_run_one_job_at_once(a_town: Town) -> None:
    work = Counting()
    other = open_database(a_town.settings, load_keys(a_town.settings.keys), a_town.clock)
    runners = [work.runner(a_town), work.runner(a_town, other)]

    finished = await asyncio.gather(*(runner.run_due() for runner in runners))
    await asyncio.to_thread(other.close)

    assert sum(finished) == 1
    assert work.asked == ["", "1", "2"]


async def test_what_a_dead_process_had_in_hand_goes_on_from_its_cursor(a_town: Town) -> None:
    work = Counting()
    runner = work.runner(a_town)

    def die_after_a_step(session: Session) -> None:
        (job,) = leases.claim(
            session,
            Job,
            order_by=(Job.name,),
            limit=1,
            now=a_town.clock(),
            length=jobs.LEASE,
        )
        job.cursor, job.result = "2", {"steps": 2}

    await a_town.running.db.write(runner._lay_out)
    await a_town.running.db.write(die_after_a_step)
    while_leased = await runner.run_due()
    a_town.clock.now += jobs.LEASE

    assert while_leased == 0
    assert await runner.run_due() == 1
    assert work.asked == ["2"]
    assert (await held(a_town)).result == {"steps": 3}


@on_sqlite
async def test_on_sqlite_a_process_that_starts_goes_on_at_once_where_the_last_one_died(
    a_town: Town,
) -> None:
    work, db = Counting(), a_town.running.db
    kind = Kind("counting", HOUR, work.step, waiting=lambda _: [MUNICIPALITY])
    runner = Runner(db, [kind])
    await db.write(runner._lay_out)
    died = await db.write(runner._claim)
    runner.start()
    async with asyncio.timeout(30):
        while len(work.asked) < 3:  # noqa: ASYNC110 - a task of the runner does it.
            await asyncio.sleep(0.02)
    await runner.stop()

    assert not await work.runner(a_town)._run_job(died)
    assert work.asked[:3] == ["", "1", "2"]


async def test_a_look_that_takes_longer_than_the_lease_keeps_it(a_town: Town) -> None:
    work, begun, goes_on = Counting(), threading.Event(), threading.Event()
    lease = timedelta(seconds=0.3)

    def read(session: Session, at: At):
        return lambda: begun.set() or goes_on.wait(30)

    kind = Kind("counting", HOUR, work.step, read=read, lease=lease)
    running = asyncio.create_task(Runner(a_town.running.db, [kind]).run_due())
    await asyncio.to_thread(begun.wait, 30)
    for _ in range(4):
        a_town.clock.now += lease * 0.9
        until = a_town.clock() + lease
        async with asyncio.timeout(30):
            while (await held(a_town)).free_time < until:  # noqa: ASYNC110 - another writes it.
                await asyncio.sleep(0.02)
        assert await work.runner(a_town).run_due() == 0
    goes_on.set()

    assert await running == 1
    assert work.asked == ["", "1", "2"]


async def test_what_a_process_says_after_its_lease_passed_is_not_taken(a_town: Town) -> None:
    work = Counting()
    runner = work.runner(a_town)
    db = a_town.running.db
    await db.write(runner._lay_out)
    late = await db.write(runner._claim)
    a_town.clock.now += jobs.LEASE
    assert await runner.run_due() == 1

    assert not await runner._run_job(late)
    assert work.asked == ["", "1", "2"]


async def test_a_failure_is_tried_again_from_where_it_was_after_growing_pauses(
    a_town: Town,
) -> None:
    work = Counting()
    work.fails_at = "1"
    runner = work.runner(a_town)
    waits = []
    for _ in range(3):
        with capture_logs() as logs:
            assert await runner.run_due() == 0
        assert [(log["event"], log["job"]) for log in logs] == [
            ("a job failed; it is tried again", "counting")
        ]
        waits.append((await held(a_town)).free_time - a_town.clock())
        a_town.clock.now += waits[-1]
    work.fails_at = ""

    assert await runner.run_due() == 1
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    assert work.asked.count("") == 1
    assert work.asked[-2:] == ["1", "2"]


async def test_a_stop_ends_after_the_step_under_way_and_gives_the_job_back(a_town: Town) -> None:
    work = Counting()
    db = a_town.running.db

    def stop_meanwhile() -> int:
        if len(work.asked) == 1:
            db._closing = True
        return 0

    runner = Runner(db, [Kind("counting", HOUR, work.step, look_up=stop_meanwhile)])
    assert await runner.run_due() == 0
    db._closing = False

    job = await held(a_town)
    assert (job.cursor, job.free_time) == ("2", a_town.clock())
    assert await work.runner(a_town).run_due() == 1
    assert work.asked == ["", "1", "2"]


OWN = ("forget", "proxies", "staleness", "retention", "search_keys", "matching", "rematching")


async def test_the_core_runs_its_own_jobs_for_each_municipality(a_town: Town) -> None:
    await a_town.found("332020", "倉敷市")

    finished = await a_town.running.jobs.run_due()

    assert finished == await a_town.read(lambda s: s.query(Job).count())
    for municipality in (MUNICIPALITY, "332020"):
        for name in OWN:
            job = await a_town.read(lambda s, of=(municipality, name): s.get_one(Job, of))
            assert job.end_time == a_town.clock(), name


async def test_answers_that_nobody_can_want_are_forgotten(a_town: Town) -> None:
    await a_contact(a_town, await a_town.channel())
    a_town.clock.pass_by(days=29)
    await a_town.running.jobs.run_due()
    kept = await a_town.read(lambda s: s.query(Answer).count())
    a_town.clock.pass_by(days=2)
    await a_town.running.jobs.run_due()

    assert kept == 1
    assert await a_town.read(lambda s: s.query(Answer).count()) == 0
    assert (await start_again(a_town)) == 0


async def start_again(town: Town) -> int:
    """Return how many jobs are due in a process that starts beside this one."""
    again = await start(town.settings)
    again.clock.now = town.clock.now
    due = await again.running.jobs.run_due()
    await again.close()
    return due
