"""What goes to each of a dispatch's recipients apart: in words and under a key of their own.

The key is made of the dispatch's stored one and the recipient, so that an attempt that is repeated
repeats every key, and LINE answers 409 for those whom it told before.
"""

import asyncio
import itertools
import random
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID, uuid5

from channels.deliver import Attempt
from channels.line import outcomes
from channels.line.messages import Message
from channels.line.outcomes import LineAnswer
from channels.line.slots import Slots
from todoke.v1.dispatches_pb2 import (
    BLAME_CONTENT,
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_REFUSED,
    OUTCOME_RESULT_TRY_AGAIN,
    Dispatch,
)

ROUNDS = 4
"""How often somebody is tried within one attempt, or one lost answer would repeat all others."""

FIRST_PAUSE = 0.2

LONGEST_SECONDS = 20.0
"""After which nobody more is tried within an attempt, for it shall end within its lease: who gets
the dispatch next would go through all of it beside us."""

MOST_REMEMBERED = 50_000
"""Pushes that LINE took and that are not made again when their dispatch is: however slow LINE is,
each attempt gets further than the one before."""

NOT_TRIED = LineAnswer(
    outcomes.NO_ANSWER, "not tried: LINE is too slow, or refuses all for now", untried=True
)


NOBODY = LineAnswer(200)
"""What is said of a place that is blank: who had it was deleted, and is told nothing."""


@dataclass(frozen=True, slots=True)
class Push:
    """What one recipient is told."""

    recipient: str
    messages: list[Message]


Send = Callable[[Push, str], Awaitable[LineAnswer]]


class Each:
    """Sends such dispatches, all together with at most `at_once` requests under way."""

    def __init__(self, send: Send, *, at_once: int) -> None:
        self._send = send
        self._slots = Slots(at_once)
        self._count = itertools.count()
        self._taken: OrderedDict[str, LineAnswer] = OrderedDict()

    async def send(self, dispatch: Dispatch, pushes: list[Push]) -> Attempt:
        """Send to each; the first goes ahead, so that what LINE refuses all it refuses once."""
        key = UUID(dispatch.retry_key)
        end = time.monotonic() + LONGEST_SECONDS
        order = next(self._count)
        first = await self._one(key, pushes[0], order, end)
        if first.blame == BLAME_CONTENT or not _is_settled(first):
            return outcomes.outcome(first, dispatch.attempt)
        stopped = asyncio.Event()
        others = await asyncio.gather(
            *(self._one(key, push, order, end, stopped) for push in pushes[1:])
        )
        return _together([first, *others], dispatch.attempt)

    async def _one(
        self,
        key: UUID,
        push: Push,
        order: int,
        end: float,
        stopped: asyncio.Event | None = None,
    ) -> LineAnswer:
        if not push.recipient:
            return NOBODY
        own = str(uuid5(key, push.recipient))

        async def send() -> LineAnswer:
            async with self._slots.one(order):
                return NOT_TRIED if time.monotonic() > end else await self._send(push, own)

        if own in self._taken:
            return self._taken[own]
        answer = await tried(send, end, stopped)
        if answer.is_accepted:
            self._taken[own] = answer
            if len(self._taken) > MOST_REMEMBERED:
                self._taken.popitem(last=False)
        return answer


async def tried(
    send: Callable[[], Awaitable[LineAnswer]], end: float, stopped: asyncio.Event | None = None
) -> LineAnswer:
    """Send, and again under the same key after growing pauses, until LINE has said yes or no.

    Nothing is begun after `end`; what concerns all that is sent stops the others, too.
    """
    answer = NOT_TRIED
    doubt: LineAnswer | None = None
    for round in range(ROUNDS):
        if (stopped is not None and stopped.is_set()) or time.monotonic() > end:
            break
        if round:
            # Jitter, so that those who failed together do not come back together.
            pause = FIRST_PAUSE * 2**round * random.uniform(0.5, 1.5)  # noqa: S311 - no secret.
            await asyncio.sleep(pause)
        answer = await send()
        if _is_settled(answer):
            return answer
        if answer.concerns_all:
            if stopped is not None:
                stopped.set()
            break
        if answer.status != 429 and not answer.is_untaken:
            doubt = answer  # It may have been taken, whatever is said of it after this.
    return doubt or answer


def _is_settled(answer: LineAnswer) -> bool:
    return answer.is_accepted or answer.is_refused


def _together(answers: list[LineAnswer], attempt: int) -> Attempt:
    """Tell what became of all: accepted once nobody is left of whom LINE may have taken anything.

    Whoever was surely not told is named, and told later by a dispatch of their own.
    """
    ids = tuple(id for one in answers for id in one.request_ids[-1:])
    left = [answer for answer in answers if not _is_settled(answer)]
    pause = max((outcomes.wait(one, attempt) for one in left), default=0)
    doubtful = [answer for answer in left if not answer.is_untaken]
    if doubtful:
        return Attempt(OUTCOME_RESULT_TRY_AGAIN, ids, outcomes.words(doubtful[0]), pause)
    refused = tuple(place for place, one in enumerate(answers) if one.is_refused)
    said = outcomes.words(answers[refused[0]]) if refused else ""
    if left:
        untaken = tuple(place for place, one in enumerate(answers) if one.is_untaken)
        renewals = map(outcomes.renewal_after, left)
        return Attempt(
            OUTCOME_RESULT_ACCEPTED, ids, said or outcomes.words(left[0]), pause,
            refused=refused, untaken=untaken, renewal=next(filter(None, renewals), None),
        )  # fmt: skip
    if len(refused) == len(answers):
        return Attempt(OUTCOME_RESULT_REFUSED, ids, said, blame=answers[0].blame)
    return Attempt(OUTCOME_RESULT_ACCEPTED, ids, said, refused=refused)
