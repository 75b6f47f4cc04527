"""Sessions without a database: a browser's contact is in its cookie, sealed.

Nobody here has a password: the browser that joined is the key. So the session of one's own phone
lasts as long as browsers keep a cookie; one on a device that others use, too, ends by itself after
30 minutes without a visit, and 12 hours after it began.
"""

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from channels.codes import Kept
from channels.remembering import Sealing, fresh

IDLE_SECONDS = 30 * 60
WHOLE_SECONDS = 12 * 3600
LASTING_SECONDS = 400 * 24 * 3600
"""Browsers keep no cookie longer; every visit begins it anew."""


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
    codes: Kept = field(default_factory=dict)
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


class Sessions(Sealing[Session]):
    """The cookies of the boards."""

    kind = Session
    cookie = "todoke-board"

    def fresh(self, before: Session | None = None) -> Session:
        """Begin a session; of the one `before` it keeps the language."""
        session = Session(began=self.now, seen=self.now)
        if before is not None:
            session.language = before.language
        return session

    def last_end(self, session: Session) -> int:
        return self.now + LASTING_SECONDS if session.lasting else session.began + WHOLE_SECONDS

    def lasts(self, session: Session) -> int:
        return LASTING_SECONDS if session.lasting else 0


def of(request: Request) -> Session:
    session: Session = request.state.session
    return session
