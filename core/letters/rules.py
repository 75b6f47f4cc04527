"""Why no letter is printed, and the number of one that is."""

from core.errors import NotNow


class NothingToPrint(NotNow):
    reason = "NOTHING_TO_PRINT"


def number_of(print_id: str, position: int, *, code: str = "") -> str:
    """Return what stands on a letter: its printing and its place there, after a program's code."""
    number = f"{print_id[:6]}-{position:05d}"
    return (f"{code}-{number}" if code else number).upper()
