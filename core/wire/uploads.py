"""What is still being sent when it is refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from core.errors import Refusal

MOST_SECONDS = 30.0


@asynccontextmanager
async def read_to_the_end(requests: AsyncIterator[Any]) -> AsyncIterator[None]:
    """Where a refusal comes before the end of an upload, read on and let it go.

    Who still sends into a stream that has ended is told so by gRPC, and not why it ended.
    """
    try:
        yield
    except Refusal:
        with suppress(TimeoutError, Refusal):
            async with asyncio.timeout(MOST_SECONDS):
                async for _ in requests:
                    pass
        raise
