"""How files come to an answer at the counter: sent to the core, kept by name until it is filed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from todoke.client import CoreError
from todoke.v1.applications_pb2 import EnterApplicationRequest, EntryAttachmentHeader
from tui.desk import Desk, request_id
from tui.files import read_whole
from tui.sending import bring

Progress = Callable[[int], None]
"""Told how many bytes went."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that the core took, by its name on this machine."""

    id: str
    name: str
    size: int


class Attacher(Protocol):
    """Sends files for what is being answered; `held` is what it sent, by id."""

    held: dict[str, Attached]

    async def attach(self, step: str, path: Path, progress: Progress) -> Attached: ...


class EntryFiles:
    """Sends them for what `first` says is being entered; none is sent twice by a second press."""

    def __init__(self, desk: Desk, first: EnterApplicationRequest) -> None:
        self._core = desk.core
        self._first = first
        self._begun: dict[tuple[str, Path], str] = {}
        self.held: dict[str, Attached] = {}

    async def attach(self, step: str, path: Path, progress: Progress) -> Attached:
        """Send a file; raise FileTrouble or CoreError."""
        content = await asyncio.to_thread(read_whole, path)
        first, key = self._first, (step, path)
        header = EntryAttachmentHeader(
            resident_id=first.resident_id,
            receive_date=first.receive_date,
            step=step,
            file_name=path.name,
            request_id=self._begun.setdefault(key, request_id()),
        )
        what = first.WhichOneof("what") or "procedure"
        setattr(header, what, getattr(first, what))
        try:
            answer = await bring(self._core, content, header, progress)
        except CoreError as error:
            if not error.passing:
                del self._begun[key]
            raise
        del self._begun[key]
        attached = Attached(answer.attachment_id, path.name, len(content))
        self.held[attached.id] = attached
        return attached
