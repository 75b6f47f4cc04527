"""Photographs and files that somebody sent: they are fetched from LINE, and not kept here."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

import aiohttp

AT_ONCE = 8
"""So many files are held in memory at most, each up to what the question takes."""
WAITS = (0.0, 0.5, 1.0, 2.0)
"""Before each try, in seconds."""
GONE = {400, 404, 410}
CHUNK = 256 * 1024


class ContentGone(Exception):  # noqa: N818 - named for what is so, not as an error.
    """LINE does not have it any more."""


class ContentTooLarge(Exception):  # noqa: N818 - named for what is so, not as an error.
    """It is larger than what is asked for."""


class ContentAway(Exception):  # noqa: N818 - named for what is so, not as an error.
    """LINE cannot give it now: the event must come again."""


@dataclass(frozen=True, slots=True)
class Content:
    media_type: str
    body: bytes


class Contents(Protocol):
    """LINE's content API."""

    async def fetch(self, message_id: str, most: int) -> Content:
        """Fetch what a message holds.

        Raises ContentGone, ContentTooLarge, ContentAway.
        """
        ...


class LineContents:
    """LINE's content API over HTTP, with a session that has the channel's token."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def fetch(self, message_id: str, most: int) -> Content:
        """Fetch it; while LINE still prepares it (202), ask again a few times."""
        url = f"{self._url}/v2/bot/message/{message_id}/content"
        async with self._at_once:
            for wait in WAITS:
                await asyncio.sleep(wait)
                try:
                    found = await self._get(url, most)
                except (aiohttp.ClientError, TimeoutError, OSError) as lost:
                    raise ContentAway(type(lost).__name__) from lost
                if found is not None:
                    return found
        raise ContentAway("LINE still prepares it")

    async def _get(self, url: str, most: int) -> Content | None:
        """Return what is there, or None while it is prepared."""
        async with self._http.get(url) as answer:
            if answer.status == 202:
                return None
            if answer.status in GONE:
                raise ContentGone(str(answer.status))
            if answer.status != 200:
                raise ContentAway(str(answer.status))
            body = bytearray()
            async for part in answer.content.iter_chunked(CHUNK):
                body += part
                if len(body) > most:
                    raise ContentTooLarge
            return Content(answer.content_type, bytes(body))
