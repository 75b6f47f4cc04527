"""Files of the core, handed on to a browser as they come."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

TYPES = {"application/json", "application/pdf", "image/jpeg", "image/png"}
"""What is handed on under its own media type."""


async def handed_on(parts: AsyncGenerator[Any, None], *, is_shown: bool = False) -> Response:
    """Stream a file of the core; what is refused is refused before the first byte.

    Where it `is_shown` it stands in a page, else it is to be kept.
    """
    first = await anext(parts, None)
    if first is None or not first.HasField("file"):
        raise RuntimeError("the core streamed a file that does not begin with its header")
    file = first.file
    kind = file.media_type if file.media_type in TYPES else "application/octet-stream"
    way = "inline" if is_shown else "attachment"
    headers = {"content-disposition": f"{way}; filename*=UTF-8''{quote(file.file_name)}"}
    if file.size:
        headers["content-length"] = str(file.size)
    return StreamingResponse(_chunks(parts), headers=headers, media_type=kind)


async def _chunks(parts: AsyncGenerator[Any, None]) -> AsyncIterator[bytes]:
    async with aclosing(parts):  # Also where the browser leaves in the middle.
        async for part in parts:
            yield part.chunk
