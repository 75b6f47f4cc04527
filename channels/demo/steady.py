"""Asking again until there is an answer: scripted people outlive every process they speak with.

A repeat carries the same id as the first try, so that it is done once however often it is asked.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import TypeVar

import grpc
from grpc import StatusCode

from todoke.client import Core, CoreError
from todoke.v1.activity_pb2 import GetOverviewRequest, GetOverviewResponse, WatchEventsRequest

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Up = Callable[[], Awaitable[None]]

FIRST_BREATH, LONGEST_BREATH = 0.05, 1.0
# What gRPC says of a connection that was cut, where the core itself said nothing.
CUT = {StatusCode.UNKNOWN, StatusCode.INTERNAL, StatusCode.RESOURCE_EXHAUSTED}


class Breath:
    """A wait before the next try: until the other side is up, and a little longer each time."""

    def __init__(self, up: Up) -> None:
        self._up = up
        self._seconds = FIRST_BREATH

    async def take(self) -> None:
        await self._up()
        await asyncio.sleep(self._seconds)
        self._seconds = min(self._seconds * 2, LONGEST_BREATH)


def is_passing(error: CoreError) -> bool:
    """Whether to ask the same again: the core was away, or its answer was lost on the way."""
    if error.reason in {"CHANGED_MEANWHILE", "REQUEST_ID_REUSED"}:
        return False
    return error.passing or (not error.reason and error.code in CUT)


class SteadyCore:
    """A caller of the core; `up` returns once the core answers."""

    def __init__(self, core: Core, up: Up) -> None:
        self.core = core
        self._up = up

    async def ask(
        self, method: grpc.aio.UnaryUnaryMultiCallable[Question, Answer], request: Question
    ) -> Answer:
        """Call a unary RPC until it answers. Raises CoreError for a refusal."""
        return await self.until_answered(lambda: self.core.ask(method, request))

    async def until_answered(self, attempt: Callable[[], Awaitable[Answer]]) -> Answer:
        """Repeat a whole attempt, such as an upload, until it answers. Raises CoreError."""
        breath = Breath(self._up)
        while True:
            try:
                return await attempt()
            except CoreError as error:
                if not is_passing(error):
                    raise
            await breath.take()

    async def overview(self) -> GetOverviewResponse:
        return await self.ask(self.core.activity.GetOverview, GetOverviewRequest())

    async def overview_when(
        self, holds: Callable[[GetOverviewResponse], bool]
    ) -> GetOverviewResponse:
        """Return the counts once they are so; look again whenever something happens."""
        while True:
            overview = await self.overview()
            if holds(overview):
                return overview
            async with aclosing(self._happenings(overview.cursor)) as happenings:
                async for _ in happenings:
                    overview = await self.overview()
                    if holds(overview):
                        return overview

    async def _happenings(self, cursor: str) -> AsyncGenerator[None, None]:
        """Yield whenever something happens after the cursor, until the stream breaks."""
        watch = self.core.watch(self.core.activity.WatchEvents, WatchEventsRequest(cursor=cursor))
        try:
            async with aclosing(watch):
                async for answer in watch:
                    if answer.events:
                        yield
        except CoreError as error:
            if not is_passing(error):
                raise
            await Breath(self._up).take()
