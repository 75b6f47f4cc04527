"""The files that staff bring and take.

A roster is read in chunks; a bank file or a resident's record is kept whole or not at all.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from todoke.client import Core
from todoke.v1.applications_pb2 import DownloadAttachmentResponse, DownloadNoticeResponse
from todoke.v1.campaigns_pb2 import PrintCampaignLettersResponse
from todoke.v1.crossings_pb2 import ExportRegistrationsResponse
from todoke.v1.files_pb2 import FileHeader
from todoke.v1.ledger_pb2 import LettersSet, PrintedLetters, PrintLettersResponse
from todoke.v1.payments_pb2 import ExportedFile, ExportTransferBatchRequest
from todoke.v1.records_pb2 import ExportRecordRequest, ExportRecordResponse

Part = (
    ExportRecordResponse
    | ExportRegistrationsResponse
    | DownloadAttachmentResponse
    | DownloadNoticeResponse
)

CHUNK_BYTES = 256 * 1024


class FileTrouble(Exception):  # noqa: N818 - named for the event
    """A file on this machine is in the way; `key` is how the catalogue words it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = f"file.{key}"
        self.values = values


def written_path(text: str) -> Path:
    """Read a path as a person types or pastes it: with quotes, blanks around it, or a tilde."""
    return Path(text.strip().strip("'\"")).expanduser()


def size_of(path: Path) -> int:
    """Return the length in bytes; raise FileTrouble where it is no readable, non-empty file."""
    try:
        if not path.is_file():
            raise FileTrouble("missing" if not path.exists() else "no_file", path=path)
        size = path.stat().st_size
    except OSError as error:
        raise FileTrouble("unreadable", path=path, why=error.strerror) from None
    if not size:
        raise FileTrouble("empty", path=path)
    return size


def read_whole(path: Path) -> bytes:
    """Read a file that is small enough to be held; raise FileTrouble."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileTrouble("unreadable", path=path, why=error.strerror) from None


async def chunks_of(path: Path) -> AsyncIterator[bytes]:
    """Yield the file's bytes, a piece at a time."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield chunk


async def keep_own(where: Path, name: str, content: bytes) -> Path:
    """Keep what was made here in `where`, a folder or a new file, readable by its owner alone."""
    return await asyncio.to_thread(_keep, where, name, content)


async def keep_stream(parts: AsyncIterator[Part], told: FileHeader, where: Path) -> Path:
    """Keep a file whose parts come as `file` and `chunk`; raise CoreError or FileTrouble."""
    content = bytearray()
    async for part in parts:
        if part.HasField("file"):
            told.CopyFrom(part.file)
        else:
            content += part.chunk
    where = await asyncio.to_thread(_free, where, Path(told.file_name).name)
    return await _checked(told, where, bytes(content))


async def keep_letters(
    parts: AsyncIterator[PrintLettersResponse | PrintCampaignLettersResponse],
    where: Path,
    come_to: Callable[[LettersSet], None],
) -> tuple[Path, PrintedLetters]:
    """Keep letters, which come as one PDF, in `where`; raise CoreError or FileTrouble.

    `come_to` is told how many are set, some times: ten thousand take a while.
    """
    told, content = PrintedLetters(), bytearray()
    async for part in parts:
        if part.HasField("letters"):
            told.CopyFrom(part.letters)
        elif part.HasField("progress"):
            come_to(part.progress)
        else:
            content += part.chunk
    where = await asyncio.to_thread(_free, where, Path(told.file.file_name).name)
    return await _checked(told.file, where, bytes(content)), told


@dataclass(frozen=True, slots=True)
class Kept:
    """A bank file as it lies on this machine."""

    path: Path
    file: ExportedFile


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A resident's record as it lies on this machine."""

    path: Path
    file: FileHeader


async def keep_export(core: Core, *, batch_id: str, request_id: str, where: Path) -> Kept:
    """Fetch a batch's bank file into `where`; raise CoreError or FileTrouble."""
    parts = core.watch(
        core.payments.ExportTransferBatch,
        ExportTransferBatchRequest(batch_id=batch_id, request_id=request_id),
    )
    told, content = ExportedFile(), bytearray()
    async for part in parts:
        if part.HasField("file"):
            told.CopyFrom(part.file)
        else:
            content += part.chunk
    return Kept(await _checked(told, where, bytes(content)), told)


async def keep_record(core: Core, request: ExportRecordRequest, where: Path) -> KeptRecord:
    """Fetch a resident's record into `where`; raise CoreError or FileTrouble.

    All records have the same name: in a folder that has one the next is numbered.
    """
    told = FileHeader()
    parts = core.watch(core.records.ExportRecord, request)
    return KeptRecord(await keep_stream(parts, told, where), told)


async def _checked(told: ExportedFile | FileHeader, where: Path, content: bytes) -> Path:
    """Keep a file in `where`, a folder or a new file, readable by its owner alone.

    It is checked against the core's length and SHA-256 before it takes its name. A file that is
    there already is left alone unless it holds the same bytes.
    """
    if len(content) != told.size or hashlib.sha256(content).hexdigest() != told.sha256:
        raise FileTrouble("damaged")
    return await asyncio.to_thread(_keep, where, Path(told.file_name).name, content)


def _free(where: Path, name: str) -> Path:
    """Return where nothing lies yet in the folder, numbered where need be; a file as it is."""
    if not where.is_dir():
        return where
    path = where / name
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(one for one in chain([path], numbered) if not one.exists())


def _keep(where: Path, name: str, content: bytes) -> Path:
    path = (where / name if where.is_dir() else where).absolute()
    if not path.parent.is_dir():
        raise FileTrouble("no_folder", path=path.parent)
    unfinished = path.with_name(f".{path.name}.part")
    try:
        if path.exists() and path.read_bytes() != content:
            raise FileTrouble("taken", path=path)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise FileTrouble("unwritable", path=path, why=error.strerror) from None
    return path
