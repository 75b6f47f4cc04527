"""DispatchService: channels pull what they must send, and say what became of it."""

import asyncio
import math
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, timedelta
from functools import partial

from sqlalchemy.orm import Session

from core.db import Database, apart
from core.dispatches import actions, outcomes, resolving, rows
from core.dispatches.campaigns import Campaigns
from core.dispatches.hands import Hands, Room
from core.dispatches.rates_rpc import Rates
from core.dispatches.rules import Lane, Result
from core.dispatches.summaries import FROM_LANE, FROM_STATE, summary, to_pb
from core.dispatches.watching_rpc import Watching
from core.wire import paging
from core.wire.door import Call
from todoke.v1 import dispatches_pb2 as pb

URGENT_SECONDS = 0.05
"""How often it is looked for what is urgent while all hands that take anything are full."""

FROM_RESULT = {pb.OutcomeResult.Value(f"OUTCOME_RESULT_{r.name}"): r for r in Result}


class DispatchService(Rates, Watching):
    """Answers DispatchService. `poll` is how often to look for what other processes queued."""

    def __init__(
        self, db: Database, campaigns: Campaigns, *, lease: timedelta, poll: float
    ) -> None:
        self.db = db
        self.campaigns = campaigns
        self._lease = lease
        self._poll = poll

    async def PullDispatches(
        self, requests: AsyncIterator[pb.PullDispatchesRequest], call: Call
    ) -> AsyncIterator[pb.PullDispatchesResponse]:
        adapter = _Adapter()
        listening = asyncio.create_task(adapter.listen(requests))
        try:
            while not self.db.closing:
                committed = self.db.committed  # Before the reads, or a commit between is missed.
                adapter.woken.clear()
                over = listening.done()
                async for response in self._turn(call, adapter):
                    yield response
                if over:
                    listening.result()  # Raises what a broken request raised.
                    return
                await _first_of(adapter.woken, committed, min(self._poll, adapter.pause))
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    async def _turn(
        self, call: Call, adapter: "_Adapter"
    ) -> AsyncIterator[pb.PullDispatchesResponse]:
        """Take what the adapter reported, and lease what it can take."""
        told, adapter.outcomes = adapter.outcomes, []
        if told:
            work = partial(self._take, call=call, told=told, room=adapter.room())
            taken, leased = await self.db.write(work)
            for outcome, was_taken in zip(told, taken, strict=True):
                yield pb.PullDispatchesResponse(
                    taken=pb.OutcomeTaken(
                        dispatch_id=outcome.dispatch_id, fence=outcome.fence, taken=was_taken
                    )
                )
            for dispatch in adapter.given(leased):
                yield dispatch
        while room := adapter.room():
            if not await self.db.read(partial(self._waits, call=call, lane=room.lane)):
                return
            leased = await self.db.write(partial(self._claim, call=call, room=room))
            if not leased:
                return
            for dispatch in adapter.given(leased):
                yield dispatch

    def _take(
        self, session: Session, call: Call, told: list[outcomes.Outcome], room: Room | None
    ) -> tuple[list[bool], list[pb.Dispatch]]:
        """Take outcomes, and lease at once: while there is much to send, who ends sends more."""
        now = self.db.now(session)
        taken = outcomes.take(
            session, call.caller, campaigns=self.campaigns, outcomes=told, now=now
        )
        try:
            with apart(session):
                return taken, self._claim(session, call, room) if room else []
        except Exception:  # noqa: BLE001 - what is wrong is said where it is leased by itself.
            return taken, []

    def _waits(self, session: Session, call: Call, lane: Lane) -> bool:
        now = self.db.now(session)
        return actions.waits(session, call.caller, campaigns=self.campaigns, lane=lane, now=now)

    def _claim(self, session: Session, call: Call, room: Room) -> list[pb.Dispatch]:
        leased = actions.claim(
            session,
            call.caller,
            campaigns=self.campaigns,
            room=room,
            now=self.db.now(session),
            length=self._lease,
        )
        return [to_pb(row) for row in leased]

    async def ListDispatches(
        self, request: pb.ListDispatchesRequest, call: Call
    ) -> pb.ListDispatchesResponse:
        limit = paging.limit_of(request.page_size)
        state = FROM_STATE.get(request.state)
        before = "".join(paging.key_of(request.page_token))

        def listed(session: Session) -> pb.ListDispatchesResponse:
            municipality = call.caller.municipality
            found = rows.page(session, municipality, state=state, before=before, limit=limit + 1)
            shown, token = paging.split(found, limit, lambda row: (row.id,))
            whom = resolving.whom(session, shown)
            summaries = [summary(row, call.now, whom.get(row.id, "")) for row in shown]
            return pb.ListDispatchesResponse(dispatches=summaries, next_page_token=token)

        return await self.db.read(listed)


class _Adapter:
    """What the other end of the stream has said and not yet been answered."""

    def __init__(self) -> None:
        self.hands = Hands()
        self.outcomes: list[outcomes.Outcome] = []
        self.woken = asyncio.Event()
        self._next_look = 0.0
        self.pause = math.inf
        """Seconds after which to look again for what is urgent."""

    def room(self) -> Room | None:
        """Return what can be leased; where it is urgent lanes only, not at each commit."""
        room, self.pause = self.hands.room(), math.inf
        if room is None or room.lane is Lane.BULK:
            return room
        now = asyncio.get_running_loop().time()
        if now < self._next_look:
            self.pause = self._next_look - now
            return None
        self._next_look = now + URGENT_SECONDS
        return room

    def given(self, leased: list[pb.Dispatch]) -> Iterator[pb.PullDispatchesResponse]:
        """Give it what it was leased."""
        for dispatch in leased:
            self.hands.take(FROM_LANE[dispatch.lane])
        for dispatch in leased:
            yield pb.PullDispatchesResponse(dispatch=dispatch)

    async def listen(self, requests: AsyncIterator[pb.PullDispatchesRequest]) -> None:
        try:
            async for request in requests:
                if request.HasField("ready"):
                    self.hands.add(Lane.BULK, request.ready.capacity)
                    self.hands.add(Lane.PERSONAL, request.ready.personal_capacity)
                    self.hands.add(Lane.EMERGENCY, request.ready.emergency_capacity)
                else:
                    self.outcomes.append(_outcome(request.outcome))
                self.woken.set()
        finally:
            self.woken.set()


async def _first_of(woken: asyncio.Event, committed: asyncio.Event, seconds: float) -> None:
    """Wait until the adapter says something, a commit happens here, or the time is up."""
    waits = [asyncio.ensure_future(woken.wait()), asyncio.ensure_future(committed.wait())]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _outcome(outcome: pb.Outcome) -> outcomes.Outcome:
    has_renewal = outcome.HasField("allowance_renew_time")
    return outcomes.Outcome(
        dispatch_id=outcome.dispatch_id,
        fence=outcome.fence,
        result=FROM_RESULT[outcome.result],
        provider_request_ids=tuple(outcome.provider_request_ids),
        provider_message=outcome.provider_message,
        retry_after=timedelta(seconds=outcome.retry_after_seconds),
        by_content=outcome.blame == pb.BLAME_CONTENT,
        refused_recipients=tuple(outcome.refused_recipients),
        renew_time=outcome.allowance_renew_time.ToDatetime(UTC) if has_renewal else None,
        untaken_recipients=tuple(outcome.untaken_recipients),
    )
