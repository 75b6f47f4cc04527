"""An upload of a file whose header says how large it may be."""

from collections.abc import AsyncIterator
from typing import Any

from core.attachments.cleaning import Problem
from core.attachments.rules import AttachmentRefused
from core.wire.door import FieldInvalid
from core.wire.uploads import Header


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
