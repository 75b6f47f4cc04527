"""Sessions without a database: what a browser must remember for us is in its cookie, sealed.

Who has the cookie has the session, so it ends by itself. One that was signed out is remembered
here until then, and refused.
"""

import json
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

RESEAL_SECONDS = 60

Clock = Callable[[], float]


def fresh() -> str:
    """Make 256 random bits, as 43 letters."""
    return secrets.token_urlsafe(32)


class Kept(Protocol):
    """A dataclass of what stands in a browser's cookie, and when that browser was last seen."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    id: str
    seen: int

    @property
    def ends(self) -> int:
        """When it ends by itself, unless it is seen again before."""
        ...


K = TypeVar("K", bound=Kept)


class Sealing(ABC, Generic[K]):
    """Opens and seals the cookies of one channel's browsers under keys, the first of which seals.

    Subclasses say what is in a cookie, and what it is called.
    """

    kind: type[K]
    cookie: ClassVar[str]

    def __init__(self, keys: Sequence[str], *, secure: bool, clock: Clock = time.time) -> None:
        self._box = MultiFernet([Fernet(key) for key in keys])
        self._clock = clock
        self._ended: dict[str, int] = {}
        # Browsers take the prefix only over HTTPS, and this machine may be spoken to without.
        self.name = f"__Host-{self.cookie}" if secure else self.cookie
        self._attributes = "Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")

    @property
    def now(self) -> int:
        """Seconds since the epoch."""
        return int(self._clock())

    @abstractmethod
    def fresh(self, before: K | None = None) -> K:
        """Begin a session, with what it keeps of the one `before`."""

    @abstractmethod
    def last_end(self, session: K) -> int:
        """Tell when the last copy of its cookie ends, whichever request sealed that."""

    def opened(self, cookie: str) -> tuple[K, bool]:
        """Read a cookie, and whether it holds; else a session begins afresh.

        So does it where the cookie is not ours, was changed, was signed out or is too old.
        """
        try:
            session = self.kind(**json.loads(self._box.decrypt(cookie)))
        except (InvalidToken, ValueError, TypeError):
            return self.fresh(), False
        if session.id in self._ended:
            return self.fresh(), False
        if session.ends <= self.now:
            return self.fresh(session), False
        return session, True

    def sealed(self, session: K) -> str:
        """Write the Set-Cookie header of a session."""
        value = self._box.encrypt(json.dumps(asdict(session)).encode()).decode()
        seconds = self.lasts(session)
        lasting = f"; Max-Age={seconds}" if seconds else ""
        return f"{self.name}={value}; {self._attributes}{lasting}"

    def lasts(self, _session: K) -> int:
        """Tell how many seconds a browser keeps the cookie; none where until it is closed."""
        return 0

    def end(self, session: K) -> K:
        """Refuse a session from now on, also in copies of its cookie; gives the one after it."""
        now = self.now
        self._ended = {id: until for id, until in self._ended.items() if until > now}
        self._ended[session.id] = self.last_end(session)
        return self.fresh(session)


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
