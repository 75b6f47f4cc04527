"""The text of a workbook, read by a process of its own."""

import asyncio
import pickle
import struct
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import suppress

from core.pipes import send
from core.rosters.workbook import unreadable

_LENGTH = struct.Struct(">I")
_LONGEST_FRAME = 1 << 30


async def text_of_workbook(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the text of a workbook, which a process of its own holds in its memory and no file."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "core.rosters.workbook_worker", stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None  # noqa: S101 - it has pipes.
    assert process.stdout is not None  # noqa: S101 - it has pipes.
    try:
        async for chunk in chunks:
            await send(process, chunk)
        process.stdin.close()
        while length := _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))[0]:
            yield await process.stdout.readexactly(min(length, _LONGEST_FRAME))
        refusal = pickle.loads(await process.stdout.read())  # noqa: S301 - our own process's.
    except (asyncio.IncompleteReadError, BrokenPipeError, ConnectionResetError):
        raise unreadable("TOO_LARGE") from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if refusal is not None:
        raise refusal
