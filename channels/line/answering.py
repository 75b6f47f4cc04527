"""Says the answer to an event exactly once: by reply, and by push where no reply is possible.

A reply token works once and a retry key counts once, so each way alone can be repeated freely. The
two ways together could say a thing twice; so push is used only where the token is past its end for
good, and no reply of this process is in doubt. docs/line.md has the argument.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid5

import structlog

from channels.line.event import Event
from channels.line.jobs import Job
from channels.line.messages import Message
from channels.line.outcomes import CONFIGURATION, LineAnswer
from channels.line.sender import Pusher

log = structlog.get_logger()

RETRY_KEYS = UUID("0f1c1e8e-6f0e-5c53-9a35-6d1f4b1c7a11")
INVALID_TOKEN = "Invalid reply token"  # noqa: S105 - LINE's words, not a secret.
# A token is good for about a minute after a delivery, and never beyond 20 minutes after the event.
WINDOW_SECONDS = 50.0
TOKEN_ENDS = timedelta(minutes=20)
# LINE forgets a retry key 24 hours after its first use.
KEY_ENDS = timedelta(hours=23)
MOST_IN_DOUBT = 10_000


class NotSaid(Exception):  # noqa: N818 - named for the event, not as an error.
    """The answer is not known to have arrived: LINE must deliver the event again."""


class Line(Pusher, Protocol):
    """LINE's API, as far as answering needs it."""

    async def reply(self, token: str, messages: list[Message]) -> LineAnswer:
        """Answer an event by its token."""
        ...


def _now() -> datetime:
    return datetime.now(UTC)


class Answering:
    """Gives the answers to events."""

    def __init__(self, line: Line, now: Callable[[], datetime] = _now) -> None:
        self._line = line
        self._now = now
        self._in_doubt: OrderedDict[str, None] = OrderedDict()

    async def say(self, job: Job, event: Event, messages: list[Message]) -> None:
        """Say it, or return at once where it was said before. Raises NotSaid."""
        if not messages:
            return
        if not event.reply_token:
            await self._push(event, messages)
        elif job.age() > WINDOW_SECONDS:
            # A token that ran out looks like one that was used; the next delivery renews it.
            raise NotSaid("the work took longer than the reply token lives")
        else:
            await self._reply(event, messages)

    async def _reply(self, event: Event, messages: list[Message]) -> None:
        answer = await self._line.reply(event.reply_token, messages)
        if answer.is_accepted:
            return
        if answer.status == 400 and INVALID_TOKEN in answer.message:
            await self._token_gone(event, messages)
        elif answer.is_refused:
            # To deliver the event again would be refused again.
            log.error("reply_refused", event_id=event.id, message=answer.message)
        else:
            if answer.status == 0 or answer.status >= 500:
                self._doubt(event.id)
            self._not_said("reply", event, answer)

    async def _token_gone(self, event: Event, messages: list[Message]) -> None:
        if self._now() - event.time < TOKEN_ENDS:
            log.info("replied_before", event_id=event.id)
        elif event.id in self._in_doubt:
            # Perhaps it was said, perhaps not, and nobody can know: a new tap says it again.
            log.warning("reply_unknown", event_id=event.id)
        else:
            await self._push(event, messages)

    async def _push(self, event: Event, messages: list[Message]) -> None:
        if self._now() - event.time > KEY_ENDS:
            log.warning("answer_too_late", event_id=event.id)
            return
        key = str(uuid5(RETRY_KEYS, event.id))
        answer = await self._line.push([event.contact], messages, key)
        if answer.is_refused:
            log.error("push_refused", event_id=event.id, message=answer.message)
        elif not answer.is_accepted:
            self._not_said("push", event, answer)

    def _not_said(self, way: str, event: Event, answer: LineAnswer) -> None:
        say = log.critical if answer.status in CONFIGURATION else log.warning
        say("not_said", way=way, event_id=event.id, status=answer.status, message=answer.message)
        raise NotSaid(f"{answer.status} {answer.message}")

    def _doubt(self, event_id: str) -> None:
        self._in_doubt[event_id] = None
        if len(self._in_doubt) > MOST_IN_DOUBT:
            self._in_doubt.popitem(last=False)
