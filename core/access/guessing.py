"""A change that can be guessed at: what failed is counted, though it is refused."""

from collections.abc import Callable
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Refusal
from core.wire.door import Call
from core.wire.mutation import once

Response = TypeVar("Response", bound=Message)
Guess = TypeVar("Guess", bound=Refusal)


async def guarded(
    db: Database,
    call: Call,
    *,
    method: str,
    request: Any,
    response_type: type[Response],
    change: Callable[[Session], Response],
    guess: type[Guess],
    failed: Callable[[Session, Guess], None],
) -> Response:
    """Make the change once a request id; where it is refused as a `guess`, `failed` counts it.

    The change raises `guess` before it changes anything. Raised inside the transaction, the refusal
    would undo the count.
    """

    def work(session: Session) -> Response | Refusal:
        try:
            return once(
                session,
                call,
                method=method,
                request=request,
                response_type=response_type,
                change=lambda: change(session),
            )
        except guess as refusal:
            failed(session, refusal)
            return refusal

    outcome = await db.write(work)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome
