"""Sends the core's dispatches to LINE: words them, pushes them, and reads LINE's answer."""

from typing import Protocol

import structlog

from channels import wording
from channels.deliver import Attempt
from channels.line import messages, outcomes
from channels.line.messages import Message
from channels.line.outcomes import LineAnswer
from todoke.v1.dispatches_pb2 import OUTCOME_RESULT_TRY_AGAIN, Dispatch

log = structlog.get_logger()

UNTIL_UPDATED = 3_600


class Pusher(Protocol):
    """The part of LINE's API that pushes."""

    async def push(
        self, recipients: list[str], messages: list[Message], retry_key: str
    ) -> LineAnswer:
        """Send to 1 to 500 people under a retry key."""
        ...


class LineSender:
    """The `Sender` of the delivery loop."""

    def __init__(self, line: Pusher) -> None:
        self._line = line

    async def send(self, dispatch: Dispatch) -> Attempt:
        try:
            said = messages.of_dispatch(dispatch)
        except wording.NothingToSay as newer:
            # An adapter that is updated in time can still word it.
            log.critical("channel_outdated", dispatch=dispatch.dispatch_id, why=str(newer))
            return Attempt(OUTCOME_RESULT_TRY_AGAIN, message=str(newer), retry_after=UNTIL_UPDATED)
        answer = await self._line.push(list(dispatch.recipients), said, dispatch.retry_key)
        return outcomes.outcome(answer, dispatch.attempt)
