"""A browser's session around every request: opened from its cookie, sealed where it changed."""

from dataclasses import asdict
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

RESEAL_SECONDS = 60


class Kept(Protocol):
    """A dataclass that stands in a browser's cookie, and when that browser was last seen."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    seen: int


K = TypeVar("K", bound=Kept)


class Sealing(Protocol[K]):
    """Opens and seals the cookies of one channel's browsers."""

    @property
    def name(self) -> str:
        """The cookie's name."""
        ...

    @property
    def now(self) -> int:
        """Seconds since the epoch."""
        ...

    def opened(self, cookie: str, /) -> tuple[K, bool]:
        """Return the session, and whether the cookie held it; a new one where it holds none."""
        ...

    def sealed(self, session: K, /) -> str:
        """Write the Set-Cookie header of a session."""
        ...


class Remembering(Generic[K]):
    """Middleware: `request.state.session` is the browser's, and what becomes of it is sealed."""

    def __init__(self, app: ASGIApp, sessions: Sealing[K]) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cookie = HTTPConnection(scope).cookies.get(self._sessions.name, "")
        session, holds = self._sessions.opened(cookie)
        state: dict[str, Any] = scope.setdefault("state", {})
        state["session"] = session
        before = asdict(session)

        async def sealing(message: Message) -> None:
            if message["type"] == "http.response.start":
                after: K = state["session"]
                is_old = self._sessions.now - after.seen >= RESEAL_SECONDS
                if not holds or is_old or asdict(after) != before:
                    after.seen = self._sessions.now
                    MutableHeaders(scope=message).append("set-cookie", self._sessions.sealed(after))
            await send(message)

        await self._app(scope, receive, sealing)
