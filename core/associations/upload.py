"""An upload of a list of associations, a table or a workbook."""

from collections.abc import AsyncIterator
from functools import partial

from core.rosters.file import RosterTooLarge
from core.rosters.text import RosterBroken
from core.rosters.workbook import unreadable
from core.wire.uploads import Upload, whole
from core.workbooks import text_of_workbook
from todoke.v1 import circulars_pb2 as pb

MOST_BYTES = 1 << 25
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


async def received(
    requests: AsyncIterator[pb.ImportAssociationsRequest],
) -> Upload[pb.ImportAssociationsHeader]:
    """Read the stream to its end; raise RosterBroken, RosterTooLarge."""
    return await whole(
        requests,
        pb.ImportAssociationsHeader,
        most=MOST_BYTES,
        broken=RosterBroken,
        too_large=partial(RosterTooLarge, limit=str(MOST_BYTES)),
    )


async def text_of(content: bytes) -> bytes:
    """Return the file as text, a workbook read by a process of its own; WorkbookUnreadable."""
    if content.startswith(_OLD):
        # What has a password is wrapped in the form that workbooks had before 2007.
        raise unreadable("PROTECTED")
    if not content.startswith(_ZIP):
        return content

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return b"".join([chunk async for chunk in text_of_workbook(chunks())])
