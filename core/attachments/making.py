"""How a file is taken: asked about at the scanner, and made anew in a process of its own."""

import asyncio
import json
import sys
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import structlog

from core.attachments.cleaning import LONGEST_SIDE, NotTaken, Problem
from core.attachments.scanning import Scanner

SECONDS = 30.0
"""How long one file may take, with all that waits to be read of it."""

log = structlog.get_logger("core")


@dataclass(frozen=True, slots=True)
class Made:
    """A file made anew; `scanned` where a scanner found nothing in it. An image has its size."""

    media_type: str
    content: bytes
    scanned: bool
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Paged:
    """The pages of a file: how many, their text, and pictures of the first of them, or of all."""

    count: int
    text: str
    pictures: tuple[tuple[str, bytes], ...]


class Maker:
    """Makes files anew, a few at the same time; the others wait for their turn."""

    def __init__(
        self, scanner: Scanner | None = None, *, at_once: int = 2, seconds: float = SECONDS
    ) -> None:
        self._scanner = scanner
        self._turns = asyncio.Semaphore(at_once)
        self._seconds = seconds

    async def make(self, content: bytes, taken: Collection[str]) -> Made:
        """Return a file made anew. Raises NotTaken, and ScannerAway where nobody could scan it."""
        if self._scanner is not None:
            await self._scanner.check(content)
        return await self._made(content, taken, LONGEST_SIDE)

    async def narrow(self, image: bytes, media_type: str, width: int) -> bytes:
        """Return an image that was made here, at most so many pixels wide."""
        return (await self._made(image, [media_type], width)).content

    async def pages(self, made: Made) -> Paged:
        """Return the pages of a file that was made anew; one that cannot be drawn has no picture.

        Raises NotTaken where not even its pages can be counted.
        """
        head, body = await self._asked("page_worker", made.media_type, content=made.content)
        pictures, start = [], 0
        for media_type, size in head["pictures"]:
            pictures.append((media_type, body[start : start + size]))
            start += size
        return Paged(head["count"], head["text"], tuple(pictures))

    async def _made(self, content: bytes, taken: Collection[str], widest: int) -> Made:
        told, made = await self._asked("worker", ",".join(taken), str(widest), content=content)
        return Made(
            told["media_type"], made, self._scanner is not None, told["width"], told["height"]
        )

    async def _asked(
        self, worker: str, *arguments: str, content: bytes
    ) -> tuple[dict[str, Any], bytes]:
        """Return what a process of its own says of a file, and the bytes that it made."""
        async with self._turns:
            return await self._answer(worker, *arguments, content=content)

    async def _answer(
        self, worker: str, *arguments: str, content: bytes
    ) -> tuple[dict[str, Any], bytes]:
        # Without our environment: what decodes strangers' files needs to know nothing of us.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", f"core.attachments.{worker}", *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
        )
        try:
            async with asyncio.timeout(self._seconds):
                answer, _ = await process.communicate(content)
        except TimeoutError:
            raise NotTaken(Problem.TOO_LARGE) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            # A limit of the process, or a fault in what decodes: the file is not one to keep.
            log.warning("a file could not be made anew", code=process.returncode)
            raise NotTaken(Problem.BROKEN)
        head, _, body = answer.partition(b"\n")
        told = json.loads(head)
        if "problem" in told:
            raise NotTaken(Problem(told["problem"]), told["limit"])
        return told, body
