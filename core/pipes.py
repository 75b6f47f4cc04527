"""What is written to a process beside the core."""

from asyncio.subprocess import Process


async def send(process: Process, content: bytes) -> None:
    """Write to a process; raise BrokenPipeError or ConnectionResetError where it has ended.

    asyncio says so by itself; uvloop raises a RuntimeError, as for a mistake in our code.
    """
    given = process.stdin
    assert given is not None  # noqa: S101 - it was started with a pipe.
    if given.is_closing():
        raise BrokenPipeError("the process has ended")
    given.write(content)
    await given.drain()
