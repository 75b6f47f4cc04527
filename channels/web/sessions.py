"""Sessions without a database: what a browser must remember for us is in its cookie, sealed.

Who has the cookie has the session, so it ends by itself: after 30 minutes without a visit, and 12
hours after it began. One that was signed out is remembered here until then, and refused.
"""

from dataclasses import dataclass, field

from starlette.requests import Request

from channels.codes import Kept
from channels.remembering import Sealing, fresh

IDLE_SECONDS = 30 * 60
WHOLE_SECONDS = 12 * 3600

MOST_PAGES = 3
"""Conversations of a chat that one browser may go on with at a time."""


@dataclass
class Session:
    """One browser's visit. `external_id` is the contact by which the core knows it."""

    began: int
    seen: int
    id: str = field(default_factory=fresh)
    external_id: str = field(default_factory=fresh)
    csrf: str = field(default_factory=fresh)
    language: str = ""
    ruby: bool = False
    """Whether readings are shown over kanji."""
    known: bool = False
    """Whether the core was told of the contact."""
    signed_in: bool = False
    has_passkey: bool = False
    """Whether a passkey stands on the contact: then it outlives the session."""
    left: str = ""
    """The contact of a session before this one that ran out, to be unlinked."""
    acting_id: str = ""
    acting_name: str = ""
    challenge: str = ""
    """The card's challenge that is being answered elsewhere."""
    verified: str = ""
    """When the facts were verified that the challenge shall renew."""
    app: dict[str, str] = field(default_factory=dict)
    line: dict[str, str] = field(default_factory=dict)
    codes: Kept = field(default_factory=dict)
    """Codes to show, with the time until when, by what they are for."""
    said: str = ""
    """The name of a sentence to say on the next page."""
    kept: list[str] = field(default_factory=list)
    wanted: str = ""
    """The page to lead to after signing in."""
    pages: dict[str, str] = field(default_factory=dict)
    """Contacts made for conversations that came from a chat, by application."""
    links: dict[str, str] = field(default_factory=dict)
    """Digests of the links that those came by, by application."""

    @property
    def ends(self) -> int:
        return min(self.seen + IDLE_SECONDS, self.began + WHOLE_SECONDS)


class Sessions(Sealing[Session]):
    """The cookies of the web."""

    kind = Session
    cookie = "todoke"

    def fresh(self, before: Session | None = None) -> Session:
        """Begin a session; of the one `before` it keeps the language and what is to be unlinked."""
        session = Session(began=self.now, seen=self.now)
        if before is not None:
            session.language, session.ruby = before.language, before.ruby
            if before.signed_in and not before.has_passkey:
                session.left = before.external_id
        return session

    def last_end(self, session: Session) -> int:
        return session.began + WHOLE_SECONDS

    def hand(self, session: Session, application: str, external_id: str) -> None:
        """Let a session go on with a conversation, as the contact that was made for it."""
        session.pages.pop(application, None)
        session.pages[application] = external_id
        for oldest in list(session.pages)[:-MOST_PAGES]:
            del session.pages[oldest]

    def renew(self, session: Session) -> None:
        """Let a session begin anew under other secrets, now that somebody signed in."""
        session.id, session.csrf = fresh(), fresh()
        session.began = self.now
        session.signed_in = True


def of(request: Request) -> Session:
    session: Session = request.state.session
    return session
