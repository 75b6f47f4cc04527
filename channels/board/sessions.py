"""Sessions without a database: a browser's contact is in its cookie, sealed.

Nobody here has a password: the browser that joined is the key. So the session of one's own phone
lasts as long as browsers keep a cookie; one on a device that others use, too, ends by itself after
30 minutes without a visit, and 12 hours after it began.
"""

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from starlette.requests import Request

IDLE_SECONDS = 30 * 60
WHOLE_SECONDS = 12 * 3600
LASTING_SECONDS = 400 * 24 * 3600
"""Browsers keep no cookie longer; every visit begins it anew."""


Clock = Callable[[], float]


def fresh() -> str:
    """Make 256 random bits, as 43 letters."""
    return secrets.token_urlsafe(32)


@dataclass
class Session:
    """One browser. `external_id` is the contact by which the core knows it."""

    began: int
    seen: int
    id: str = field(default_factory=fresh)
    external_id: str = field(default_factory=fresh)
    csrf: str = field(default_factory=fresh)
    language: str = ""
    known: bool = False
    """Whether the core was told of the contact."""
    lasting: bool = False
    """Whether the device is its member's own."""
    codes: dict[str, list[str]] = field(default_factory=dict)
    """Codes to show, with the time until when and what they are for."""
    said: list[Any] = field(default_factory=list)
    """The name of a sentence to say on the next page, and its places."""

    @property
    def ends(self) -> int:
        if self.lasting:
            return self.seen + LASTING_SECONDS
        return min(self.seen + IDLE_SECONDS, self.began + WHOLE_SECONDS)

    def say(self, name: str, /, **places: Any) -> None:
        self.said = [name, places]


class Sessions:
    """Opens and seals cookies under `keys`, the first of which seals."""

    def __init__(self, keys: Sequence[str], *, secure: bool, clock: Clock = time.time) -> None:
        self._box = MultiFernet([Fernet(key) for key in keys])
        self._clock = clock
        self._ended: dict[str, int] = {}
        # Browsers take the prefix only over HTTPS, and this machine may be spoken to without.
        self.name = "__Host-todoke-board" if secure else "todoke-board"
        self._attributes = "Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")

    @property
    def now(self) -> int:
        return int(self._clock())

    def fresh(self, before: Session | None = None) -> Session:
        """Begin a session; of the one `before` it keeps the language."""
        session = Session(began=self.now, seen=self.now)
        if before is not None:
            session.language = before.language
        return session

    def opened(self, cookie: str) -> tuple[Session, bool]:
        """Read a cookie, and whether it holds; else a session begins afresh."""
        try:
            session = Session(**json.loads(self._box.decrypt(cookie)))
        except (InvalidToken, ValueError, TypeError):
            return self.fresh(), False
        if session.id in self._ended:
            return self.fresh(), False
        if session.ends <= self.now:
            return self.fresh(session), False
        return session, True

    def sealed(self, session: Session) -> str:
        """Write the Set-Cookie header of a session."""
        value = self._box.encrypt(json.dumps(asdict(session)).encode()).decode()
        lasting = f"; Max-Age={LASTING_SECONDS}" if session.lasting else ""
        return f"{self.name}={value}; {self._attributes}{lasting}"

    def end(self, session: Session) -> Session:
        """Refuse a session from now on, also in copies of its cookie; gives the one after it."""
        now = self.now
        self._ended = {id: until for id, until in self._ended.items() if until > now}
        self._ended[session.id] = session.ends
        return self.fresh(session)


def of(request: Request) -> Session:
    session: Session = request.state.session
    return session
