"""How far an entitlement has been followed, and by which ways people are reached."""

from enum import StrEnum

from core.errors import NotNow


class Way(StrEnum):
    """A way to reach somebody entitled."""

    CHANNEL = "channel"
    PHONE = "phone"
    LETTER = "letter"
    VISIT = "visit"


class Progress(StrEnum):
    """How far an entitlement has been followed."""

    UNMATCHED = "unmatched"
    UNREACHABLE = "unreachable"
    SILENT = "silent"
    OPENED = "opened"
    DECLINED = "declined"
    FILED = "filed"
    SETTLED = "settled"
    PROTECTED = "protected"


class NothingToPrint(NotNow):
    reason = "NOTHING_TO_PRINT"
