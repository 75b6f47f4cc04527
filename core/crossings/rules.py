"""Where a crossing is, what may follow what, and why one is refused."""

from enum import StrEnum

from core.eligibility.rules import AmountProblem, AmountRefused
from core.eligibility.terms import Fixed, FromRoster, Terms, amount_of
from core.errors import AlreadyThere, NotAllowed, NotFound, NotNow
from core.matching import Decision, Rule

ACCEPTING = frozenset(
    {
        Rule.EXACT,
        Rule.NORMALISED,
        Rule.WITHOUT_SEX,
        Rule.BUILDING_MISSING,
        Rule.VARIANT_CHARACTERS,
        Rule.KANA_FORMS,
        Rule.LATIN_FORMS,
        Rule.ALIAS,
        Rule.SUBSTITUTES_AGREE,
        Rule.ADDRESS_SEPARATES,
    }
)
"""The rules by which the engine links alone, here and in the closed network."""


class Direction(StrEnum):
    """Which way a file crosses."""

    EXPORT = "export"
    IMPORT = "import"


class Parcel(StrEnum):
    """What a crossing carries."""

    REGISTRATIONS = "registrations"
    LINKS = "links"
    DECISIONS = "decisions"


class CrossingState(StrEnum):
    """Where a crossing is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DONE = "done"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What is done to a crossing."""

    APPROVE = "approve"
    TAKE_IN = "take_in"
    HAND_OUT = "hand_out"
    ANSWER = "answer"
    CANCEL = "cancel"


MOVES: dict[tuple[CrossingState, Verb], CrossingState] = {
    (CrossingState.PROPOSED, Verb.APPROVE): CrossingState.APPROVED,
    (CrossingState.PROPOSED, Verb.TAKE_IN): CrossingState.DONE,
    (CrossingState.PROPOSED, Verb.CANCEL): CrossingState.CANCELLED,
    (CrossingState.APPROVED, Verb.CANCEL): CrossingState.CANCELLED,
    (CrossingState.APPROVED, Verb.HAND_OUT): CrossingState.DONE,
    (CrossingState.DONE, Verb.HAND_OUT): CrossingState.DONE,
    (CrossingState.DONE, Verb.ANSWER): CrossingState.DONE,
}
"""An export is done when it was handed out, and may be handed out again; then it is answered."""


class CrossingUnknown(NotFound):
    reason = "CROSSING_UNKNOWN"


class CrossingRepeated(AlreadyThere):
    """The file was taken before; metadata hold the `crossingId`."""

    reason = "CROSSING_REPEATED"


class SealingKeyMissing(NotNow):
    reason = "SEALING_KEY_MISSING"


class SamePerson(NotAllowed):
    reason = "SAME_PERSON"


class WrongState(NotNow):
    reason = "WRONG_STATE"


def move(state: CrossingState, verb: Verb) -> CrossingState:
    """Return the state that the verb leads to; raise WrongState where it leads nowhere."""
    if (state, verb) not in MOVES:
        raise WrongState(
            f"a crossing that is {state} cannot do {verb}: read it again", state=state, verb=verb
        )
    return MOVES[state, verb]


def check_other_person(name: str, proposer: str) -> None:
    """Raise SamePerson where who asked would let the file cross, too."""
    if name == proposer:
        raise SamePerson("you asked for this crossing yourself: another person must approve it")


def decision_of(rule: str) -> Decision:
    """Return what a link counts as: linked where the engine itself links by this rule."""
    return Decision.ACCEPTED if rule in ACCEPTING else Decision.TO_REVIEW


def amount_told(terms: Terms) -> int | None:
    """Return what a row is worth that says no amount; None where the terms compute it by row."""
    match terms.amount:
        case Fixed(amount) | FromRoster(amount):
            return amount
        case _:
            return None


def amount_of_link(terms: Terms, given: int | None) -> int:
    """Return a link's amount in yen; raise AmountRefused.

    Where the terms compute it by head or age, the closed network did, which holds the facts.
    """
    if amount_told(terms) is not None:
        return amount_of(terms, given=given, birth_date=None, household_size=None)
    return _within(terms.most, given)


def _within(most: int, given: int | None) -> int:
    if given is None:
        raise AmountRefused(AmountProblem.MISSING, "says no amount")
    if given > most:
        raise AmountRefused(AmountProblem.ABOVE_MOST, f"is more than {most} yen")
    return given
