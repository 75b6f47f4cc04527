"""What is sent in parts: its header, then its bytes, held in memory only."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from core.errors import Refusal

MOST_SECONDS = 30.0


class Heading(Protocol):
    """A message that stands before the bytes."""

    request_id: str

    def SerializeToString(self, *, deterministic: bool) -> bytes: ...


Header = TypeVar("Header", bound=Heading)


@dataclass(frozen=True, slots=True)
class Upload(Generic[Header]):
    """What was sent; as a request, it is its header and its content."""

    header: Header
    content: bytes

    @property
    def request_id(self) -> str:
        return self.header.request_id

    def SerializeToString(self, *, deterministic: bool) -> bytes:
        """Return the bytes that repeats have in common, as a message's method of this name."""
        header = self.header.SerializeToString(deterministic=deterministic)
        return header + b"\0" + hashlib.sha256(self.content).digest()


async def whole(
    requests: AsyncIterator[Any],
    kind: type[Header],
    *,
    most: int,
    broken: Callable[[str], Refusal],
    too_large: Callable[[str], Refusal],
) -> Upload[Header]:
    """Read an upload to its end; raise what `broken` and `too_large` make of a sentence."""
    header: Header | None = None
    content = bytearray()
    async with read_to_the_end(requests):
        async for request in requests:
            is_header = request.WhichOneof("part") == "header"
            if is_header != (header is None):
                raise broken("the upload must begin with its one header: send it again")
            if is_header and isinstance(request.header, kind):
                header = request.header
            content += request.chunk
            if len(content) > most:
                raise too_large(f"the file has more than {most} bytes: import it in parts")
    if header is None or not content:
        raise broken("the upload held nothing: send the header, then the file's bytes")
    return Upload(header, bytes(content))


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
