"""Sends the core's dispatches to LINE: words them, pushes them, and reads LINE's answer."""

import time
from functools import partial
from typing import Protocol

import structlog

from channels import wording
from channels.deliver import Attempt
from channels.line import outcomes, turns
from channels.line.campaign_messages import Frame
from channels.line.each import LONGEST_SECONDS, Each, Push, tried
from channels.line.menu_faces import State
from channels.line.messages import Message
from channels.line.outcomes import LineAnswer
from channels.line.rich_menus import RichMenus
from channels.shares import NoShare, Shares, Turn
from todoke.v1.dispatches_pb2 import (
    LANE_EMERGENCY,
    NOTICE_KIND_CONTACT_UNLINKED,
    NOTICE_KIND_REGISTERED,
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_NOT_TAKEN,
    WAY_EACH,
    Dispatch,
)

log = structlog.get_logger()

UNTIL_UPDATED = 3_600
LONGEST_WAIT = 20.0
"""Seconds that a dispatch waits for its share of LINE's rate: well within its lease."""

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


class Quota(Protocol):
    """Is told when LINE says that the allowance is used up."""

    def used_up(self) -> None:
        """Take it in."""
        ...


class LineSender:
    """The `Sender` of the delivery loop.

    A campaign's message goes to all in one request, or to each in one of their own. Every request
    takes a share of LINE's rate first; those of conversations and emergencies wait behind no other
    campaign's, and the pushes of emergencies have slots of their own.
    """

    def __init__(
        self,
        line: Pusher,
        menus: RichMenus,
        *,
        pushes: Shares,
        multicasts: Shares,
        quota: Quota,
        web_url: str,
        at_once: int,
    ) -> None:
        self._line = line
        self._menus = menus
        self._pushes = pushes
        self._multicasts = multicasts
        self._quota = quota
        self._web_url = web_url
        self._each = Each(partial(self._push_one, turn=Turn.CAMPAIGN), at_once=at_once)
        self._urgent = Each(partial(self._push_one, turn=Turn.EMERGENCY), at_once=at_once)

    async def send(self, dispatch: Dispatch) -> Attempt:
        try:
            if dispatch.way == WAY_EACH and dispatch.HasField("campaign"):
                each = self._urgent if dispatch.lane == LANE_EMERGENCY else self._each
                return await each.send(dispatch, self._pushes_of(dispatch))
            said = self._said(dispatch)
        except wording.NothingToSay as newer:
            # An adapter that is updated in time can still word it.
            log.critical("channel_outdated", dispatch=dispatch.dispatch_id, why=str(newer))
            return Attempt(OUTCOME_RESULT_NOT_TAKEN, message=str(newer), retry_after=UNTIL_UPDATED)
        # Whose place is blank was deleted since it was formed; LINE would refuse all for it.
        recipients = [one for one in dispatch.recipients if one]
        if not recipients:
            return Attempt(OUTCOME_RESULT_ACCEPTED)
        is_campaign = dispatch.HasField("campaign")
        send = partial(
            self._send,
            recipients,
            said,
            dispatch.retry_key,
            turn=_turn_of(dispatch),
        )
        end = time.monotonic() + LONGEST_SECONDS
        answer = await (tried(send, end) if is_campaign else send())
        told = outcomes.outcome(answer, dispatch.attempt)
        if told.result == OUTCOME_RESULT_ACCEPTED:
            self._show_menus(dispatch)
        return told

    def _said(self, dispatch: Dispatch) -> list[Message]:
        if dispatch.HasField("campaign"):
            return Frame(dispatch.campaign, web_url=self._web_url).around(dispatch.campaign.told)
        return turns.of_dispatch(dispatch)

    def _pushes_of(self, dispatch: Dispatch) -> list[Push]:
        frame = Frame(dispatch.campaign, web_url=self._web_url)
        return [
            Push(recipient, frame.around(told))
            for recipient, told in zip(dispatch.recipients, dispatch.campaign.each, strict=True)
        ]

    async def _push_one(self, push: Push, retry_key: str, *, turn: Turn) -> LineAnswer:
        return await self._send([push.recipient], push.messages, retry_key, turn=turn)

    async def _send(
        self, recipients: list[str], said: list[Message], retry_key: str, *, turn: Turn
    ) -> LineAnswer:
        shares = self._pushes if len(recipients) == 1 else self._multicasts
        try:
            await shares.take(turn, seconds=LONGEST_WAIT)
        except NoShare:
            late = "no share of LINE's rate came in time"
            return LineAnswer(outcomes.NO_ANSWER, late, untried=True)
        answer = await self._line.push(recipients, said, retry_key)
        if answer.is_quota_used_up:
            self._quota.used_up()
        return answer

    def _show_menus(self, dispatch: Dispatch) -> None:
        """Show the menu that goes with what was sent; a decision, say, changes none."""
        kind = dispatch.WhichOneof("content") or ""
        state = State.WAITING if kind in {"prompt", "review"} else None
        if kind == "notice":
            state = MENUS_AFTER.get(dispatch.notice.kind)
        if state is None and kind != "closing":
            return
        language = str(getattr(dispatch, kind).language)
        for contact in filter(None, dispatch.recipients):
            if state is not None:
                self._menus.want(contact, state, language)
            else:
                self._menus.end(contact, language)


def _turn_of(dispatch: Dispatch) -> Turn:
    if dispatch.lane == LANE_EMERGENCY:
        return Turn.EMERGENCY
    return Turn.CAMPAIGN if dispatch.HasField("campaign") else Turn.CONVERSATION
