"""Speaks as clamd does, as far as INSTREAM goes, and finds EICAR's test file.

https://docs.clamav.net/manual/Usage/Scanning.html#clamd and https://www.eicar.org/download-anti-malware-testfile/
"""

import asyncio
from contextlib import suppress

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""In two parts, so that no scanner takes this file for it."""

MOST = 25 * 1024 * 1024
"""clamd's StreamMaxLength."""


class Scanner:
    """A scanner on a port of this machine; `mute` takes files and never answers."""

    def __init__(self, *, mute: bool = False) -> None:
        self.mute = mute
        self.scanned = 0
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> int:
        """Serve, and return the port."""
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", port)
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                command = await reader.readuntil(b"\0")
                answer = await self._scanned(reader, command)
                if self.mute:
                    await reader.read()
                else:
                    writer.write(answer + b"\0")
                    await writer.drain()
        finally:
            writer.close()

    async def _scanned(self, reader: asyncio.StreamReader, command: bytes) -> bytes:
        if command != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        content = bytearray()
        while length := int.from_bytes(await reader.readexactly(4)):
            content += await reader.readexactly(length)
            if len(content) > MOST:
                return b"INSTREAM size limit exceeded. ERROR"
        self.scanned += 1
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"
