"""What the screens of one sitting share: the connection, the words, who sits there."""

import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from todoke.client import Core
from todoke.v1.activity_pb2 import Event
from todoke.v1.staff_pb2 import Staff
from tui.roles import Roles
from tui.wording import Words

RECENT_EVENTS = 200
RECENT_REASONS = 5


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, and where."""

    municipality: str
    municipality_name: str
    staff: Staff

    def holds(self, roles: Roles) -> bool:
        """Whether the person holds one of the roles; no roles asks for none."""
        return not roles or bool(roles & set(self.staff.roles))


@dataclass(slots=True)
class Recent:
    """The last events seen, whichever screen followed them."""

    events: deque[Event] = field(default_factory=lambda: deque(maxlen=RECENT_EVENTS))

    def add(self, events: list[Event]) -> None:
        """Add what is newer than the newest; two screens may follow the same stream."""
        newest = self.events[-1].seq if self.events else 0
        self.events.extend(event for event in events if event.seq > newest)


@dataclass(slots=True)
class Reasons:
    """What the person wrote as reasons in this sitting, by what was done, the last first."""

    written: dict[str, list[str]] = field(default_factory=dict)

    def add(self, what: str, reason: str) -> None:
        older = [other for other in self.of(what) if other != reason]
        self.written[what] = [reason, *older][:RECENT_REASONS]

    def of(self, what: str) -> list[str]:
        return self.written.get(what, [])


@dataclass(frozen=True, slots=True)
class Queue:
    """What the list of applications is narrowed to; kept until somebody else sits down.

    `who` is empty, "mine" or "unassigned"; `before` is the day before which it was filed.
    """

    scope: str = "waiting"
    program_id: str = ""
    procedure: str = ""
    who: str = ""
    source: str = ""
    before: str = ""


@dataclass(slots=True)
class Desk:
    """Handed to every screen."""

    core: Core
    address: str
    words: Words
    retry_seconds: float = 2.0
    tick_seconds: float = 2.0
    """How often a screen that moves by itself reads anew."""
    tour: bool = False
    person: Person | None = None
    cursor: str = ""
    broken_since: datetime | None = None
    recent: Recent = field(default_factory=Recent)
    reasons: Reasons = field(default_factory=Reasons)
    queue: Queue = field(default_factory=Queue)
    testers: dict[str, str] = field(default_factory=dict)
    """Names of those to whom drafts are sent as tests, by contact."""
    folder: Path | None = None
    """Where the last file for an answer lay; None before the first."""

    def leave(self) -> None:
        """Forget who sat here and what they saw."""
        self.core.token, self.person, self.cursor = "", None, ""
        self.recent, self.reasons, self.queue = Recent(), Reasons(), Queue()
        self.folder = None
        self.testers = {}


def request_id() -> str:
    """Mint the id of a change: when its dialog opens, the same however often it is sent."""
    return str(uuid.uuid4())
