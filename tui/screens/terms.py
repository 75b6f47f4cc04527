"""Until when an office is held, so that what ends soon is seen."""

from datetime import date, datetime, timedelta

from tui import formats
from tui.widgets.live_table import Cell, Toned
from tui.wording import Words

SOON = timedelta(days=60)
"""So long before its last day an office is a warning."""


def term(words: Words, until: str) -> Cell:
    """Say until when an office is held: vacant is bad, and what ends soon is a warning."""
    if not until:
        return Toned(words("vacant"), "bad")
    soon = datetime.now(formats.TOKYO).date() + SOON
    if date.fromisoformat(until) > soon:
        return until
    return Toned(words("ends_soon", day=until), "warn")
