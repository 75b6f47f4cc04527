"""What may follow what in an application's life."""

from collections.abc import Collection
from enum import StrEnum

from core.errors import AlreadyThere, NotAllowed, NotFound, NotNow


class State(StrEnum):
    """Where an application is."""

    INVITED = "invited"
    STARTED = "started"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    IN_PAYMENT = "in_payment"
    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    IN_REVIEW = "in_review"
    RECEIVED = "received"


class Source(StrEnum):
    """How an application came in that staff entered."""

    PAPER = "paper"
    PHONE = "phone"
    COUNTER = "counter"


class Verb(StrEnum):
    """What is done to an application."""

    ANSWER = "answer"
    SUBMIT = "submit"
    RECEIVE = "receive"
    HAND_OVER = "hand_over"
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    PUT_INTO_BATCH = "put_into_batch"
    TAKE_OUT_OF_BATCH = "take_out_of_batch"
    WITHDRAW = "withdraw"
    ASSIGN = "assign"
    RELEASE = "release"
    CHECK = "check"
    REVOKE = "revoke"
    KEEP = "keep"
    EXPIRE = "expire"


MOVES: dict[tuple[State, Verb], State] = {
    (State.INVITED, Verb.ANSWER): State.STARTED,
    (State.STARTED, Verb.ANSWER): State.STARTED,
    (State.RETURNED, Verb.ANSWER): State.RETURNED,
    (State.INVITED, Verb.RECEIVE): State.RECEIVED,
    (State.STARTED, Verb.RECEIVE): State.RECEIVED,
    (State.INVITED, Verb.SUBMIT): State.SUBMITTED,
    (State.INVITED, Verb.HAND_OVER): State.STARTED,
    (State.STARTED, Verb.SUBMIT): State.SUBMITTED,
    (State.STARTED, Verb.HAND_OVER): State.STARTED,
    (State.STARTED, Verb.RETURN): State.RETURNED,
    (State.RETURNED, Verb.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Verb.HAND_OVER): State.STARTED,
    (State.SUBMITTED, Verb.APPROVE): State.APPROVED,
    (State.SUBMITTED, Verb.RETURN): State.RETURNED,
    (State.SUBMITTED, Verb.REJECT): State.REJECTED,
    (State.SUBMITTED, Verb.ASSIGN): State.IN_REVIEW,
    (State.SUBMITTED, Verb.RELEASE): State.SUBMITTED,
    (State.IN_REVIEW, Verb.ASSIGN): State.IN_REVIEW,
    (State.IN_REVIEW, Verb.RELEASE): State.SUBMITTED,
    (State.IN_REVIEW, Verb.APPROVE): State.APPROVED,
    (State.IN_REVIEW, Verb.RETURN): State.RETURNED,
    (State.IN_REVIEW, Verb.REJECT): State.REJECTED,
    (State.APPROVED, Verb.PUT_INTO_BATCH): State.IN_PAYMENT,
    (State.APPROVED, Verb.REVOKE): State.REJECTED,
    (State.IN_PAYMENT, Verb.TAKE_OUT_OF_BATCH): State.APPROVED,
    (State.INVITED, Verb.EXPIRE): State.EXPIRED,
    (State.STARTED, Verb.EXPIRE): State.EXPIRED,
    (State.INVITED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.STARTED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.RETURNED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.SUBMITTED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.IN_REVIEW, Verb.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Verb.WITHDRAW): State.WITHDRAWN,
}

DEAD = frozenset({State.REJECTED, State.WITHDRAWN, State.EXPIRED})
"""An entitlement may have one application that is in no such state, and any number that are."""

WITH_THE_RESIDENT = frozenset({State.INVITED, State.STARTED, State.RETURNED})
"""Where an answer still changes something."""

FILED = frozenset({State.SUBMITTED, State.IN_REVIEW})
"""Where an application waits for staff."""


class WrongState(NotNow):
    reason = "WRONG_STATE"


class LeftRoster(NotNow):
    """The row left the roster; metadata hold the `version` that it left with, or a `count`."""

    reason = "LEFT_ROSTER"


class ApplicationUnknown(NotFound):
    reason = "APPLICATION_UNKNOWN"


class ApplicationExists(AlreadyThere):
    """Another is under way, or stands; metadata hold its id as `applicationId`."""

    reason = "APPLICATION_EXISTS"


class NoticeMissing(NotFound):
    reason = "NOTICE_MISSING"


class BulkDecisionUnknown(NotFound):
    reason = "BULK_DECISION_UNKNOWN"


class CountChanged(NotNow):
    """Metadata hold how many there are as `count`."""

    reason = "COUNT_CHANGED"


class SamePerson(NotAllowed):
    reason = "SAME_PERSON"


class ChecklistIncomplete(NotNow):
    """Lines are left; metadata hold them as `items`."""

    reason = "CHECKLIST_INCOMPLETE"


class NotADecider(NotAllowed):
    """The program names who decides its applications; metadata hold the `method`."""

    reason = "CALLER_NOT_ALLOWED"


def move(state: State, verb: Verb) -> State:
    """Return the state that the verb leads to; raise WrongState where it leads nowhere."""
    if (state, verb) not in MOVES:
        raise WrongState(
            f"an application that is {state} cannot do {verb}: read it again",
            state=state,
            verb=verb,
        )
    return MOVES[state, verb]


def check_decider(name: str, deciders: Collection[str], verb: Verb) -> None:
    """Raise NotADecider where a program names others; where it names nobody, anybody decides."""
    if deciders and name not in deciders:
        raise NotADecider(f"{name} does not decide applications of this program", method=verb)


def check_other_person(id: str, approvers: Collection[str]) -> None:
    """Raise SamePerson where somebody would approve a second time."""
    if id in approvers:
        raise SamePerson("you approved this already: another person must")


def check_list(lines: Collection[str], checked: Collection[str]) -> None:
    """Raise ChecklistIncomplete where a line is not ticked."""
    left = [line for line in lines if line not in checked]
    if left:
        raise ChecklistIncomplete(f"not checked yet: {', '.join(left)}", items=",".join(left))
