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


class ProgramUnknown(NotFound):
    reason = "PROGRAM_UNKNOWN"


class ProgramClosed(NotNow):
    reason = "PROGRAM_CLOSED"


class ProgramExists(AlreadyThere):
    reason = "PROGRAM_EXISTS"


class RosterExists(AlreadyThere):
    reason = "ROSTER_EXISTS"


class RosterMissing(NotNow):
    reason = "ROSTER_MISSING"


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


def require_open(state: ProgramState) -> None:
    """Raise ProgramClosed unless the program takes more."""
    if state is not ProgramState.OPEN:
        raise ProgramClosed(
            f"the program is {state}: nothing is taken into it any more", state=state.value
        )
