"""LINE's webhook: 200 says that every event of the body is durably dealt with, its answer included.

LINE waits two seconds. Before that the endpoint answers 503 and the work goes on; LINE delivers the
same event again, which joins the work or finds it done.
"""

import asyncio
from functools import partial

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from channels.body import TooLarge, read
from channels.line import conversation, event
from channels.line.answering import Answering, NotSaid
from channels.line.content import ContentAway
from channels.line.conversation import Account
from channels.line.event import Event, NotAWebhook
from channels.line.jobs import Busy, Job, Jobs
from channels.line.loading import Loading
from channels.line.signature import is_signed
from todoke.client import CoreError

log = structlog.get_logger()

MOST_BYTES = 1024 * 1024


class Webhook:
    """The endpoint; `deadline` is in seconds from the request's first byte."""

    def __init__(
        self,
        *,
        account: Account,
        answering: Answering,
        loading: Loading,
        jobs: Jobs,
        secret: str,
        deadline: float,
    ) -> None:
        self._account = account
        self._answering = answering
        self._loading = loading
        self._jobs = jobs
        self._secret = secret
        self._deadline = deadline

    async def receive(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(self._deadline):
                return await self._answer(request)
        except TimeoutError:
            log.warning("webhook_takes_long")
            return Response(status_code=503)
        except TooLarge:
            return Response(status_code=413)
        except ClientDisconnect:
            return Response(status_code=400)

    async def _answer(self, request: Request) -> Response:
        body = await read(request, MOST_BYTES)
        if not is_signed(body, request.headers.get("x-line-signature"), self._secret):
            log.warning("webhook_not_signed_by_line", size=len(body))
            return Response(status_code=400)
        try:
            events = event.read(body)
        except NotAWebhook as wrong:
            log.warning("webhook_unreadable", why=str(wrong))
            return Response(status_code=400)
        try:
            tasks = self._begin(events)
        except Busy:
            log.warning("webhook_busy")
            return Response(status_code=503)
        if tasks:
            # `wait` leaves the work alone when the deadline cancels us.
            await asyncio.wait(tasks)
        is_done = not any(task.cancelled() or task.exception() for task in tasks)
        return Response(status_code=200 if is_done else 503)

    def _begin(self, events: list[Event]) -> list[asyncio.Task[None]]:
        """Begin what is not done; the events of one person wait for each other."""
        tasks: list[asyncio.Task[None]] = []
        before: dict[str, asyncio.Task[None]] = {}
        for one in events:
            work = partial(self._settle, one, before.get(one.contact))
            task = self._jobs.join(one.id, work)
            if task is not None:
                before[one.contact] = task
                tasks.append(task)
        return tasks

    async def _settle(self, one: Event, before: asyncio.Task[None] | None, job: Job) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            async with self._loading.shown(one):
                said = await conversation.answer(self._account, one)
            await self._answering.say(job, one, said)
        except CoreError as error:
            log.warning("core_failed", event_id=one.id, code=error.code.name, reason=error.reason)
            raise
        except ContentAway as away:
            log.warning("content_away", event_id=one.id, why=str(away))
            raise
        except NotSaid:
            raise
        except Exception:
            log.exception("event_failed", event_id=one.id, kind=one.kind)
            raise
        log.info("event_settled", event_id=one.id, kind=one.kind, again=one.is_redelivery)
