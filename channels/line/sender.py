"""Sends the core's dispatches to LINE: words them, pushes them, and reads LINE's answer."""

from typing import Protocol

import structlog

from channels import wording
from channels.deliver import Attempt
from channels.line import outcomes, turns
from channels.line.menu_faces import State
from channels.line.messages import Message
from channels.line.outcomes import LineAnswer
from channels.line.rich_menus import RichMenus
from todoke.v1.dispatches_pb2 import (
    NOTICE_KIND_CONTACT_UNLINKED,
    NOTICE_KIND_REGISTERED,
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_TRY_AGAIN,
    Dispatch,
)

log = structlog.get_logger()

UNTIL_UPDATED = 3_600
MENUS_AFTER = {
    NOTICE_KIND_REGISTERED: State.REGISTERED,
    NOTICE_KIND_CONTACT_UNLINKED: State.NEW,
}


class Pusher(Protocol):
    """The part of LINE's API that pushes."""

    async def push(
        self, recipients: list[str], messages: list[Message], retry_key: str
    ) -> LineAnswer:
        """Send to 1 to 500 people under a retry key."""
        ...


class LineSender:
    """The `Sender` of the delivery loop."""

    def __init__(self, line: Pusher, menus: RichMenus) -> None:
        self._line = line
        self._menus = menus

    async def send(self, dispatch: Dispatch) -> Attempt:
        try:
            said = turns.of_dispatch(dispatch)
        except wording.NothingToSay as newer:
            # An adapter that is updated in time can still word it.
            log.critical("channel_outdated", dispatch=dispatch.dispatch_id, why=str(newer))
            return Attempt(OUTCOME_RESULT_TRY_AGAIN, message=str(newer), retry_after=UNTIL_UPDATED)
        answer = await self._line.push(list(dispatch.recipients), said, dispatch.retry_key)
        told = outcomes.outcome(answer, dispatch.attempt)
        if told.result == OUTCOME_RESULT_ACCEPTED:
            self._show_menus(dispatch)
        return told

    def _show_menus(self, dispatch: Dispatch) -> None:
        """Show the menu that goes with what was sent; a decision, say, changes none."""
        kind = dispatch.WhichOneof("content") or ""
        language = str(getattr(dispatch, kind).language)
        state = State.WAITING if kind in {"prompt", "review"} else None
        if kind == "notice":
            state = MENUS_AFTER.get(dispatch.notice.kind)
        for contact in dispatch.recipients:
            if state is not None:
                self._menus.want(contact, state, language)
            elif kind == "closing":
                self._menus.end(contact, language)
