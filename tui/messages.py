"""What workers post to their screens; only the handlers touch widgets."""

from textual.message import Message

from todoke.client import CoreError
from todoke.v1.activity_pb2 import Event, GetOverviewResponse


class Linked(Message):
    """The core answers."""


class LinkBroken(Message):
    """The core does not answer, or refuses; it is tried again."""

    def __init__(self, error: CoreError) -> None:
        super().__init__()
        self.error = error


class Happened(Message):
    """Events, oldest first."""

    def __init__(self, events: list[Event]) -> None:
        super().__init__()
        self.events = events


class Counted(Message):
    """The counts of the municipality, all of one moment."""

    def __init__(self, overview: GetOverviewResponse) -> None:
        super().__init__()
        self.overview = overview


class RowsRead(Message):
    """The list of the screen was read."""


class ReadRefused(Message):
    """The core refused the list itself."""

    def __init__(self, error: CoreError) -> None:
        super().__init__()
        self.error = error


class SubjectOpened(Message):
    """The person asks for a screen by its name."""

    def __init__(self, subject: str) -> None:
        super().__init__()
        self.subject = subject


class SignedIn(Message):
    """The person signed in; the desk knows who."""


class SignedOut(Message):
    """The person leaves, or the core knows the caller no more."""

    def __init__(self, why: str = "") -> None:
        super().__init__()
        self.why = why
