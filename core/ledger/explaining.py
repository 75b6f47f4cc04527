"""Why somebody is entitled or not, as far as they may know it, and what to do."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.applications.rules import State
from core.matching import Class
from core.residents.rules import Assurance, suffices


class Standing(StrEnum):
    """How a resident stands to a program."""

    ENTITLED = "entitled"
    UNDER_REVIEW = "under_review"
    NOT_FOUND = "not_found"
    ASSURANCE_TOO_LOW = "assurance_too_low"
    SETTLED = "settled"


class NextStep(StrEnum):
    """What to do."""

    ANSWER = "answer"
    BEGIN = "begin"
    VERIFY_AGAIN = "verify_again"
    ASK_COUNTER = "ask_counter"
    WAIT = "wait"
    NOTHING = "nothing"


THEIRS = frozenset({Class.EXACT, Class.NORMALISED, Class.VARIANT_CHARACTERS})
"""Likenesses in which everything agrees: who is told of the review learns of nobody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one resident and one program.

    `hidden` is one under protection who asks through a channel, which another may hold.
    """

    to_staff: bool
    hidden: bool
    held: Assurance | None
    required: Assurance
    linked: bool = False
    payable: bool = False
    in_review: Collection[Class] = ()
    application: State | None = None
    listed: date | None = None
    program_open: bool = True
    open_to_all: bool = False
    filing_ends: date
    today: date


@dataclass(frozen=True, slots=True)
class Explained:
    """The answer; `figures` are for wording it."""

    standing: Standing
    rule: str
    next_step: NextStep
    figures: dict[str, str] = field(default_factory=dict)


def explain(known: Known) -> Explained:
    """Return the answer; to a resident, on no list and not matched are one."""
    if known.hidden:
        return _not_found(known)
    if known.application is not None and (told := _of_application(known, known.application)):
        return told
    if known.held is None:
        return Explained(Standing.NOT_FOUND, "registration_ended", NextStep.VERIFY_AGAIN)
    if not suffices(known.held, known.required):
        figures = {"held": known.held.value, "required": known.required.value}
        return Explained(
            Standing.ASSURANCE_TOO_LOW, "assurance_too_low", NextStep.VERIFY_AGAIN, figures
        )
    if known.open_to_all and not known.linked:
        return _to_all(known)
    return _linked(known) if known.linked else _not_linked(known)


def _to_all(known: Known) -> Explained:
    if not known.program_open or known.today > known.filing_ends:
        return Explained(Standing.ENTITLED, "filing_ended", NextStep.ASK_COUNTER)
    return Explained(Standing.ENTITLED, "open_to_all", NextStep.BEGIN)


def _not_linked(known: Known) -> Explained:
    if known.in_review and (known.to_staff or THEIRS.intersection(known.in_review)):
        return Explained(Standing.UNDER_REVIEW, "match_in_review", NextStep.WAIT)
    return _not_found(known)


def _of_application(known: Known, state: State) -> Explained | None:
    if state in {State.PAID, State.REJECTED}:
        return Explained(Standing.SETTLED, f"application_{state}", NextStep.NOTHING)
    if state in {State.APPROVED, State.IN_PAYMENT, State.PAYMENT_FAILED}:
        return Explained(Standing.SETTLED, f"application_{state}", NextStep.WAIT)
    if state in {State.SUBMITTED, State.IN_REVIEW, State.RECEIVED}:
        return Explained(Standing.ENTITLED, "application_filed", NextStep.WAIT)
    if state is State.RETURNED:
        return Explained(Standing.ENTITLED, "application_returned", NextStep.ANSWER)
    if state in {State.INVITED, State.STARTED}:
        in_time = known.program_open and known.today <= known.filing_ends
        return Explained(
            Standing.ENTITLED,
            _begun(state) if in_time else "filing_ended",
            NextStep.ANSWER if in_time else NextStep.ASK_COUNTER,
        )
    return None


def _begun(state: State) -> str:
    return "on_list" if state is State.INVITED else "application_begun"


def _linked(known: Known) -> Explained:
    if not known.program_open or known.today > known.filing_ends:
        return Explained(Standing.ENTITLED, "filing_ended", NextStep.ASK_COUNTER)
    if known.application is not None:
        return Explained(Standing.ENTITLED, "application_ended", NextStep.ASK_COUNTER)
    if not known.payable:
        return Explained(Standing.ENTITLED, "account_missing", NextStep.ASK_COUNTER)
    return Explained(Standing.ENTITLED, "on_list", NextStep.WAIT)


def _not_found(known: Known) -> Explained:
    if known.listed is None:
        return Explained(Standing.NOT_FOUND, "no_list_yet", NextStep.WAIT)
    return Explained(Standing.NOT_FOUND, "not_on_list", NextStep.ASK_COUNTER)
