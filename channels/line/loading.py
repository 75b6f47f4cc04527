"""The dots that say an answer is on its way, where it takes long enough to wonder.

They are a courtesy: whatever goes wrong with them goes wrong in silence.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Protocol

import structlog

from channels.line.event import Event
from channels.line.outcomes import LineAnswer

log = structlog.get_logger()

AFTER = 0.4
"""Most answers are there before so many seconds."""
SECONDS = 20
KINDS = {"message", "postback"}
# LINE takes 100 a second for the channel; another adapter may run beside this one.
MOST_A_SECOND = 50


class Shower(Protocol):
    """The part of LINE's API that shows the dots."""

    async def show_loading(self, person: str, seconds: int) -> LineAnswer:
        """Show the dots to a person."""
        ...


class Loading:
    """Shows the dots while an event is worked on."""

    def __init__(self, line: Shower, after: float = AFTER) -> None:
        self._line = line
        self._after = after
        self._second = 0
        self._shown = 0

    @contextlib.asynccontextmanager
    async def shown(self, event: Event) -> AsyncIterator[None]:
        if event.kind not in KINDS:
            yield
            return
        task = asyncio.create_task(self._show(event))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _show(self, event: Event) -> None:
        await asyncio.sleep(self._after)
        if not self._may():
            return
        answer = await self._line.show_loading(event.contact, SECONDS)
        if not answer.is_accepted:
            log.info("loading_not_shown", event_id=event.id, status=answer.status)

    def _may(self) -> bool:
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._shown = second, 0
        self._shown += 1
        return self._shown <= MOST_A_SECOND
