"""Threads that run work in groups, for a loop that must not wait.

The threads of a lane take turns: one has a group in hand, and what comes meanwhile gathers for the
next. Running at once they would only take the interpreter from each other and from the loop; so
another thread helps only where a group is slow.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

Work = TypeVar("Work")

SLOW_SECONDS = 0.05
"""How long the others wait behind a group before another thread, if there is one, takes them."""


@dataclass(slots=True, eq=False)
class Piece(Generic[Work]):
    """Work that somebody awaits; whoever runs it sets its value or its error."""

    work: Work
    answer: "asyncio.Future[Any]"
    value: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Hand the outcome to the caller, unless it has gone."""
        if self.answer.done():
            return
        if self.error is not None:
            self.answer.set_exception(self.error)
        else:
            self.answer.set_result(self.value)


Run = Callable[[list[Piece[Work]]], None]


class Lane(Generic[Work]):
    """One kind of work with its threads, asked from one loop.

    `run` runs a group, of `most` pieces at most, in one of the threads; `ended` is called on the
    loop before a group's callers hear their outcomes.
    """

    def __init__(
        self,
        name: str,
        run: Run[Work],
        *,
        threads: int,
        most: int,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self._run = run
        self._when_ended = ended
        self._most = most
        self._idle = threads
        self._quick = 0
        self._waiting: deque[Piece[Work]] = deque()
        self._handed: SimpleQueue[_Group[Work] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    async def ask(self, work: Work) -> Any:
        """Return what the work returns, or raise what it raises."""
        loop = asyncio.get_running_loop()
        piece = Piece(work, loop.create_future())
        if not self._waiting:
            # Soon, not at once: other calls in this turn of the loop come along.
            loop.call_soon(self._hand)
        self._waiting.append(piece)
        return await piece.answer

    def close(self) -> None:
        """Finish what was asked, then end the threads."""
        while self._waiting:
            self._handed.put(self._gathered())
        for _ in self._threads:
            self._handed.put(None)
        for thread in self._threads:
            thread.join()

    def _hand(self) -> None:
        """Give what has gathered to an idle thread, unless another has only just begun."""
        if self._quick or not self._idle or not self._waiting:
            return
        self._idle -= 1
        self._quick += 1
        group = self._gathered()
        group.timer = group.loop.call_later(SLOW_SECONDS, self._slow, group)
        self._handed.put(group)

    def _gathered(self) -> "_Group[Work]":
        most = min(self._most, len(self._waiting))
        return _Group([self._waiting.popleft() for _ in range(most)])

    def _slow(self, group: "_Group[Work]") -> None:
        group.timer = None
        self._quick -= 1
        self._hand()

    def _ended(self, group: "_Group[Work]") -> None:
        self._idle += 1
        if group.timer is not None:
            group.timer.cancel()
            self._quick -= 1
        self._when_ended()
        for piece in group.pieces:
            piece.settle()
        self._hand()

    def _work(self) -> None:
        while (group := self._handed.get()) is not None:
            self._run(group.pieces)
            try:
                group.loop.call_soon_threadsafe(self._ended, group)
            except RuntimeError:
                continue  # The loop has closed: nobody waits any more.


@dataclass(slots=True, eq=False)
class _Group(Generic[Work]):
    pieces: list[Piece[Work]]
    timer: asyncio.TimerHandle | None = None
    loop: asyncio.AbstractEventLoop = field(init=False)

    def __post_init__(self) -> None:
        self.loop = self.pieces[0].answer.get_loop()
