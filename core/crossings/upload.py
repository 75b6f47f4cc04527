"""An upload of links: its header, then its bytes, within a limit."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from core.sealing.refusals import SealBroken
from todoke.v1 import crossings_pb2 as pb

MOST_BYTES = 1 << 27


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent, held in memory only; as a request, it is its header and its content."""

    header: pb.ImportLinksHeader
    content: bytes

    @classmethod
    async def receive(cls, requests: AsyncIterator[pb.ImportLinksRequest]) -> "Upload":
        """Read the stream to its end; raise SealBroken."""
        header: pb.ImportLinksHeader | None = None
        content = bytearray()
        async for request in requests:
            is_header = request.WhichOneof("part") == "header"
            if is_header != (header is None):
                raise SealBroken("UPLOAD_BROKEN", "the upload must begin with its one header")
            if is_header:
                header = request.header
            content += request.chunk
            if len(content) > MOST_BYTES:
                raise SealBroken("TOO_LARGE", f"the file has more than {MOST_BYTES} bytes")
        if header is None or not content:
            raise SealBroken("UPLOAD_BROKEN", "the upload held nothing")
        return cls(header, bytes(content))

    @property
    def request_id(self) -> str:
        return self.header.request_id

    def SerializeToString(self, *, deterministic: bool) -> bytes:
        """Return the bytes that repeats have in common, as a message's method of this name."""
        header = self.header.SerializeToString(deterministic=deterministic)
        return header + b"\0" + hashlib.sha256(self.content).digest()
