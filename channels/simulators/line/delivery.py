"""Webhook delivery: each person's events in order at first, and again until they are taken."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from functools import partial
from typing import Any

from channels.simulators.faults import Faults
from channels.simulators.line import events, reply_tokens, webhook
from channels.simulators.line.clock import Clock, milliseconds
from channels.simulators.line.events import Pending
from channels.simulators.line.mailbag import Mailbag
from channels.simulators.line.settings import Settings
from channels.simulators.line.store import Store

AT_ONCE = 100
# A first delivery sooner than this (ms) needs no new life for its reply token.
PROMPT = 1_000


class Deliverer:
    """Delivers what `events` keeps to the mailbag's URL; what happens while it has none is lost."""

    def __init__(
        self,
        *,
        store: Store,
        settings: Settings,
        clock: Clock,
        faults: Faults,
        mailbag: Mailbag,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._faults = faults
        self._mailbag = mailbag
        self._lines: dict[str, deque[Pending]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def resume(self) -> None:
        """Take up what an earlier run left undelivered."""
        for event in await self._store.read(events.pending):
            if event.attempts:
                self._begin(self._redeliver(event))
            else:
                self.deliver(event)

    def deliver(self, event: Pending) -> None:
        """Deliver a new event behind the person's earlier ones; returns at once."""
        line = self._lines.get(event.person_id)
        if line is not None:
            line.append(event)
            return
        self._lines[event.person_id] = deque([event])
        self._begin(self._walk(event.person_id))

    async def stop(self) -> None:
        """Stop in the middle; what is undelivered stays in the store."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._mailbag.stop()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _walk(self, person_id: str) -> None:
        line = self._lines[person_id]
        while line:
            event = line.popleft()
            if held := self._faults.strike("reorder_webhooks"):
                self._begin(self._later(event, held.seconds))
            else:
                await self._first(event)
        del self._lines[person_id]

    async def _later(self, event: Pending, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._first(event)

    async def _first(self, event: Pending) -> None:
        if not self._mailbag.url:
            await self._store.write(partial(events.give_up, event=event, at=self._now()))
        elif not await self._attempt(event):
            self._begin(self._redeliver(event))
        elif self._faults.strike("duplicate_webhook"):
            await self._attempt(event)

    async def _redeliver(self, event: Pending) -> None:
        settings = self._settings
        while settings.redelivery and self._now() - event.at < settings.redelivery_gives_up * 1_000:
            wait = settings.redelivery_first * 2 ** min(event.attempts - 1, 30)
            await asyncio.sleep(min(wait, settings.redelivery_longest))
            event.event["deliveryContext"]["isRedelivery"] = True
            if await self._attempt(event):
                return
        await self._store.write(partial(events.give_up, event=event, at=self._now()))

    async def _attempt(self, event: Pending) -> bool:
        async with self._slots:
            if event.attempts or self._now() - event.at > PROMPT:
                await self._renew_reply_token(event)
            status, reason = await self._mailbag.post(event.event)
        await self._store.write(
            partial(events.attempted, event=event, at=self._now(), status=status, reason=reason)
        )
        event.attempts += 1
        return reason == webhook.DELIVERED

    async def _renew_reply_token(self, event: Pending) -> None:
        await self._store.write(
            partial(
                reply_tokens.renew,
                event_id=event.id,
                at=self._now(),
                life=int(self._settings.reply_token_life * 1_000),
                last=int(self._settings.reply_token_last * 1_000),
            )
        )

    def _now(self) -> int:
        return milliseconds(self._clock)
