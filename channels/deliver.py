"""The delivery loop: pull dispatches from the core, have each sent, and report what became of it.

It knows no provider. Exactness rests on the core's lease and fence and on the dispatch's retry key;
this loop's own part is never to send one dispatch twice at once, and never to forget an outcome.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from grpc import ChannelConnectivity

from channels.hands import Hands, HowMany
from todoke.client import Core, CoreError
from todoke.v1.dispatches_pb2 import (
    BLAME_UNSPECIFIED,
    OUTCOME_RESULT_NOT_TAKEN,
    OUTCOME_RESULT_TRY_AGAIN,
    Blame,
    Dispatch,
    Lane,
    Outcome,
    OutcomeResult,
    PullDispatchesRequest,
    PullDispatchesResponse,
)

log = structlog.get_logger()

FIRST_WAIT = 0.2
LONGEST_WAIT = 1.0
GATHER = 0.02
"""Seconds in which outcomes gather, to be told together with what is free by then: the core takes
what comes at once, and leases as much again, in one transaction."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one attempt to send; `retry_after` in seconds.

    `refused` are the recipients who were refused, by their place, where the others were not, and
    `untaken` those of whom the provider surely took nothing. `renewal` is when the allowance is
    renewed for which it takes nothing.
    """

    result: OutcomeResult.ValueType
    request_ids: tuple[str, ...] = ()
    message: str = ""
    retry_after: int = 0
    blame: Blame.ValueType = BLAME_UNSPECIFIED
    refused: tuple[int, ...] = ()
    untaken: tuple[int, ...] = ()
    renewal: datetime | None = None


class Sender(Protocol):
    """Sends one dispatch to the channel's provider."""

    async def send(self, dispatch: Dispatch) -> Attempt:
        """Send it under its retry key, well within its lease; never raise for what LINE says."""
        ...


class Delivery:
    """Keeps as many sends going as it has hands, over one stream at a time."""

    def __init__(self, core: Core, sender: Sender, hands: HowMany) -> None:
        self._core = core
        self._sender = sender
        self._hands = Hands(hands)
        self._sends: dict[str, asyncio.Task[None]] = {}
        self._fences: dict[str, int] = {}
        # Reported on every stream until the core says that it took them, or would not.
        self._unconfirmed: dict[tuple[str, int], Outcome] = {}
        self._untold: list[Outcome] = []
        self._telling: asyncio.TimerHandle | None = None
        self._out: asyncio.Queue[PullDispatchesRequest | None] = asyncio.Queue()
        self._stopping = asyncio.Event()
        self._confirmed = asyncio.Event()
        self._pulling = False
        self.trouble = "the stream to the core is not open yet"

    @property
    def is_up(self) -> bool:
        """Whether the stream to the core is open, as far as this side can tell."""
        state = self._core.channel.get_state()
        return self._pulling and state is ChannelConnectivity.READY

    async def run(self) -> None:
        """Pull until `stop`, connecting again whenever the stream ends or breaks."""
        wait = FIRST_WAIT
        while not self._stopping.is_set():
            heard = False
            try:
                async with aclosing(self._stream()) as answers:
                    async for answer in answers:
                        heard = True
                        self._hear(answer)
                self.trouble = "the core ended the stream"
            except CoreError as error:
                self.trouble = str(error)
                log.warning("stream_broken", code=error.code.name, reason=error.reason)
            wait = FIRST_WAIT if heard else min(wait * 2, LONGEST_WAIT)
            # Jitter, so that a core that comes back is not met by all adapters at once.
            await self._pause(wait * random.uniform(0.5, 1.0))  # noqa: S311 - not a secret.

    async def stop(self, seconds: float) -> None:
        """Take nothing more, finish what is being sent, and report it; at most `seconds`."""
        self._stopping.set()
        try:
            async with asyncio.timeout(seconds):
                if self._sends:
                    await asyncio.wait(self._sends.values())
                while self._unconfirmed and self._pulling:
                    self._confirmed.clear()
                    await self._confirmed.wait()
        except TimeoutError:
            log.warning("stopped_early", sending=len(self._sends), untold=len(self._unconfirmed))
        self._out.put_nowait(None)
        for task in self._sends.values():
            task.cancel()

    async def _stream(self) -> AsyncGenerator[PullDispatchesResponse, None]:
        self._out = out = asyncio.Queue[PullDispatchesRequest | None]()
        self._hands.begin_anew()
        self._untold.clear()
        for outcome in self._unconfirmed.values():
            out.put_nowait(PullDispatchesRequest(outcome=outcome))
        self._grant()
        self._pulling = True
        try:
            pull = self._core.dispatches.PullDispatches
            async with aclosing(self._core.converse(pull, self._requests(out))) as answers:
                async for answer in answers:
                    yield answer
        finally:
            out.put_nowait(None)  # Where the core ended it, gRPC still waits for what we say.
            self._pulling = False
            self._confirmed.set()

    @staticmethod
    async def _requests(
        out: asyncio.Queue[PullDispatchesRequest | None],
    ) -> AsyncIterator[PullDispatchesRequest]:
        while (request := await out.get()) is not None:
            yield request

    def _grant(self) -> None:
        """Say what can be taken."""
        if not self._stopping.is_set() and (ready := self._hands.ready()) is not None:
            self._out.put_nowait(PullDispatchesRequest(ready=ready))

    def _hear(self, answer: PullDispatchesResponse) -> None:
        if answer.HasField("dispatch"):
            self._take(answer.dispatch, self._hands.come(answer.dispatch.lane))
            self._tell_soon()
        elif answer.HasField("taken"):
            taken = answer.taken
            self._unconfirmed.pop((taken.dispatch_id, taken.fence), None)
            self._confirmed.set()
            if not taken.taken:
                # The lease had passed on; whoever has it sends under the same retry key.
                log.warning("lease_lost", dispatch=taken.dispatch_id, fence=taken.fence)

    def _take(self, dispatch: Dispatch, hand: Lane.ValueType) -> None:
        id = dispatch.dispatch_id
        if self._stopping.is_set():
            again = Attempt(OUTCOME_RESULT_NOT_TAKEN, message="the adapter is stopping")
            self._report(dispatch, dispatch.fence, again)
            return
        self._fences[id] = max(dispatch.fence, self._fences.get(id, 0))
        if id not in self._sends:
            self._hands.hold(hand)
            self._sends[id] = asyncio.create_task(self._send(dispatch, hand))

    async def _send(self, dispatch: Dispatch, hand: Lane.ValueType) -> None:
        id = dispatch.dispatch_id
        try:
            attempt = await self._sender.send(dispatch)
        except Exception as bug:
            log.exception("send_failed", dispatch=id)
            attempt = Attempt(OUTCOME_RESULT_TRY_AGAIN, message=type(bug).__name__, retry_after=60)
        finally:
            del self._sends[id]
            self._hands.let_go(hand)
            # Offered again meanwhile, the one send answers for the newer lease as well.
            fence = self._fences.pop(id)
        self._report(dispatch, fence, attempt)

    def _report(self, dispatch: Dispatch, fence: int, attempt: Attempt) -> None:
        outcome = Outcome(
            dispatch_id=dispatch.dispatch_id,
            fence=fence,
            result=attempt.result,
            provider_request_ids=[id[:100] for id in attempt.request_ids[-10:]],
            provider_message=attempt.message[:500],
            retry_after_seconds=min(attempt.retry_after, 3600),
            blame=attempt.blame,
            refused_recipients=attempt.refused,
            untaken_recipients=attempt.untaken,
        )
        if attempt.renewal is not None:
            outcome.allowance_renew_time.FromDatetime(attempt.renewal)
        self._unconfirmed[outcome.dispatch_id, fence] = outcome
        self._untold.append(outcome)
        self._tell_soon()

    def _tell_soon(self) -> None:
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(GATHER, self._tell)

    def _tell(self) -> None:
        """Say what can be taken, and then what became of what was sent."""
        self._telling = None
        self._grant()
        for outcome in self._untold:
            self._out.put_nowait(PullDispatchesRequest(outcome=outcome))
        self._untold.clear()

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
