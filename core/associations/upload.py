"""An upload of a list of associations: its header, then its bytes, held in memory only."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from core.rosters.file import RosterTooLarge
from core.rosters.text import RosterBroken
from core.rosters.workbook import unreadable
from core.workbooks import text_of_workbook
from todoke.v1 import circulars_pb2 as pb

MOST_BYTES = 1 << 25
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent; as a request, it is its header and its content."""

    header: pb.ImportAssociationsHeader
    content: bytes

    @classmethod
    async def receive(cls, requests: AsyncIterator[pb.ImportAssociationsRequest]) -> "Upload":
        """Read the stream to its end; raise RosterBroken, RosterTooLarge."""
        header: pb.ImportAssociationsHeader | None = None
        content = bytearray()
        async for request in requests:
            is_header = request.WhichOneof("part") == "header"
            if is_header != (header is None):
                raise RosterBroken("the upload must begin with its one header: send it again")
            if is_header:
                header = request.header
            content += request.chunk
            if len(content) > MOST_BYTES:
                raise RosterTooLarge(
                    f"the file has more than {MOST_BYTES} bytes: import it in parts",
                    limit=str(MOST_BYTES),
                )
        if header is None or not content:
            raise RosterBroken("the upload held nothing: send the header, then the file's bytes")
        return cls(header, bytes(content))

    async def text(self) -> bytes:
        """Return the file as text, a workbook read by a process of its own; WorkbookUnreadable."""
        if self.content.startswith(_OLD):
            # What has a password is wrapped in the form that workbooks had before 2007.
            raise unreadable("PROTECTED")
        if not self.content.startswith(_ZIP):
            return self.content
        return b"".join([chunk async for chunk in text_of_workbook(self._whole())])

    async def _whole(self) -> AsyncIterator[bytes]:
        yield self.content

    @property
    def request_id(self) -> str:
        return self.header.request_id

    def SerializeToString(self, *, deterministic: bool) -> bytes:
        """Return the bytes that repeats have in common, as a message's method of this name."""
        header = self.header.SerializeToString(deterministic=deterministic)
        return header + b"\0" + hashlib.sha256(self.content).digest()
