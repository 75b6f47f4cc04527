"""Printing through an RPC: written down once a request, set in type and handed out in parts."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.callers import Caller
from core.letters.joining import Joined
from core.letters.rules import NothingToPrint
from core.letters.typesetting import forget
from todoke.v1 import campaigns_pb2, files_pb2, ledger_pb2

CHUNK = 64 * 1024

PART = 100
"""Letters set at once: so many take less than a second, and little memory."""

One = TypeVar("One")
Answer = TypeVar(
    "Answer", ledger_pb2.PrintLettersResponse, campaigns_pb2.PrintCampaignLettersResponse
)


@dataclass(frozen=True, slots=True)
class Office:
    """What letters say of who writes; `page` is where their code leads."""

    page: str = ""
    name: str = ""
    phone: str = ""


def id_of(by: Caller, request_id: str) -> str:
    """Return the id of a printing: the same for every repeat of a caller's request."""
    key = f"{by.municipality}\0{by.actor}\0{request_id}"
    return hashlib.sha256(key.encode()).hexdigest()[:32]


async def printed(
    answer: type[Answer],
    letters: Sequence[One],
    set_in_type: Callable[[Sequence[One]], bytes],
    *,
    name: str,
    told: ledger_pb2.PrintedLetters,
) -> AsyncIterator[Answer]:
    """Set letters in type part by part, telling how far it is; then hand out the file they make.

    `told` is what was written down; of those letters, some may have been left out since.
    """
    if not letters:
        raise NothingToPrint("whoever this file was for may not be written to by now")
    whole = Joined()

    def take(some: Sequence[One]) -> None:
        whole.add(set_in_type(some))
        forget()

    for start in range(0, len(letters), PART):
        some = letters[start : start + PART]
        await asyncio.to_thread(take, some)
        progress = ledger_pb2.LettersSet(done=start + len(some), letters=len(letters))
        yield answer(progress=progress)
    content = await asyncio.to_thread(whole.finish)
    yield answer(
        letters=ledger_pb2.PrintedLetters(
            file=await asyncio.to_thread(header_of, name, content),
            letters=len(letters),
            left_out=told.left_out + told.letters - len(letters),
            remaining=told.remaining,
        )
    )
    for chunk in chunks_of(content):
        yield answer(chunk=chunk)


def header_of(name: str, pdf: bytes) -> files_pb2.FileHeader:
    """Return what a PDF's bytes are."""
    return files_pb2.FileHeader(
        file_name=name,
        media_type="application/pdf",
        size=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
    )


def chunks_of(content: bytes) -> Iterator[bytes]:
    """Yield a file's bytes in parts."""
    for start in range(0, len(content), CHUNK):
        yield content[start : start + CHUNK]
