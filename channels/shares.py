"""Shares of a provider's rate, fetched from the core ahead of need, so that no limit is passed.

Whoever waits is served in order, and those of conversations before those of campaigns. The next
share is asked for while half of one is left: nobody waits for the way to the core and back.
"""

import asyncio
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

import structlog

from todoke.client import Core, CoreError
from todoke.v1.dispatches_pb2 import LeaseRateRequest

log = structlog.get_logger()

AHEAD = 0.025
"""Seconds' worth that is fetched at once: what the core gives at once."""

AFTER_TROUBLE = 0.5
MARGIN = 0.1
"""Seconds before its end from which a share is not used: the request is still on its way."""

LIFE = 1.0
"""Seconds for which a share is good, measured here from when it was asked for: clocks differ."""


class NoShare(Exception):  # noqa: N818 - named for the event, not as an error.
    """Nothing came in time: the core is away, or others were first."""


class Shares:
    """What one worker may ask of one endpoint."""

    def __init__(self, core: Core, endpoint: str, per_second: int) -> None:
        self._core = core
        self._endpoint = endpoint
        self._per_second = per_second
        self._part = max(int(per_second * AHEAD), 1)
        self._held: deque[_Held] = deque()
        self._first: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._fetching: asyncio.Task[None] | None = None

    async def take(self, *, seconds: float, is_first: bool = False) -> None:
        """Wait until one request may be made; raises NoShare where that takes too long."""
        if not self._first and not self._others and self._use_one():
            if self._left() * 2 < self._part:
                self._fetch_soon()
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._first if is_first else self._others).append(turn)
        self._fetch_soon()
        try:
            async with asyncio.timeout(seconds):
                await turn
        except TimeoutError:
            raise NoShare from None

    async def stop(self) -> None:
        """Fetch no more."""
        if self._fetching is not None:
            self._fetching.cancel()
            with suppress(asyncio.CancelledError):
                await self._fetching

    def _left(self) -> int:
        """Count what may be used still, and forget what is good no more."""
        while self._held and (not self._held[0].left or time.monotonic() >= self._held[0].until):
            self._held.popleft()
        return sum(one.left for one in self._held)

    def _use_one(self) -> bool:
        if not self._left():
            return False
        self._held[0].left -= 1
        return True

    def _fetch_soon(self) -> None:
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._fetch())

    def _waiting(self) -> int:
        return sum(not turn.done() for line in (self._first, self._others) for turn in line)

    async def _fetch(self) -> None:
        """Fetch a share, and more for as long as anybody waits."""
        while True:
            wanted = max(self._waiting(), self._part)
            request = LeaseRateRequest(
                endpoint=self._endpoint,
                wanted=min(wanted, 100_000),
                per_second=self._per_second,
            )
            asked = time.monotonic()
            try:
                share = await self._core.ask(self._core.dispatches.LeaseRate, request)
            except CoreError as error:
                log.warning("no_share", endpoint=self._endpoint, code=error.code.name)
                await asyncio.sleep(AFTER_TROUBLE)
                continue
            self._held.append(_Held(share.granted, asked + LIFE - MARGIN))
            self._serve()
            if share.granted < wanted:
                await asyncio.sleep(share.retry_after_millis / 1_000)
            if not self._waiting():
                return

    def _serve(self) -> None:
        for line in (self._first, self._others):
            while line and (line[0].done() or self._use_one()):
                turn = line.popleft()
                if not turn.done():
                    turn.set_result(None)


@dataclass(slots=True)
class _Held:
    """What is left of a share, and until when it is good (monotonic seconds)."""

    left: int
    until: float
