"""The simulator's one SQLite file: what was accepted is written before anyone is told so.

It outlives the simulator's process, however that ends; of the machine's end only what came just
before is lost. One thread writes. It takes all the work that waits, runs it in one transaction and
commits once.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from channels.simulators.line.schema import SCHEMA

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]
Outcome = tuple["asyncio.Future[Any]", Any, Exception | None]

MOST_IN_ONE_COMMIT = 256
CACHE_KILOBYTES = 64 * 1024


class Store:
    """Runs work on the file: plain functions of a connection, which never commit themselves."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: queue.SimpleQueue[tuple[Work, asyncio.Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self._writer = threading.Thread(target=self._write_groups, name="line-simulator-writer")
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="line-simulator-reader")

    def open(self) -> None:
        """Make the tables if need be, and begin to take work; call it inside the event loop."""
        self._loop = asyncio.get_running_loop()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._write = self._connect()
        self._write.executescript(SCHEMA)
        self._read = self._connect()
        self._writer.start()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        # Its syncs would stand in the way of those of the core whose sends it takes.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
        connection.execute("PRAGMA wal_autocheckpoint = 16384")
        return connection

    async def close(self) -> None:
        """Finish the work taken, then close the file."""
        self._waiting.put(None)
        await asyncio.to_thread(self._writer.join)
        self._readers.shutdown()
        self._read.close()
        self._write.close()

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a query on what is committed."""
        return await self._loop.run_in_executor(self._readers, work, self._read)

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a change and answer once it is on disk; what `work` raises undoes it alone."""
        done: asyncio.Future[T] = self._loop.create_future()
        self._waiting.put((work, done))
        return await done

    def _write_groups(self) -> None:
        while (first := self._waiting.get()) is not None:
            group = [first]
            is_last = False
            while len(group) < MOST_IN_ONE_COMMIT and not self._waiting.empty():
                following = self._waiting.get()
                if following is None:
                    is_last = True
                    break
                group.append(following)
            outcomes = self._commit(group)
            self._loop.call_soon_threadsafe(_tell, outcomes)
            if is_last:
                return

    def _commit(self, group: list[tuple[Work, "asyncio.Future[Any]"]]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        try:
            self._write.execute("BEGIN IMMEDIATE")
            outcomes.extend((done, *self._in_savepoint(work)) for work, done in group)
            self._write.execute("COMMIT")
        except sqlite3.Error as broken:
            if self._write.in_transaction:
                self._write.execute("ROLLBACK")
            return [(done, None, broken) for _, done in group]
        return outcomes

    def _in_savepoint(self, work: Work) -> tuple[Any, Exception | None]:
        self._write.execute("SAVEPOINT work")
        try:
            result = work(self._write)
        except Exception as raised:  # noqa: BLE001 - it is raised again where the work came from.
            self._write.execute("ROLLBACK TO work")
            self._write.execute("RELEASE work")
            return None, raised
        self._write.execute("RELEASE work")
        return result, None


def _tell(outcomes: list[Outcome]) -> None:
    for done, result, raised in outcomes:
        if done.done():  # The caller was cancelled; the work is done all the same.
            continue
        if raised is None:
            done.set_result(result)
        else:
            done.set_exception(raised)
