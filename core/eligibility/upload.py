"""An upload of a roster: its header, then its bytes, within a limit."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from core.rosters.file import RosterTooLarge
from core.rosters.text import RosterBroken
from todoke.v1 import eligibility_pb2 as pb

MOST_BYTES = 1 << 27


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent. It is held in memory only, never in a file that would not be sealed."""

    header: pb.RosterHeader
    chunks: tuple[bytes, ...]

    @classmethod
    async def receive(cls, requests: AsyncIterator[pb.ImportRosterRequest]) -> "Upload":
        """Read the stream to its end; raise RosterBroken, RosterTooLarge."""
        header: pb.RosterHeader | None = None
        chunks: list[bytes] = []
        size = 0
        async for request in requests:
            is_header = request.WhichOneof("part") == "header"
            if is_header != (header is None):
                raise RosterBroken("the upload must begin with its one header: send it again")
            if is_header:
                header = request.header
                continue
            size += len(request.chunk)
            if size > MOST_BYTES:
                raise RosterTooLarge(
                    f"the file has more than {MOST_BYTES} bytes: import it in parts",
                    limit=str(MOST_BYTES),
                )
            chunks.append(request.chunk)
        if header is None or not chunks:
            raise RosterBroken("the upload held nothing: send the header, then the file's bytes")
        return cls(header, tuple(chunks))


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes one upload the repeat of another: the header, and what the rows say."""

    header: pb.RosterHeader
    content_hash: str

    @property
    def request_id(self) -> str:
        return self.header.request_id

    def SerializeToString(self, *, deterministic: bool) -> bytes:
        """Return the bytes that repeats have in common, as a message's method of this name."""
        header = self.header.SerializeToString(deterministic=deterministic)
        return header + b"\0" + self.content_hash.encode()
