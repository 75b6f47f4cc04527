"""Where a program is, whom it is for, and why a program, a roster or a match is refused."""

from enum import StrEnum

from core.errors import AlreadyThere, BadRequest, NotAllowed, NotFound, NotNow


class ProgramState(StrEnum):
    """Where a program is."""

    OPEN = "open"
    CLOSED = "closed"


class Unit(StrEnum):
    """Whom one entitlement is for."""

    PERSON = "person"
    HOUSEHOLD = "household"


class Way(StrEnum):
    """A way to reach somebody entitled."""

    CHANNEL = "channel"
    PHONE = "phone"
    LETTER = "letter"
    VISIT = "visit"


class ProgramUnknown(NotFound):
    reason = "PROGRAM_UNKNOWN"


class ProgramClosed(NotNow):
    reason = "PROGRAM_CLOSED"


class ProgramFrozen(NotNow):
    """Rosters and decisions rest; metadata hold the last day of it as `endDate`."""

    reason = "PROGRAM_FROZEN"


class ProgramDatesRefused(BadRequest):
    """Terms contradict those before or themselves; metadata hold the `problem`."""

    reason = "PROGRAM_DATES_REFUSED"

    def __init__(self, message: str, problem: str) -> None:
        super().__init__(message, field="terms", problem=problem)


class TermsDisagree(BadRequest):
    """A program's own values and its terms say two things; metadata hold the `field`."""

    reason = "FIELD_INVALID"


ROW_CHANGED = "row_changed"
"""Beside the engine's rules: the row of a match changed with a replacement, so a person looks."""


class AmountProblem(StrEnum):
    """Why a row of a roster has no amount."""

    ABOVE_MOST = "ABOVE_MOST"
    OTHER_THAN_RULE = "OTHER_THAN_RULE"
    HOUSEHOLD_SIZE_MISSING = "HOUSEHOLD_SIZE_MISSING"
    BIRTH_DATE_MISSING = "BIRTH_DATE_MISSING"
    IN_NO_BAND = "IN_NO_BAND"
    MISSING = "MISSING"


class AmountRefused(Exception):  # noqa: N818 - named for the event, not as an error
    """A row cannot have the amount it says, or any: a problem of the row, never told alone.

    `message` goes on after the words for the row and its column.
    """

    def __init__(self, reason: AmountProblem, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class ProgramExists(AlreadyThere):
    reason = "PROGRAM_EXISTS"


class RosterExists(AlreadyThere):
    reason = "ROSTER_EXISTS"


class RosterMissing(NotNow):
    reason = "ROSTER_MISSING"


class RosterUnknown(NotFound):
    reason = "ROSTER_UNKNOWN"


class ColumnMappingUnknown(NotFound):
    reason = "COLUMN_MAPPING_UNKNOWN"


class RosterDifferenceChanged(NotNow):
    """The difference is another than the one looked at; metadata hold its `differenceHash`."""

    reason = "ROSTER_DIFFERENCE_CHANGED"


class RosterRowsRefused(BadRequest):
    """Rows of a roster cannot be taken; metadata hold how many `problems`, and the first `rows`."""

    reason = "ROSTER_ROWS_REFUSED"


class EntitlementUnknown(NotFound):
    reason = "ENTITLEMENT_UNKNOWN"


class MatchUnknown(NotFound):
    reason = "MATCH_UNKNOWN"


class MatchDecided(NotNow):
    reason = "MATCH_DECIDED"


class MatchConflicts(NotNow):
    reason = "MATCH_CONFLICTS"


class WrongState(NotNow):
    reason = "WRONG_STATE"


class SamePerson(NotAllowed):
    reason = "SAME_PERSON"


class MatchRuleUnknown(NotFound):
    reason = "MATCH_RULE_UNKNOWN"


def difference_changed(hash: str) -> RosterDifferenceChanged:
    return RosterDifferenceChanged(
        "the difference is another than the one looked at: look again", differenceHash=hash
    )


def require_open(state: ProgramState) -> None:
    """Raise ProgramClosed unless the program takes more."""
    if state is not ProgramState.OPEN:
        raise ProgramClosed(
            f"the program is {state}: nothing is taken into it any more", state=state.value
        )
