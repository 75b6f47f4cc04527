"""Lists as they go to the core: inspected, looked at, taken, put in the place of another, tried."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from todoke.client import Core
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
    InspectRosterFileRequest,
    InspectRosterFileResponse,
    ReplaceRosterHeader,
    ReplaceRosterRequest,
    RosterDifference,
    RosterHeader,
    RosterProblem,
    RosterProgress,
)
from tui.files import CHUNK_BYTES, chunks_of

Progress = Callable[[RosterProgress], None]


@dataclass(slots=True)
class Read:
    """What the core read of a list: the roster, what is wrong, the difference where it replaces."""

    roster: Roster = field(default_factory=Roster)
    problems: list[RosterProblem] = field(default_factory=list)
    problem_count: int = 0
    difference: RosterDifference | None = None


async def inspect(core: Core, path: Path) -> InspectRosterFileResponse:
    async def parts() -> AsyncIterator[InspectRosterFileRequest]:
        async for chunk in chunks_of(path):
            yield InspectRosterFileRequest(chunk=chunk)

    return await core.upload(core.rosters.InspectRosterFile, parts())


async def take(core: Core, path: Path, header: RosterHeader, progress: Progress) -> Read:
    """Import a roster, or only look at it; raise CoreError."""

    async def parts() -> AsyncIterator[ImportRosterRequest]:
        yield ImportRosterRequest(header=header)
        async for chunk in chunks_of(path):
            yield ImportRosterRequest(chunk=chunk)

    read = Read()
    async for told in core.converse(core.rosters.ImportRoster, parts()):
        match told.WhichOneof("part"):
            case "progress":
                progress(told.progress)
            case "problems":
                read.problems += told.problems.problems
            case _:
                read.roster, read.problem_count = told.result.roster, told.result.problem_count
    return read


async def replace(core: Core, path: Path, header: ReplaceRosterHeader, progress: Progress) -> Read:
    """Put a roster in the place of the program's, or only look at what it does; raise CoreError."""

    async def parts() -> AsyncIterator[ReplaceRosterRequest]:
        yield ReplaceRosterRequest(header=header)
        async for chunk in chunks_of(path):
            yield ReplaceRosterRequest(chunk=chunk)

    read = Read()
    async for told in core.converse(core.rosters.ReplaceRoster, parts()):
        match told.WhichOneof("part"):
            case "progress":
                progress(told.progress)
            case "problems":
                read.problems += told.problems.problems
            case _:
                result = told.result
                read.roster, read.problem_count = result.roster, result.problem_count
                if result.HasField("difference"):
                    read.difference = result.difference
    return read


async def take_associations(
    core: Core, path: Path, header: ImportAssociationsHeader
) -> ImportAssociationsResponse:
    """Import associations with groups and households, or only look; raise CoreError."""

    async def parts() -> AsyncIterator[ImportAssociationsRequest]:
        yield ImportAssociationsRequest(header=header)
        async for chunk in chunks_of(path):
            yield ImportAssociationsRequest(chunk=chunk)

    return await core.upload(core.circulars.ImportAssociations, parts())


async def attach_to_circular(
    core: Core, path: Path, header: CircularFileHeader
) -> UploadCircularFileResponse:
    """Send a file that a circular will name; raise CoreError."""

    async def parts() -> AsyncIterator[UploadCircularFileRequest]:
        yield UploadCircularFileRequest(header=header)
        async for chunk in chunks_of(path):
            yield UploadCircularFileRequest(chunk=chunk)

    return await core.upload(core.circulars.UploadCircularFile, parts())


async def import_links(core: Core, path: Path, header: ImportLinksHeader) -> ImportLinksResponse:
    async def parts() -> AsyncIterator[ImportLinksRequest]:
        yield ImportLinksRequest(header=header)
        async for chunk in chunks_of(path):
            yield ImportLinksRequest(chunk=chunk)

    return await core.upload(core.crossings.ImportLinks, parts())


async def bring(
    core: Core, content: bytes, header: EntryAttachmentHeader, progress: Callable[[int], None]
) -> UploadEntryAttachmentResponse:
    """Send a file for what is being entered; raise CoreError."""

    async def parts() -> AsyncIterator[UploadEntryAttachmentRequest]:
        yield UploadEntryAttachmentRequest(header=header)
        for start in range(0, len(content), CHUNK_BYTES):
            chunk = content[start : start + CHUNK_BYTES]
            yield UploadEntryAttachmentRequest(chunk=chunk)
            progress(start + len(chunk))

    return await core.upload(core.applications.UploadEntryAttachment, parts())


async def rehearse(core: Core, path: Path, header: RehearsalHeader) -> RehearseProgramResponse:
    async def parts() -> AsyncIterator[RehearseProgramRequest]:
        yield RehearseProgramRequest(header=header)
        async for chunk in chunks_of(path):
            yield RehearseProgramRequest(chunk=chunk)

    return await core.upload(core.ledger.RehearseProgram, parts())
