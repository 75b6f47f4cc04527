"""One changing RPC, one transaction; and a repeat of it gets the answer it got before.

The answer is kept in the change's own transaction under (municipality, caller, method, request id),
sealed, since it may hold personal data.
"""

import base64
import hashlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Generic, Protocol, TypeVar

from google.protobuf.message import Message
from sqlalchemy import Table, bindparam, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import crypto
from core.crypto import Sealed, equal
from core.db import Database, Instant, Row, later
from core.errors import BadRequest
from core.wire.door import Call

KEPT = timedelta(days=30)
"""How long an answer is kept; longer than any channel delivers an event again."""


class Answer(Row):
    """What a changing RPC answered, for its repeats."""

    __tablename__ = "answers"

    key: Mapped[bytes] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    response: Mapped[str] = mapped_column(Sealed("answers.response"))
    answer_time: Mapped[datetime] = mapped_column(Instant, index=True)
    about: Mapped[str | None] = mapped_column(default=None, index=True)


ANSWERS: Table = Answer.__table__  # type: ignore[assignment]  # A mapped class's table is a Table.

_INSERT = insert(ANSWERS)
_FIND_ALL = select(ANSWERS.c.key, ANSWERS.c.fingerprint, ANSWERS.c.response).where(
    ANSWERS.c.key.in_(bindparam("keys", expanding=True))
)
_FIND = select(ANSWERS.c.fingerprint, ANSWERS.c.response).where(ANSWERS.c.key == bindparam("k"))


class RequestIdReused(BadRequest):
    reason = "REQUEST_ID_REUSED"


class HasDatabase(Protocol):
    """A servicer that changes things."""

    db: Database


Servicer = TypeVar("Servicer", bound=HasDatabase)
Request = TypeVar("Request", bound=Message)
Response = TypeVar("Response", bound=Message)
Known = TypeVar("Known")


Ahead = Callable[[Session, Sequence[tuple[Any, Call]]], None]
"""Reads at once what a group of requests is about, in the transaction that they run in."""


def mutation(
    change: Callable[[Servicer, Session, Request, Call], Response],
) -> Callable[[Servicer, Request, Call], Awaitable[Response]]:
    """Make an RPC of a plain function: it runs in a writing transaction, once a request id."""
    return _rpc(change, None)


def mutation_after(
    ahead: Ahead,
) -> Callable[
    [Callable[[Servicer, Session, Request, Call], Response]],
    Callable[[Servicer, Request, Call], Awaitable[Response]],
]:
    """Make such an RPC that many call at once: `ahead` is shown the requests of a group first."""

    def make(
        change: Callable[[Servicer, Session, Request, Call], Response],
    ) -> Callable[[Servicer, Request, Call], Awaitable[Response]]:
        return _rpc(change, ahead)

    return make


@dataclass(frozen=True, slots=True)
class _Known(Generic[Known]):
    what: Known


def mutation_knowing(
    read: Callable[[Session, Any, Call], Known],
) -> Callable[
    [Callable[[Servicer, Session, Request, Call, Known], Response]],
    Callable[[Servicer, Request, Call], Awaitable[Response]],
]:
    """Make such an RPC of a change that has to know what takes long to read.

    `read` is shown the request before, while others write; whether what it found still holds, the
    change itself sees to.
    """

    def make(
        change: Callable[[Servicer, Session, Request, Call, Known], Response],
    ) -> Callable[[Servicer, Request, Call], Awaitable[Response]]:
        response_type: type[Response] = change.__annotations__["return"]

        @wraps(change)
        async def answer(self: Servicer, request: Request, call: Call) -> Response:
            def look(session: Session) -> Response | _Known[Known]:
                kept = kept_answer(session, call, change.__qualname__, request, response_type)
                return kept if kept is not None else _Known(read(session, request, call))

            found = await self.db.read(look)
            if not isinstance(found, _Known):
                return found

            @wraps(change)
            def knowing(self: Servicer, session: Session, request: Request, call: Call) -> Response:
                return change(self, session, request, call, found.what)

            return await self.db.write(_Change(knowing, self, request, call, response_type, None))

        return answer

    return make


def _rpc(
    change: Callable[[Servicer, Session, Request, Call], Response], ahead: Ahead | None
) -> Callable[[Servicer, Request, Call], Awaitable[Response]]:
    response_type: type[Response] = change.__annotations__["return"]

    @wraps(change)
    async def answer(self: Servicer, request: Request, call: Call) -> Response:
        return await self.db.write(_Change(change, self, request, call, response_type, ahead))

    return answer


@dataclass(frozen=True, slots=True)
class _Change(Generic[Servicer, Request, Response]):
    """A call of a mutation, as work: what its request is kept under can be seen before it runs."""

    change: Callable[[Servicer, Session, Request, Call], Response]
    servicer: Servicer
    request: Request
    call: Call
    response_type: type[Response]
    ahead: Ahead | None

    def __call__(self, session: Session) -> Response:
        return once(
            session,
            self.call,
            method=self.method,
            request=self.request,
            response_type=self.response_type,
            change=lambda: self.change(self.servicer, session, self.request, self.call),
        )

    @property
    def method(self) -> str:
        return self.change.__qualname__

    @property
    def key(self) -> bytes:
        request: Any = self.request
        return _key(self.call, self.method, request.request_id)


def look_up(session: Session, group: Sequence[Callable[[Session], Any]]) -> None:
    """Look for what a group of requests was answered, in one statement, and for what it is about.

    A `prepare` of its transaction. What it finds holds for this transaction only: pieces that run
    again look for themselves.
    """
    changes = [work for work in group if isinstance(work, _Change)]
    if not changes:
        return
    keys = [change.key for change in changes]
    rows = {row.key: row for row in session.execute(_FIND_ALL, {"keys": keys})}
    session.info["answers"] = {key: rows.get(key) for key in keys}
    about: dict[Ahead, list[tuple[Any, Call]]] = {}
    for change in changes:
        if change.ahead is not None:
            about.setdefault(change.ahead, []).append((change.request, change.call))
    for ahead, asked in about.items():
        ahead(session, asked)


def once(
    session: Session,
    call: Call,
    *,
    method: str,
    request: Any,
    response_type: type[Response],
    change: Callable[[], Response],
) -> Response:
    """Run the change, or return what it answered before under the same request id.

    Raises RequestIdReused where the id came with another request.
    """
    kept = kept_answer(session, call, method, request, response_type)
    if kept is not None:
        return kept
    session.info.pop("about", None)
    response = change()
    later(session, "answers").append(
        {
            "key": _key(call, method, request.request_id),
            "fingerprint": _fingerprint(session, request),
            "response": base64.b64encode(response.SerializeToString()).decode(),
            "answer_time": call.now,
            "about": session.info.pop("about", None),
        }
    )
    return response


def about(session: Session, subject: str) -> None:
    """Say whom the answer of this change tells about, so that it can be forgotten with them.

    `subject` is the id of a resident, a contact, a member, a registration, a proxy or an
    application.
    """
    session.info["about"] = subject


def kept_answer(
    session: Session, call: Call, method: str, request: Any, response_type: type[Response]
) -> Response | None:
    """Return what a repeat gets; None where the request is the first under its id.

    Raises RequestIdReused where the id came with another request.
    """
    kept = _kept(session, _key(call, method, request.request_id))
    if kept is None:
        return None
    if not equal(kept[0], _fingerprint(session, request)):
        raise RequestIdReused(
            "the request id was used for another request: take a new one",
            field="request_id",
            requestId=request.request_id,
        )
    return response_type.FromString(base64.b64decode(kept[1]))


def keep_answers(session: Session) -> None:
    """Write the answers of this transaction; a `finish` of every writing one."""
    answers, forgotten = later(session, "answers"), later(session, "forgotten")
    kept = [
        answer
        for place, answer in enumerate(answers)
        if not any(place < before and answer["about"] in subjects for before, subjects in forgotten)
    ]
    if kept:
        session.execute(_INSERT, kept)
    answers.clear()
    forgotten.clear()


def forget_about(session: Session, subjects: Collection[str]) -> None:
    """Delete the answers that tell about any of these; a repeat of their requests runs anew."""
    session.execute(delete(ANSWERS).where(ANSWERS.c.about.in_(subjects)))
    # Also those of this transaction, which are written at its end; not the answer of this change.
    later(session, "forgotten").append((len(later(session, "answers")), frozenset(subjects)))


def forget_answers(session: Session, now: datetime) -> None:
    """Delete the answers that no repeat can want any more."""
    session.execute(delete(ANSWERS).where(ANSWERS.c.answer_time < now - KEPT))


def _kept(session: Session, key: bytes) -> tuple[bytes, str] | None:
    for answer in later(session, "answers"):
        if answer["key"] == key:
            return answer["fingerprint"], answer["response"]
    looked_up = session.info.get("answers", {})
    row = looked_up[key] if key in looked_up else session.execute(_FIND, {"k": key}).one_or_none()
    return None if row is None else (row.fingerprint, row.response)


def _fingerprint(session: Session, request: Message) -> bytes:
    content = request.SerializeToString(deterministic=True)
    return crypto.vault_of(session).digest(content, "answers.fingerprint")


def _key(call: Call, method: str, request_id: str) -> bytes:
    caller = call.caller
    text = f"{caller.municipality}\0{caller.actor}\0{method}\0{request_id}"
    return hashlib.sha256(text.encode()).digest()
