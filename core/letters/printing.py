"""Printing through an RPC: written down once a request, and handed out as a file in parts."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from core.callers import Caller
from core.db import Database
from core.wire.door import Call
from core.wire.mutation import kept_answer, once
from todoke.v1 import files_pb2

CHUNK = 64 * 1024

Looked = TypeVar("Looked")
Told = TypeVar("Told", bound=Message)


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


async def written_once(
    db: Database,
    call: Call,
    *,
    method: str,
    request: Any,
    response_type: type[Told],
    look: Callable[[Session], Looked],
    write: Callable[[Session, Looked], Told],
) -> Told:
    """Look whom to write to without holding writers up, then write it down; once a request id."""
    kept = await db.read(lambda s: kept_answer(s, call, method, request, response_type))
    if kept is not None:
        return kept
    looked = await db.read(look)
    return await db.write(
        lambda s: once(
            s,
            call,
            method=method,
            request=request,
            response_type=response_type,
            change=lambda: write(s, looked),
        )
    )


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
