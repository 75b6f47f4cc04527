"""An upload of a file: its header, then its bytes, within a limit."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from core.attachments.cleaning import Problem
from core.attachments.rules import AttachmentRefused
from core.wire.door import FieldInvalid
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import campaigns_pb2, circulars_pb2

Header = TypeVar(
    "Header",
    pb.AttachmentHeader,
    pb.EntryAttachmentHeader,
    circulars_pb2.CircularFileHeader,
    campaigns_pb2.ImageHeader,
)


@dataclass(frozen=True, slots=True)
class Upload(Generic[Header]):
    """What was sent, held in memory only; as a request, it is its header and its content."""

    header: Header
    content: bytes

    @property
    def request_id(self) -> str:
        return self.header.request_id

    def SerializeToString(self, *, deterministic: bool) -> bytes:
        """Return the bytes that repeats have in common, as a message's method of this name."""
        header = self.header.SerializeToString(deterministic=deterministic)
        return header + b"\0" + hashlib.sha256(self.content).digest()


async def header_of(requests: AsyncIterator[Any], kind: type[Header]) -> Header:
    """Return the first part of a stream; raise FieldInvalid where that is no header."""
    async for request in requests:
        if request.WhichOneof("part") == "header" and isinstance(request.header, kind):
            return request.header
        break
    raise FieldInvalid("the upload must begin with its header", field="header")


async def content_of(requests: AsyncIterator[Any], *, most: int) -> bytes:
    """Return the rest of a stream; raise AttachmentRefused beyond `most` bytes."""
    content = bytearray()
    async for request in requests:
        if request.WhichOneof("part") == "header":
            raise FieldInvalid("the upload has one header, at its beginning", field="header")
        content += request.chunk
        if len(content) > most:
            raise AttachmentRefused(
                f"the file has more than {most} bytes",
                problem=Problem.TOO_LARGE,
                limit=str(most),
            )
    return bytes(content)
