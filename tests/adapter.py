"""The other end of PullDispatches, played by tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from todoke.client import Core, CoreError
from todoke.v1 import dispatches_pb2 as pb


class Adapter:
    """The other end of PullDispatches, played by a test."""

    def __init__(self, core: Core) -> None:
        self._said: asyncio.Queue[pb.PullDispatchesRequest | None] = asyncio.Queue()
        self._kept: list[pb.PullDispatchesResponse] = []
        self._heard = core.converse(core.dispatches.PullDispatches, self._requests())

    async def _requests(self) -> AsyncIterator[pb.PullDispatchesRequest]:
        while (request := await self._said.get()) is not None:
            yield request

    def ready(self, capacity: int = 0, *, personal: int = 0, emergency: int = 0) -> None:
        ready = pb.Ready(
            capacity=capacity, personal_capacity=personal, emergency_capacity=emergency
        )
        self._said.put_nowait(pb.PullDispatchesRequest(ready=ready))

    def report(self, dispatch: pb.Dispatch, result: pb.OutcomeResult.ValueType, **more) -> None:
        outcome = pb.Outcome(
            dispatch_id=dispatch.dispatch_id, fence=dispatch.fence, result=result, **more
        )
        self.tell(outcome)

    def tell(self, outcome: pb.Outcome) -> None:
        self._said.put_nowait(pb.PullDispatchesRequest(outcome=outcome))

    def hang_up(self) -> None:
        self._said.put_nowait(None)

    async def dispatch(self) -> pb.Dispatch:
        return (await self._next("dispatch")).dispatch

    async def taken(self) -> bool:
        return (await self._next("taken")).taken.taken

    async def _next(self, kind: str) -> pb.PullDispatchesResponse:
        """Return the next response of a kind; what comes before it is kept for its turn."""
        for response in self._kept:
            if response.WhichOneof("said") == kind:
                self._kept.remove(response)
                return response
        while (response := await self._heard_next()).WhichOneof("said") != kind:
            self._kept.append(response)
        return response

    async def _heard_next(self) -> pb.PullDispatchesResponse:
        return await asyncio.wait_for(anext(self._heard), 30)

    async def ends(self) -> bool:
        """Whether the stream ends well, or so that it is to be opened again."""
        try:
            return await asyncio.wait_for(anext(self._heard, None), 30) is None
        except CoreError as ended:
            return ended.passing

    async def close(self) -> None:
        await self._heard.aclose()


@asynccontextmanager
async def an_adapter(core: Core) -> AsyncIterator[Adapter]:
    adapter = Adapter(core)
    yield adapter
    await adapter.close()
