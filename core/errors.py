"""Refusals: what the core says when it will not do a thing.

A feature's own refusals subclass a kind beside the rule that raises them and set `reason`. Messages
are English and for developers; they name what is wrong, where, and the remedy, and never hold a
resident's facts. Which gRPC status a kind becomes is decided at the wire.
"""

from collections.abc import Iterable
from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - named for the event, not as an error
    """The core will not do what was asked, for a reason that a caller can act upon.

    `reason` is a name of the contract's `ErrorReason`; `metadata` are the values that belong to it.
    """

    reason: ClassVar[str]

    def __init__(self, message: str, **metadata: str) -> None:
        super().__init__(message)
        self.metadata = metadata


class BadRequest(Refusal):
    """A field is wrong in itself, whatever the state of things (INVALID_ARGUMENT)."""

    def __init__(
        self,
        message: str,
        *,
        field: str = "",
        violations: Iterable[tuple[str, str]] = (),
        **metadata: str,
    ) -> None:
        """Name the one wrong field (a proto path, as `rows[3].amount`), or several by `violations`.

        `violations` are pairs of a field's path and what is wrong with it.
        """
        super().__init__(message, **metadata)
        self.violations: list[tuple[str, str]] = [(field, message)] if field else []
        self.violations += violations


class NotFound(Refusal):
    """There is no such thing, or none that the caller may know of (NOT_FOUND)."""


class AlreadyThere(Refusal):
    """It exists, under another request id (ALREADY_EXISTS)."""


class NotNow(Refusal):
    """Well formed, but not in this state of things (FAILED_PRECONDITION)."""


class NotAllowed(Refusal):
    """This caller may not (PERMISSION_DENIED)."""


class Unauthenticated(Refusal):
    """No caller is known by what was presented (UNAUTHENTICATED)."""


class StaleCursor(Refusal):
    """What follows the cursor is no longer kept: list again, then watch (OUT_OF_RANGE)."""


class TooMany(Refusal):
    """A limit is reached: fewer at a time, or later (RESOURCE_EXHAUSTED)."""


class Changed(Refusal):
    """The thing changed since the caller read it: read it again, then decide (ABORTED)."""


class Away(Refusal):
    """What is needed beside the core does not answer: try again later (UNAVAILABLE)."""
