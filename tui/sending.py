"""Lists as they go to the core: inspected, looked at, taken, put in the place of another, tried."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from todoke.client import Core
from todoke.uploads import parts_of, pieces_of
from todoke.v1.applications_pb2 import (
    EntryAttachmentHeader,
    UploadEntryAttachmentRequest,
    UploadEntryAttachmentResponse,
)
from todoke.v1.circulars_pb2 import (
    CircularFileHeader,
    ImportAssociationsHeader,
    ImportAssociationsRequest,
    ImportAssociationsResponse,
    UploadCircularFileRequest,
    UploadCircularFileResponse,
)
from todoke.v1.crossings_pb2 import ImportLinksHeader, ImportLinksRequest, ImportLinksResponse
from todoke.v1.eligibility_pb2 import Roster
from todoke.v1.ledger_pb2 import RehearsalHeader, RehearseProgramRequest, RehearseProgramResponse
from todoke.v1.rosters_pb2 import (
    ImportRosterRequest,
    ImportRosterResponse,
    InspectRosterFileRequest,
    InspectRosterFileResponse,
    ReplaceRosterHeader,
    ReplaceRosterRequest,
    ReplaceRosterResponse,
    RosterDifference,
    RosterHeader,
    RosterProblem,
    RosterProgress,
)
from tui.files import chunks_of

Progress = Callable[[RosterProgress], None]


@dataclass(slots=True)
class Read:
    """What the core read of a list: the roster, what is wrong, the difference where it replaces."""

    roster: Roster = field(default_factory=Roster)
    problems: list[RosterProblem] = field(default_factory=list)
    problem_count: int = 0
    difference: RosterDifference | None = None


async def inspect(core: Core, path: Path) -> InspectRosterFileResponse:
    parts = (InspectRosterFileRequest(chunk=piece) async for piece in chunks_of(path))
    return await core.upload(core.rosters.InspectRosterFile, parts)


async def take(core: Core, path: Path, header: RosterHeader, progress: Progress) -> Read:
    """Import a roster, or only look at it; raise CoreError."""
    parts = parts_of(ImportRosterRequest, header, chunks_of(path))
    return await _read(core.converse(core.rosters.ImportRoster, parts), progress)


async def replace(core: Core, path: Path, header: ReplaceRosterHeader, progress: Progress) -> Read:
    """Put a roster in the place of the program's, or only look at what it does; raise CoreError."""
    parts = parts_of(ReplaceRosterRequest, header, chunks_of(path))
    return await _read(core.converse(core.rosters.ReplaceRoster, parts), progress)


async def _read(
    answers: AsyncIterator[ImportRosterResponse] | AsyncIterator[ReplaceRosterResponse],
    progress: Progress,
) -> Read:
    """Follow the core's reading of a list to its end."""
    read = Read()
    async for told in answers:
        match told.WhichOneof("part"):
            case "progress":
                progress(told.progress)
            case "problems":
                read.problems += told.problems.problems
            case _:
                read.roster, read.problem_count = told.result.roster, told.result.problem_count
                if isinstance(told, ReplaceRosterResponse) and told.result.HasField("difference"):
                    read.difference = told.result.difference
    return read


async def take_associations(
    core: Core, path: Path, header: ImportAssociationsHeader
) -> ImportAssociationsResponse:
    """Import associations with groups and households, or only look; raise CoreError."""
    parts = parts_of(ImportAssociationsRequest, header, chunks_of(path))
    return await core.upload(core.circulars.ImportAssociations, parts)


async def attach_to_circular(
    core: Core, path: Path, header: CircularFileHeader
) -> UploadCircularFileResponse:
    """Send a file that a circular will name; raise CoreError."""
    parts = parts_of(UploadCircularFileRequest, header, chunks_of(path))
    return await core.upload(core.circulars.UploadCircularFile, parts)


async def import_links(core: Core, path: Path, header: ImportLinksHeader) -> ImportLinksResponse:
    parts = parts_of(ImportLinksRequest, header, chunks_of(path))
    return await core.upload(core.crossings.ImportLinks, parts)


async def bring(
    core: Core, content: bytes, header: EntryAttachmentHeader, progress: Callable[[int], None]
) -> UploadEntryAttachmentResponse:
    """Send a file for what is being entered; raise CoreError."""

    async def pieces() -> AsyncIterator[bytes]:
        sent = 0
        async for piece in pieces_of(content):
            yield piece
            sent += len(piece)
            progress(sent)

    parts = parts_of(UploadEntryAttachmentRequest, header, pieces())
    return await core.upload(core.applications.UploadEntryAttachment, parts)


async def rehearse(core: Core, path: Path, header: RehearsalHeader) -> RehearseProgramResponse:
    parts = parts_of(RehearseProgramRequest, header, chunks_of(path))
    return await core.upload(core.ledger.RehearseProgram, parts)
