"""Shares of a provider's rate, fetched from the core ahead of need, so that no limit is passed.

A share is a stretch of time that no other worker has: requests are spread over it. Whoever waits is
served in order, emergencies before conversations, and those before campaigns. The next share is
asked for long before this one ends: nobody waits for the way to the core and back.
"""

import asyncio
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum

import structlog

from todoke.client import Core, CoreError
from todoke.v1.dispatches_pb2 import LeaseRateRequest, LeaseRateResponse

log = structlog.get_logger()

AHEAD = 0.125
"""Seconds that are held at least while requests follow each other: half of what the core gives."""

LATE = 0.04
"""Seconds for which a request may be made after its time: so long this process may be busy. No
second has more than the rate and this part of it."""

TICK = 0.005
"""Seconds at least between two looks at whose time has come."""

AFTER_TROUBLE = 0.5
MOST = 100_000


class Turn(IntEnum):
    """Who is served before whom."""

    EMERGENCY = 0
    CONVERSATION = 1
    CAMPAIGN = 2


class NoShare(Exception):  # noqa: N818 - named for the event, not as an error.
    """Nothing came in time: the core is away, or others were first."""


@dataclass(slots=True)
class Stretch:
    """A share: so many requests from `begin` on (monotonic seconds), evenly."""

    begin: float
    per_second: int
    granted: int
    used: int = 0

    @property
    def left(self) -> int:
        return self.granted - self.used

    @property
    def end(self) -> float:
        return self.begin + self.granted / self.per_second

    def next(self) -> float:
        """Return when the next request may be made."""
        return self.begin + self.used / self.per_second

    def is_over(self, now: float) -> bool:
        return not self.left or now > self.end + LATE

    def use(self, now: float) -> bool:
        """Use one whose time has come; those that nobody used in their time are lost."""
        lost = int((now - LATE - self.begin) * self.per_second)
        self.used = max(self.used, min(lost, self.granted - 1))
        if now < self.next():
            return False
        self.used += 1
        return True


class Shares:
    """What one worker may ask of one endpoint."""

    def __init__(self, core: Core, endpoint: str, per_second: int) -> None:
        self._core = core
        self._endpoint = endpoint
        self._per_second = per_second
        self._held: deque[Stretch] = deque()
        self._used = 0
        self._lines: dict[Turn, deque[asyncio.Future[None]]] = {turn: deque() for turn in Turn}
        self._fetching: asyncio.Task[None] | None = None
        self._serving: asyncio.TimerHandle | None = None

    async def take(self, turn: Turn, *, seconds: float) -> None:
        """Wait until one request may be made; raises NoShare where that takes too long."""
        if not any(self._lines.values()) and self._use_one(time.monotonic()):
            self._fetch_soon()
            return
        served: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines[turn].append(served)
        self._fetch_soon()
        self._serve_soon()
        try:
            async with asyncio.timeout(seconds):
                await served
        except TimeoutError:
            raise NoShare from None

    async def stop(self) -> None:
        """Fetch no more."""
        if self._serving is not None:
            self._serving.cancel()
        if self._fetching is not None:
            self._fetching.cancel()
            with suppress(asyncio.CancelledError):
                await self._fetching

    def _use_one(self, now: float) -> bool:
        while self._held and self._held[0].is_over(now):
            self._held.popleft()
        if not self._held or not self._held[0].use(now):
            return False
        self._used += 1
        return True

    def _serve(self) -> None:
        """Let those go whose time has come, and come back while there are more."""
        self._serving = None
        now = time.monotonic()
        for line in self._lines.values():
            while line and (line[0].done() or self._use_one(now)):
                served = line.popleft()
                if not served.done():
                    served.set_result(None)
        self._fetch_soon()
        self._serve_soon(TICK)

    def _serve_soon(self, least: float = 0.0) -> None:
        if self._serving is None and self._held and any(self._lines.values()):
            wait = max(self._held[0].next() - time.monotonic(), least)
            self._serving = asyncio.get_running_loop().call_later(wait, self._serve)

    def _fetch_soon(self) -> None:
        if self._needs_more() and (self._fetching is None or self._fetching.done()):
            self._fetching = asyncio.create_task(self._fetch())

    def _needs_more(self) -> bool:
        """Whether to ask for more: what is held ends soon, and more are coming, or wait already."""
        if self._end() >= time.monotonic() + AHEAD:
            return False
        return self._used > 1 or self._waiting(*Turn) > self._left()

    def _waiting(self, *turns: Turn) -> int:
        return sum(not served.done() for turn in turns for served in self._lines[turn])

    def _left(self) -> int:
        return sum(one.left for one in self._held)

    def _end(self) -> float:
        return self._held[-1].end if self._held else 0.0

    async def _fetch(self) -> None:
        """Fetch a share, and more for as long as they are needed."""
        while self._needs_more():
            request = self._request()
            self._used = 0
            try:
                share = await self._core.ask(self._core.dispatches.LeaseRate, request)
            except CoreError as error:
                log.warning("no_share", endpoint=self._endpoint, code=error.code.name)
                await asyncio.sleep(AFTER_TROUBLE)
                continue
            if share.granted:
                self._held.append(self._placed(share))
                self._serve_soon()
            if share.granted < request.wanted:
                await asyncio.sleep(share.retry_after_millis / 1_000)

    def _request(self) -> LeaseRateRequest:
        """Ask for the emergencies that wait, and else for all that is to come soon."""
        left = self._left()
        urgent = self._waiting(Turn.EMERGENCY) - left
        # Twice what was used since: so it is enough soon, however fast requests come.
        wanted = max(self._waiting(*Turn) - left, self._used * 2, 1)
        return LeaseRateRequest(
            endpoint=self._endpoint,
            wanted=min(urgent if urgent > 0 else wanted, MOST),
            per_second=self._per_second,
            emergency=urgent > 0,
        )

    def _placed(self, share: LeaseRateResponse) -> Stretch:
        """Place a share on this process's clock, never over what is held already."""
        begin = time.monotonic() + share.begin_after_micros / 1_000_000
        return Stretch(max(begin, self._end()), share.per_second, share.granted)
