"""What may follow what in a batch's life, by whose hand, and on which day a bank can pay."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

import jpholiday

from core.errors import BadRequest, NotAllowed, NotFound, NotNow
from core.japan import today

MOST_DAYS_AHEAD = 365
"""The file names a day as MMDD without a year, so that a day further ahead would be another."""

OVERRIDES_NEEDED = 2
SERIALS_A_SECOND = 10_000


class State(StrEnum):
    """Where a batch is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    EXPORTED = "exported"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What is done to a batch."""

    OVERRIDE = "override"
    APPROVE = "approve"
    EXPORT = "export"
    CANCEL = "cancel"


MOVES: dict[tuple[State, Verb], State] = {
    (State.PROPOSED, Verb.OVERRIDE): State.PROPOSED,
    (State.PROPOSED, Verb.APPROVE): State.APPROVED,
    (State.PROPOSED, Verb.CANCEL): State.CANCELLED,
    (State.APPROVED, Verb.EXPORT): State.EXPORTED,
    (State.APPROVED, Verb.CANCEL): State.CANCELLED,
    (State.EXPORTED, Verb.EXPORT): State.EXPORTED,
}


class WrongState(NotNow):
    reason = "WRONG_STATE"


class BatchUnknown(NotFound):
    reason = "BATCH_UNKNOWN"


class NothingToPay(NotNow):
    reason = "NOTHING_TO_PAY"


class OriginatorMissing(NotNow):
    reason = "ORIGINATOR_MISSING"


class TransferDateRefused(BadRequest):
    """The bank does not pay on this day; metadata hold the `date` and the `problem`."""

    reason = "TRANSFER_DATE_REFUSED"


class SamePerson(NotAllowed):
    reason = "SAME_PERSON"


class ProposerCannotApprove(NotAllowed):
    reason = "PROPOSER_CANNOT_APPROVE"


class BatchHasFindings(NotNow):
    reason = "BATCH_HAS_FINDINGS"


class BatchAlreadyExported(NotNow):
    reason = "BATCH_ALREADY_EXPORTED"


def move(state: State, verb: Verb) -> State:
    """Return the state that the verb leads to; raise WrongState where it leads nowhere."""
    if (state, verb) not in MOVES:
        raise WrongState(
            f"a batch that is {state} cannot do {verb}: read it again", state=state, verb=verb
        )
    return MOVES[state, verb]


def check_transfer_date(day: date, now: datetime) -> None:
    """Raise TransferDateRefused unless it is a business day from today to a year ahead, in Tokyo.

    Saturdays, Sundays, national holidays (国民の祝日) and 31 December to 3 January are bank
    holidays (銀行法 15条, 銀行法施行令 5条). A holiday that is made law after the calendar's
    release is the bank's to refuse.
    """
    earliest = today(now)
    if day < earliest:
        problem, words = "PAST", "is past"
    elif day > earliest + timedelta(days=MOST_DAYS_AHEAD):
        problem, words = "TOO_FAR", f"is more than {MOST_DAYS_AHEAD} days ahead"
    elif _is_bank_holiday(day):
        problem, words = "NO_BUSINESS_DAY", "is no business day of banks"
    else:
        return
    raise TransferDateRefused(
        f"transfer_date {day} {words}: choose a business day from {earliest} on",
        field="transfer_date",
        date=day.isoformat(),
        problem=problem,
    )


def _is_bank_holiday(day: date) -> bool:
    turn_of_the_year = (day.month, day.day) in ((12, 31), (1, 1), (1, 2), (1, 3))
    return day.weekday() > 4 or turn_of_the_year or bool(jpholiday.is_holiday(day))


def check_has_findings(kinds: Collection[str]) -> None:
    """Raise WrongState where there is nothing to override."""
    if not kinds:
        raise WrongState(
            "the batch has no findings: approve it", state=State.PROPOSED, verb=Verb.OVERRIDE
        )


def check_override(staff_id: str, *, proposer_id: str, overrode: Collection[str]) -> None:
    """Raise SamePerson where this person proposed the batch, or overrode its findings before."""
    if staff_id == proposer_id:
        raise SamePerson("who proposed the batch cannot override its findings: ask two others")
    if staff_id in overrode:
        raise SamePerson("you overrode the findings before: a second person is needed")


def check_approver(staff_id: str, *, proposer_id: str) -> None:
    if staff_id == proposer_id:
        raise ProposerCannotApprove("who proposed a batch cannot approve it: ask another person")


def check_overridden(kinds: Collection[str], overrode: Collection[str]) -> None:
    """Raise BatchHasFindings unless there are none, or two different people overrode them."""
    if kinds and len(set(overrode)) < OVERRIDES_NEEDED:
        raise BatchHasFindings(
            f"the batch has findings that {OVERRIDES_NEEDED} people other than the proposer must "
            "override first, or cancel it",
            findings=", ".join(sorted(set(kinds))),
        )


def next_serial(last: int, now: datetime) -> int:
    """Return the number of a municipality's next batch, of fourteen digits.

    It is the time in tenths of milliseconds, or one more than the `last` where the clock stood
    still or went back: so it never repeats, even after a backup that knows less was restored.
    """
    return max(int(now.timestamp() * SERIALS_A_SECOND), last + 1)


def payment_number(serial: int, line: int) -> str:
    """Return the twenty digits that come back in the bank's results: the batch's, and the line's.

    No two lines of a municipality share one, since serials do not repeat, nor lines in a batch.
    """
    return f"{serial:014d}{line:06d}"
