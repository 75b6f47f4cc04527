"""Where a crossing is, and why one is refused."""

from enum import StrEnum

from core.errors import AlreadyThere, BadRequest, NotFound, NotNow


class Direction(StrEnum):
    """Which way a file crosses."""

    EXPORT = "export"
    IMPORT = "import"


class CrossingState(StrEnum):
    """Where a crossing is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DONE = "done"
    CANCELLED = "cancelled"


class CrossingUnknown(NotFound):
    reason = "CROSSING_UNKNOWN"


class CrossingRepeated(AlreadyThere):
    reason = "CROSSING_REPEATED"


class SealingKeyMissing(NotNow):
    reason = "SEALING_KEY_MISSING"


class SealBroken(BadRequest):
    reason = "SEAL_BROKEN"
