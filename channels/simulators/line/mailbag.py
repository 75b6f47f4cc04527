"""Gathers events into webhook requests: LINE may put several, of several people, into one body."""

import asyncio
from typing import Any

import aiohttp

from channels.simulators.line import webhook
from channels.simulators.line.settings import Settings

# How long the first event of a body waits for company (seconds), where company is wanted.
GATHERING = 0.02
Outcome = tuple[int, str]


class Mailbag:
    """Posts events to `url`, at most `settings.webhook_events` in a body, each told the outcome."""

    def __init__(self, http: aiohttp.ClientSession, settings: Settings) -> None:
        self.url = ""
        self._http = http
        self._settings = settings
        self._waiting: list[tuple[dict[str, Any], asyncio.Future[Outcome]]] = []
        self._rounds: set[asyncio.Task[None]] = set()

    async def post(self, event: dict[str, Any]) -> Outcome:
        """Deliver an event, alone or with others; returns as `webhook.post`."""
        if self._settings.webhook_events == 1:
            return await self._send([event])
        told: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, told))
        if len(self._waiting) == 1:
            task = asyncio.create_task(self._gather())
            self._rounds.add(task)
            task.add_done_callback(self._rounds.discard)
        return await told

    async def stop(self) -> None:
        for task in self._rounds:
            task.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)

    async def _gather(self) -> None:
        await asyncio.sleep(GATHERING)
        waiting, self._waiting = self._waiting, []
        most = self._settings.webhook_events
        bodies = [waiting[start : start + most] for start in range(0, len(waiting), most)]
        await asyncio.gather(*[self._post_together(body) for body in bodies])

    async def _post_together(
        self, body: list[tuple[dict[str, Any], asyncio.Future[Outcome]]]
    ) -> None:
        outcome = await self._send([event for event, _ in body])
        for _, told in body:
            if not told.done():
                told.set_result(outcome)

    async def _send(self, events: list[dict[str, Any]]) -> Outcome:
        return await webhook.post(
            self._http,
            self.url,
            destination=self._settings.bot_user_id,
            events=events,
            secret=self._settings.channel_secret,
            patience=self._settings.webhook_timeout,
        )
