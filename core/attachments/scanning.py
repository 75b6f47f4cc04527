"""Asks a virus scanner about a file: clamd's INSTREAM over TCP, which others speak too.

https://docs.clamav.net/manual/Usage/Scanning.html#clamd: four bytes of length before each part, a
length of nought at the end, and one line of answer.
"""

import asyncio
from dataclasses import dataclass

from core.attachments.cleaning import NotTaken, Problem
from core.errors import Away

PART = 64 * 1024


class ScannerAway(Away):
    """The scanner does not answer, or not as a scanner does. Nothing is taken unscanned."""

    reason = "TRY_AGAIN"


@dataclass(frozen=True, slots=True)
class Scanner:
    """A scanner's address, and how long it may take for one file."""

    host: str
    port: int
    seconds: float = 30.0

    async def check(self, content: bytes) -> None:
        """Raise NotTaken where the file is infected, ScannerAway where nobody says."""
        try:
            async with asyncio.timeout(self.seconds):
                answer = await self._ask(content)
        except (OSError, TimeoutError) as wrong:
            raise ScannerAway(f"the virus scanner does not answer: {wrong}") from None
        if answer.endswith(b"FOUND"):
            raise NotTaken(Problem.INFECTED)
        if not answer.endswith(b"OK"):
            raise ScannerAway("the virus scanner answers neither OK nor FOUND")

    async def _ask(self, content: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), PART):
                part = content[start : start + PART]
                writer.write(len(part).to_bytes(4, "big") + part)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            return (await reader.read(4096)).rstrip(b"\0\n ")
        finally:
            writer.close()
