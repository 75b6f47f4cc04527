"""When a name rests after failures, how long a token is in force, and what a good password is."""

from datetime import datetime, timedelta

from core.errors import AlreadyThere, NotFound, Unauthenticated

TOKEN_LENGTH = timedelta(hours=9)
"""A working day; staff sign in again the next morning."""

FAILURES_BEFORE_REST = 5
REST = timedelta(minutes=15)


class SignInRefused(Unauthenticated):
    reason = "SIGN_IN_REFUSED"


class StaffUnknown(NotFound):
    reason = "STAFF_UNKNOWN"


class StaffExists(AlreadyThere):
    reason = "STAFF_EXISTS"


def rests(failures: int, last_failure: datetime | None, now: datetime) -> bool:
    """Whether a name is refused whatever the password, since it was tried too often."""
    if failures < FAILURES_BEFORE_REST or last_failure is None:
        return False
    return now < last_failure + REST
