"""Uploads to the core: a header, then the file's bytes in pieces, each a message of one kind."""

from collections.abc import AsyncIterable, AsyncIterator, Callable
from typing import TypeVar

PIECE_BYTES = 256 * 1024

Part = TypeVar("Part")


async def pieces_of(content: bytes) -> AsyncIterator[bytes]:
    """Yield a file's bytes, a piece at a time."""
    for start in range(0, len(content), PIECE_BYTES):
        yield content[start : start + PIECE_BYTES]


async def parts_of(
    make: Callable[..., Part], header: object, pieces: AsyncIterable[bytes]
) -> AsyncIterator[Part]:
    """Yield an upload's messages, which `make` makes of a header or of a chunk."""
    yield make(header=header)
    async for piece in pieces:
        yield make(chunk=piece)
