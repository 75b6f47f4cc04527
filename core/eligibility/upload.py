"""An upload of a roster: its header, then its bytes, taken as they come."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from core.rosters.text import RosterBroken

Header = TypeVar("Header")


@dataclass(frozen=True, slots=True)
class Upload(Generic[Header]):
    """What is being sent; nothing of it is held but what is being read."""

    header: Header
    chunks: AsyncIterator[bytes]

    @classmethod
    async def begun(cls, requests: AsyncIterator[Any]) -> "Upload[Header]":
        """Read the header; raise RosterBroken, as also from the chunks."""
        async for request in requests:
            if request.WhichOneof("part") != "header":
                break
            return cls(request.header, _chunks(requests))
        raise RosterBroken("the upload must begin with its one header: send it again")


async def _chunks(requests: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    is_empty = True
    async for request in requests:
        if request.WhichOneof("part") != "chunk":
            raise RosterBroken("the upload must begin with its one header: send it again")
        is_empty = False
        yield request.chunk
    if is_empty:
        raise RosterBroken("the upload held nothing: send the header, then the file's bytes")


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes one upload the repeat of another: the header, and what the rows say."""

    header: Any
    content_hash: str

    @property
    def request_id(self) -> str:
        request_id: str = self.header.request_id
        return request_id

    def SerializeToString(self, *, deterministic: bool) -> bytes:
        """Return the bytes that repeats have in common, as a message's method of this name."""
        header: bytes = self.header.SerializeToString(deterministic=deterministic)
        return header + b"\0" + self.content_hash.encode()
