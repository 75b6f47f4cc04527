"""A change that takes long to prepare: that is done outside of its transaction, and once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from core.db import Database
from core.wire.door import Call
from core.wire.mutation import kept_answer, once

Response = TypeVar("Response", bound=Message)


@dataclass(frozen=True, slots=True)
class OnceOnly(Generic[Response]):
    """A request whose repeats get the first answer: ask what is `kept`, prepare, then `make`."""

    db: Database
    call: Call
    method: str
    request: Any
    response_type: type[Response]

    async def kept(self) -> Response | None:
        """Return what a repeat gets, without preparing anything; None for the first."""
        return await self.db.read(self.kept_in)

    def kept_in(self, session: Session) -> Response | None:
        return kept_answer(session, self.call, self.method, self.request, self.response_type)

    async def make(self, change: Callable[[Session], Response]) -> Response:
        """Make the change, unless a repeat that came meanwhile did."""

        def work(session: Session) -> Response:
            return once(
                session,
                self.call,
                method=self.method,
                request=self.request,
                response_type=self.response_type,
                change=lambda: change(session),
            )

        return await self.db.write(work)
