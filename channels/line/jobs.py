"""One job an event, however often LINE delivers it.

The memory is this process's own and bounded: what it forgets, or another process does again, is
made harmless by request ids in the core and by reply tokens and retry keys at LINE.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

MOST_AT_ONCE = 2_000
MOST_REMEMBERED = 20_000


class Busy(Exception):  # noqa: N818 - named for the event, not as an error.
    """More is going on than can be: let LINE deliver again."""


@dataclass(slots=True)
class Job:
    """The work on one event; `delivered_at` is when LINE last delivered it (monotonic seconds)."""

    event_id: str
    delivered_at: float = field(default_factory=time.monotonic)

    def age(self) -> float:
        """Tell how many seconds ago LINE delivered the event, the last time."""
        return time.monotonic() - self.delivered_at


Work = Callable[[Job], Awaitable[None]]


class Jobs:
    """The jobs in flight and those done lately. A job that raises is to be done again."""

    def __init__(self) -> None:
        self._in_flight: dict[str, tuple[Job, asyncio.Task[None]]] = {}
        self._done: OrderedDict[str, None] = OrderedDict()

    def join(self, event_id: str, work: Work) -> asyncio.Task[None] | None:
        """Begin the work on an event, or join the one that goes on; None if it is done.

        Raises Busy.
        """
        if event_id in self._done:
            return None
        if event_id in self._in_flight:
            job, task = self._in_flight[event_id]
            # A redelivery gives the reply token another minute.
            job.delivered_at = time.monotonic()
            return task
        if len(self._in_flight) >= MOST_AT_ONCE:
            raise Busy
        job = Job(event_id)
        task = asyncio.create_task(self._run(job, work))
        # Looked at here, because the one who waited may have gone when it fails.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._in_flight[event_id] = job, task
        return task

    async def _run(self, job: Job, work: Work) -> None:
        try:
            await work(job)
            self._done[job.event_id] = None
            if len(self._done) > MOST_REMEMBERED:
                self._done.popitem(last=False)
        finally:
            del self._in_flight[job.event_id]

    async def drain(self, seconds: float) -> None:
        """Let the jobs in flight end, at most `seconds`; LINE delivers again what was cut."""
        tasks = [task for _, task in self._in_flight.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
