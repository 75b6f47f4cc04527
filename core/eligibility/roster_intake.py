"""Takes a whole roster in while it comes: what it adds up to, what is wrong, its rows sealed.

Nothing of the file is held but what is being read, so that its length makes no difference.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from core.eligibility.roster_parts import DIGEST, Part, Task
from core.eligibility.roster_pool import Pool
from core.eligibility.rules import RosterRowsRefused
from core.rosters.blocks import Block, Cutter
from core.rosters.file import Head, RosterTooLarge, duplicate, too_many
from core.rosters.own_numbers import Tally
from core.rosters.references import References
from core.rosters.rows import Contents
from core.rosters.text import RosterBroken
from core.rosters.workbook import unreadable
from core.workbooks import text_of_workbook

MOST_ROWS = 1_000_000
MOST_BYTES = 1 << 30
MOST_WORKBOOK_BYTES = 1 << 27
"""A workbook is held in memory, by the process that reads it."""

_ROWS_NAMED = 10
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Understand = Callable[[Cutter, Block, bool], Head]


@dataclass(slots=True)
class Intake:
    """A roster that is being read; `total` is in yen."""

    encoding: str = ""
    rows: int = 0
    total: int = 0
    problem_count: int = 0
    content_hash: str = ""
    _contents: Contents = field(default_factory=Contents)
    _references: References = field(default_factory=References)
    _tally: Tally = field(default_factory=Tally)
    _named: list[int] = field(default_factory=list)

    def add(self, head: Head, part: Part) -> None:
        """Take in the next part, and put what repeats among its problems."""
        self.rows += part.rows
        if self.rows > MOST_ROWS:
            raise too_many(MOST_ROWS)
        self._tally += part.tally
        self._tally.judge(head.header)
        again = self._references.repeated(part.references, DIGEST, part.numbers)
        part.problems += [duplicate(head, row, first) for row, first in again]
        part.problems.sort(key=attrgetter("row"))
        self.problem_count += len(part.problems)
        for row, _ in groupby(part.problems, attrgetter("row")):
            if len(self._named) < _ROWS_NAMED and row not in self._named:
                self._named.append(row)
        self.total += part.total
        self._contents.add_digests(part.digests, len(part.numbers), part.total)

    def end(self) -> None:
        """Know what all rows make together; raise RosterBroken where there was none."""
        if not self.rows:
            raise RosterBroken("the file holds a header and no rows: export it again")
        self.content_hash = self._contents.hash()

    def require_sound(self) -> None:
        """Raise RosterRowsRefused where there is any problem."""
        if not self.problem_count:
            return
        named = ", ".join(map(str, self._named))
        raise RosterRowsRefused(
            f"{self.problem_count} problems, the first in rows {named}: nothing was taken; "
            "look at them in a preview, mend the file and import it again",
            problems=str(self.problem_count),
            rows=named,
        )


async def take(
    chunks: AsyncIterator[bytes],
    pool: Pool,
    intake: Intake,
    *,
    understand: Understand,
    task_of: Callable[[Head], Task],
) -> AsyncIterator[Part]:
    """Read a roster to its end, and yield it part by part, in its order.

    `understand` makes a head of the first block. Once there is a problem nothing is sealed any
    more. Raises what reading raises; what is wrong with single rows is in the parts.
    """
    reading: deque[asyncio.Task[Part]] = deque()
    task: Task | None = None
    try:
        async for cut in blocks(chunks):
            if task is None:
                task = task_of(understand(cut.cutter, cut.block, cut.is_workbook))
                intake.encoding = task.head.encoding.value
            if intake.problem_count:
                task = task.without_writing()
            read = pool.here if cut.is_only else pool.read
            reading.append(asyncio.create_task(read(task, cut.block)))
            if len(reading) > pool.size:
                yield _added(intake, task.head, await reading.popleft())
        while reading and task is not None:
            yield _added(intake, task.head, await reading.popleft())
        intake.end()
    finally:
        for left in reading:
            left.cancel()
        await asyncio.gather(*reading, return_exceptions=True)


def _added(intake: Intake, head: Head, part: Part) -> Part:
    intake.add(head, part)
    return part


@dataclass(frozen=True, slots=True)
class Cut:
    """A block of a file, and whether it is the only one."""

    block: Block
    cutter: Cutter
    is_workbook: bool
    is_only: bool = False


async def blocks(chunks: AsyncIterator[bytes]) -> AsyncIterator[Cut]:
    """Yield the blocks of a file as it comes, whichever kind it is; at least one."""
    is_workbook, text = await _opened(chunks)
    cutter = Cutter(delimiter="," if is_workbook else "")
    held: Block | None = None
    is_only = True
    async for chunk in text:
        for block in cutter.feed(chunk):
            if held is not None:
                is_only = False
                yield Cut(held, cutter, is_workbook)
            held = block
    for block in cutter.end():
        if held is not None:
            is_only = False
            yield Cut(held, cutter, is_workbook)
        held = block
    yield Cut(held or Block(1, b"", 0), cutter, is_workbook, is_only)


async def _opened(chunks: AsyncIterator[bytes]) -> tuple[bool, AsyncIterator[bytes]]:
    """Look at a file's first bytes: a workbook is turned into text on its way."""
    begins = b""
    async for chunk in chunks:
        begins += chunk
        if len(begins) >= len(_ZIP):
            break
    if begins.startswith(_OLD):
        # What has a password is wrapped in the form that workbooks had before 2007.
        raise unreadable("PROTECTED")
    is_workbook = begins.startswith(_ZIP)
    whole = within(begins, chunks, MOST_WORKBOOK_BYTES if is_workbook else MOST_BYTES)
    return is_workbook, text_of_workbook(whole) if is_workbook else whole


async def within(begins: bytes, chunks: AsyncIterator[bytes], most: int) -> AsyncIterator[bytes]:
    size = len(begins)
    yield begins
    async for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise RosterTooLarge(
                f"the file has more than {most} bytes: import it in parts", limit=str(most)
            )
        yield chunk
