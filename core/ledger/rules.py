"""How far an entitlement has been followed, and by which ways people are reached."""

from enum import StrEnum

from core.eligibility.rules import Way


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


def best_way(state: Progress, *, channel: str, phoned: bool, has_address: bool) -> Way | None:
    """Return the best way to reach somebody now.

    None for one under protection, where only a person decides, and where nothing is known to try.
    """
    if state is Progress.PROTECTED:
        return None
    if channel:
        return Way.CHANNEL
    if phoned:
        return Way.PHONE
    return Way.LETTER if has_address else None
