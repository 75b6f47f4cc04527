"""Who may do what in an association: offices, and what each may."""

from enum import StrEnum


class OfficeKind(StrEnum):
    """An office of an association."""

    CHAIR = "chair"
    VICE = "vice"
    GROUP_HEAD = "group_head"
    TREASURER = "treasurer"


class JoinState(StrEnum):
    """Where a request to join is."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
