"""Runs the jobs that are due, and those for which work waits, in one process of the core."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core import leases
from core.db import Database
from core.events import Municipality
from core.jobs import LEASE, At, Job, Kind, Read

LOOK_SECONDS = 60.0
"""How often a process looks for jobs that are due."""

AGAIN_SECONDS = 0.5
"""How often a process looks again for work that waits while another has the job in hand.

That one may have died with it.
"""

SOON_SECONDS = 0.5
"""How long at the most what was committed waits before a process looks for work it brought."""

LONGEST_PAUSE = timedelta(hours=1)

OFTEN = timedelta(hours=1)
"""What recurs more often than this is not told of in the log where it found nothing to do."""

log = structlog.get_logger("core")


@dataclass(frozen=True, slots=True)
class _Claimed:
    municipality: str
    kind: Kind
    fence: int


class Runner:
    """Runs the jobs of every municipality that are due, one after the other."""

    def __init__(self, db: Database, kinds: Sequence[Kind]) -> None:
        self._db = db
        self._kinds = {kind.name: kind for kind in kinds}
        self._ended = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._next_look = 0.0

    def start(self) -> None:
        self._next_look = asyncio.get_running_loop().time() + LOOK_SECONDS
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End after the step that is under way; what is left of its job goes on elsewhere."""
        self._ended.set()
        if self._running is not None:
            await self._running

    async def run_due(self) -> int:
        """Run what is due by the database's clock, and return how many jobs were finished."""
        finished = 0
        await self._db.write(self._lay_out)
        while not self._db.closing and (claimed := await self._db.write(self._claim)):
            finished += await self._run_job(claimed)
        return finished

    async def _run(self) -> None:
        try:
            await self._db.write(self._take_over)
        except Exception as error:  # What is in hand is free soon, too.
            log.warning("jobs could not be taken over", exc_info=error)
        while not await self._ends_within(SOON_SECONDS):
            committed = self._db.committed  # Taken before the look, or a commit would be missed.
            try:
                left = await self.run_waiting()
                if self._is_time():
                    await self.run_due()
            except Exception as error:  # The database may be away for a while.
                log.warning("jobs failed; they are tried again", exc_info=error)
                left = False
            await self._sleep(committed, AGAIN_SECONDS if left else LOOK_SECONDS)

    def _take_over(self, session: Session) -> None:
        """Free what the process before had in hand: SQLite has one at a time.

        If it lives all the same, its lease is lost, and nothing of what it does is taken.
        """
        now = self._db.now(session)
        if session.get_bind().dialect.name == "sqlite":
            for job in session.scalars(select(Job)):
                if _in_hand(job, now):
                    leases.release(job, now)

    async def run_waiting(self) -> bool:
        """Run what work is waiting for now, though it would not be due yet.

        Return whether some is left that another process has in hand.
        """
        left = False
        for kind in self._kinds.values():
            if kind.waiting is None or not (where := await self._db.read(kind.waiting)):
                continue
            free = await self._db.read(partial(self._free, kind=kind, among=where))
            left = left or len(free) < len(where)
            if free:
                await self._db.write(self._lay_out)
            for municipality in free:
                claim = partial(self._claim_now, kind=kind, municipality=municipality)
                if (claimed := await self._db.write(claim)) is None:
                    left = True  # Another was first.
                else:
                    await self._run_job(claimed)
        return left

    def _free(self, session: Session, kind: Kind, among: Sequence[str]) -> list[str]:
        """Return where nobody has the job in hand: who has holds its lock most of the time."""
        now = self._db.now(session)
        query = select(Job).where(Job.name == kind.name, Job.municipality.in_(among))
        held = {job.municipality for job in session.scalars(query) if _in_hand(job, now)}
        return [municipality for municipality in among if municipality not in held]

    def _is_time(self) -> bool:
        """Whether it is time to look for what is due."""
        now = asyncio.get_running_loop().time()
        if now < self._next_look:
            return False
        self._next_look = now + LOOK_SECONDS
        return True

    async def _sleep(self, committed: asyncio.Event, most: float) -> None:
        """Sleep until something is committed here, it is time to look, or all ends."""
        pause = min(self._next_look - asyncio.get_running_loop().time(), most)
        waits = [asyncio.ensure_future(one.wait()) for one in (committed, self._ended)]
        await asyncio.wait(waits, timeout=max(pause, 0), return_when=asyncio.FIRST_COMPLETED)
        for one in waits:
            one.cancel()

    async def _ends_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), seconds)
        return self._ended.is_set()

    def _lay_out(self, session: Session) -> None:
        """Make the jobs of municipalities that are new, due at once."""
        there = {(job.municipality, job.name) for job in session.scalars(select(Job))}
        now = self._db.now(session)
        session.add_all(
            Job(municipality=municipality, name=name, free_time=now)
            for municipality in session.scalars(select(Municipality.municipality))
            for name in self._kinds
            if (municipality, name) not in there
        )
        session.flush()

    def _claim_now(self, session: Session, kind: Kind, municipality: str) -> _Claimed | None:
        """Claim a job that nobody has in hand, due or not."""
        job = session.get(Job, (municipality, kind.name), with_for_update=True)
        now = self._db.now(session)
        if job is None or _in_hand(job, now):
            return None
        job.free_time = now
        session.flush()
        return self._claim(session, kind=kind, municipality=municipality)

    def _claim(
        self, session: Session, *, kind: Kind | None = None, municipality: str = ""
    ) -> _Claimed | None:
        now = self._db.now(session)
        wanted: list[ColumnElement[bool]] = [Job.name.in_([kind.name] if kind else self._kinds)]
        if municipality:
            wanted.append(Job.municipality == municipality)
        found = leases.claim(
            session,
            Job,
            *wanted,
            order_by=(Job.free_time, Job.municipality, Job.name),
            limit=1,
            now=now,
            length=LEASE,
        )
        for job in found:
            if not job.cursor:
                job.begin_time, job.result = now, {}
            job.free_time = now + self._kinds[job.name].lease
            return _Claimed(job.municipality, self._kinds[job.name], job.fence)
        return None

    async def _run_job(self, claimed: _Claimed) -> bool:
        """Run step by step to the end; False where it ends before, as when the lease is lost."""
        try:
            going_on: bool | None = True
            known = None
            while going_on and not self._db.closing:
                if known is None:
                    known = await self._kept(claimed, self._look(claimed))
                step = self._db.write(partial(self._step, claimed=claimed, known=known))
                ahead = self._kept(claimed, self._look_ahead(claimed, known))
                going_on, known = await asyncio.gather(step, ahead)
            if going_on:
                await self._db.write(partial(self._give_back, claimed=claimed, failed=False))
        except Exception:
            log.exception(
                "a job failed; it is tried again",
                job=claimed.kind.name,
                municipality=claimed.municipality,
            )
            await self._db.write(partial(self._give_back, claimed=claimed, failed=True))
            return False
        return going_on is False

    async def _kept(self, claimed: _Claimed, looking: Coroutine[Any, Any, Any]) -> Any:
        """Return what is looked up, and keep the lease meanwhile: that may take longer than it."""
        looked = asyncio.create_task(looking)
        beat = claimed.kind.lease.total_seconds() / 3
        try:
            while not (await asyncio.wait({looked}, timeout=beat))[0]:
                await self._db.write(partial(self._extend, claimed=claimed))
            return looked.result()
        finally:
            looked.cancel()

    def _extend(self, session: Session, claimed: _Claimed) -> None:
        job = _held(session, claimed)
        if job is not None and _under_way(job):
            job.free_time = self._db.now(session) + claimed.kind.lease

    async def _look(self, claimed: _Claimed) -> Any:
        """Return what is looked up for the next step, outside of its transaction."""
        kind = claimed.kind
        if kind.read is not None:
            return await self._reading(claimed, kind.read, None)
        return await asyncio.to_thread(kind.look_up) if kind.look_up else None

    async def _look_ahead(self, claimed: _Claimed, known: Any) -> Any:
        """Return what the step after the one under way is to know; None where nothing can be."""
        read = claimed.kind.read_ahead
        return await self._reading(claimed, read, known) if read else None

    async def _reading(self, claimed: _Claimed, read: Read, known: Any) -> Any:
        look_up = await self._db.read(partial(self._read, claimed, read, known))
        return await asyncio.to_thread(look_up) if look_up else None

    def _read(
        self, claimed: _Claimed, read: Read, known: Any, session: Session
    ) -> Callable[[], Any] | None:
        """Read what a step needs; return what is to be done with it, if anything."""
        job = session.get_one(Job, (claimed.municipality, claimed.kind.name))
        return read(session, At(job.municipality, job.cursor, self._db.now(session), known))

    def _step(self, session: Session, claimed: _Claimed, known: Any) -> bool | None:
        """Run one step; return whether there is more, None where the lease is another's."""
        job = _held(session, claimed)
        if job is None:
            return None
        now = self._db.now(session)
        done = claimed.kind.step(session, At(job.municipality, job.cursor, now, known))
        job.cursor, job.attempts = done.cursor, 0
        job.result = dict(Counter(job.result) + Counter(done.counts or {}))
        if job.cursor:
            # From its end: a step that took long would give the job away while it goes on.
            job.free_time = self._db.now(session) + claimed.kind.lease
            return True
        job.end_time, job.free_time = now, now + claimed.kind.every
        say = log.info if job.result or claimed.kind.every >= OFTEN else log.debug
        say("job done", job=job.name, municipality=job.municipality, counts=job.result)
        return False

    def _give_back(self, session: Session, claimed: _Claimed, *, failed: bool) -> None:
        """Let the job be taken up where it stands; after growing pauses where it failed."""
        job = _held(session, claimed)
        if job is None:
            return
        pause = min(timedelta(minutes=2 ** min(job.attempts, 6)), LONGEST_PAUSE)
        leases.release(job, self._db.now(session) + (pause if failed else timedelta()))


def _in_hand(job: Job, now: datetime) -> bool:
    """Whether somebody is at it, or it rests after it failed."""
    return _under_way(job) and job.free_time is not None and job.free_time > now


def _under_way(job: Job) -> bool:
    return bool(job.cursor) or job.attempts > 0


def _held(session: Session, claimed: _Claimed) -> Job | None:
    """Return the job, locked; None where its lease has passed to another process."""
    key = (claimed.municipality, claimed.kind.name)
    job = session.get_one(Job, key, with_for_update=True, populate_existing=True)
    return job if leases.holds(job, claimed.fence) else None
