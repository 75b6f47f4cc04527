"""What can be done with an application, by the state it is in."""

from todoke.v1 import applications_pb2 as pb
from tui.widgets.live_table import Toned
from tui.wording import Words

DECIDABLE = (pb.APPLICATION_STATE_SUBMITTED, pb.APPLICATION_STATE_IN_REVIEW)
"""Filed, and not decided."""

WITHDRAWABLE = {
    pb.APPLICATION_STATE_INVITED,
    pb.APPLICATION_STATE_STARTED,
    pb.APPLICATION_STATE_SUBMITTED,
    pb.APPLICATION_STATE_RETURNED,
    pb.APPLICATION_STATE_APPROVED,
    pb.APPLICATION_STATE_IN_REVIEW,
}
OVER = {
    pb.APPLICATION_STATE_REJECTED,
    pb.APPLICATION_STATE_WITHDRAWN,
    pb.APPLICATION_STATE_EXPIRED,
}
TONES = {
    pb.APPLICATION_STATE_SUBMITTED: "warn",
    pb.APPLICATION_STATE_IN_REVIEW: "warn",
    pb.APPLICATION_STATE_APPROVED: "good",
    pb.APPLICATION_STATE_PAID: "good",
    pb.APPLICATION_STATE_RECEIVED: "good",
    pb.APPLICATION_STATE_REJECTED: "bad",
    pb.APPLICATION_STATE_PAYMENT_FAILED: "bad",
}
DECIDING = frozenset({"approve", "send_back", "reject"})
ON_ONE = DECIDING | {"keep", "withdraw", "assign", "notice", "details"}


def is_held(application: pb.Application) -> bool:
    """Whether its row left the roster, and nobody has decided what becomes of it."""
    undecided = bool(application.left_version) and not application.kept_by
    return undecided and application.state not in OVER


def state_of(words: Words, application: pb.Application) -> str:
    return words(f"state.{pb.ApplicationState.Name(application.state)}")


def shown_state(words: Words, application: pb.Application) -> Toned:
    if is_held(application):
        return Toned(words("state.APPLICATION_HELD"), "bad")
    return Toned(state_of(words, application), TONES.get(application.state, ""))


def why_not(words: Words, action: str, application: pb.Application) -> str | None:
    """Say in words why an action cannot be done with it now; None where it can."""
    state, held = state_of(words, application), is_held(application)
    decidable = application.state in DECIDABLE
    revokes = action == "reject" and held and application.state == pb.APPLICATION_STATE_APPROVED
    against = {
        "not_held": action == "keep" and not held,
        "held": action == "approve" and held and decidable,
        "not_submitted": (action in DECIDING or action == "assign")
        and not revokes
        and not decidable,
        "not_withdrawable": action == "withdraw" and application.state not in WITHDRAWABLE,
        "no_notice": action == "notice" and not application.notice_number,
    }
    found = next((name for name, holds in against.items() if holds), None)
    return words(f"why.{found}", state=state) if found else None
