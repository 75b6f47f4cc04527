"""Why no letter is printed."""

from core.errors import NotNow


class NothingToPrint(NotNow):
    reason = "NOTHING_TO_PRINT"
