"""How many requests are under way at once, and who goes next: what came first, also when repeated.

A queue would put repeats behind all that came since: each dispatch would wait for its last one
until its lease is over, and the next worker would go through all of it once more.
"""

import asyncio
import heapq
import itertools


class Slots:
    """So many slots; of those who wait the lowest `order` is next."""

    def __init__(self, number: int) -> None:
        self._free = number
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    def one(self, order: int) -> "Slot":
        """Hold a slot: `async with`."""
        return Slot(self, order)

    async def take(self, order: int) -> None:
        """Wait for a slot, which is to be given back."""
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (order, next(self._count), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()
            raise

    def give_back(self) -> None:
        """Let the next one have it."""
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class Slot:
    """One slot, held as long as the block goes on."""

    __slots__ = ("_order", "_slots")

    def __init__(self, slots: Slots, order: int) -> None:
        self._slots = slots
        self._order = order

    async def __aenter__(self) -> None:
        await self._slots.take(self._order)

    async def __aexit__(self, *raised: object) -> None:
        self._slots.give_back()
