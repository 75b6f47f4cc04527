"""What a circular asks for, where it is, and how a household has read."""

from enum import StrEnum


class Kind(StrEnum):
    """What a circular asks for."""

    NOTICE = "notice"
    ATTENDANCE = "attendance"
    SURVEY = "survey"
    VOTE = "vote"


class State(StrEnum):
    """Where a circular is. Whether one that is out is past its due date, the date says."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Way(StrEnum):
    """How a household read."""

    OPENED = "opened"
    TAPPED = "tapped"
    PAPER = "paper"
