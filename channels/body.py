"""Bodies of requests, read no further than they may be long."""

from starlette.requests import Request


class TooLarge(Exception):  # noqa: N818 - named for the event, not as an error.
    """The body is larger than any that is meant for us."""


async def read(request: Request, most: int) -> bytes:
    """Read a body of at most `most` bytes. Raises TooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLarge
    return bytes(body)
