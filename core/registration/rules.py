"""When a challenge may be answered, who is the same person, and whose a contact becomes."""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import AlreadyThere, NotAllowed, NotFound, NotNow
from core.residents.rules import (
    Assurance,
    ClosingCause,
    ContactTaken,
    ResidentClosed,
    suffices,
)

CHALLENGE_LENGTH = timedelta(minutes=15)
"""Time to read the text, find the card and remember its PIN."""

CHALLENGE_KEPT = timedelta(days=1)
"""How long an ended challenge is kept, so that who comes late is told so."""

FAILURES = 5
"""Failed proofs after which a challenge counts as used; a card locks after as many wrong PINs."""


class RegistrationState(StrEnum):
    """Where a registration at the counter is."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class RegistrationUnknown(NotFound):
    reason = "REGISTRATION_UNKNOWN"


class RegistrationDecided(NotNow):
    reason = "REGISTRATION_DECIDED"


class ResidentExists(AlreadyThere):
    reason = "RESIDENT_EXISTS"


class SamePerson(NotAllowed):
    reason = "SAME_PERSON"


class ChallengeUnknown(NotFound):
    reason = "CHALLENGE_UNKNOWN"


class ChallengeExpired(NotNow):
    reason = "CHALLENGE_EXPIRED"


class ChallengeUsed(NotNow):
    reason = "CHALLENGE_USED"


def check_open(used_time: datetime | None, expire_time: datetime, now: datetime) -> None:
    """Raise ChallengeUsed or ChallengeExpired unless the challenge may be answered."""
    if used_time is not None:
        raise ChallengeUsed("the challenge was answered, or failed too often: begin again")
    if now >= expire_time:
        raise ChallengeExpired(
            "the challenge is past its end: begin again", expireTime=expire_time.isoformat()
        )


def normal(text: str) -> str:
    """Return a fact without what may differ between two proofs of one person: width and spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def person_key(*, name: str, birth_date: str, sex: str, address: str) -> str:
    """Return what is equal for the same person only: all four facts."""
    return "\0".join((holder_key(name=name, birth_date=birth_date, sex=sex), normal(address)))


def holder_key(*, name: str, birth_date: str, sex: str) -> str:
    """Return what stays when a person moves; `birth_date` is the eight digits without the era.

    Two people of a city may share it, so it decides only on a contact that is theirs already.
    """
    return "\0".join((normal(name), birth_date, sex))


def owner(
    *, contact_resident: str | None, same_person: str | None, same_holder: bool
) -> str | None:
    """Return the resident whom a proof belongs to, None for a new one.

    `contact_resident` is whose the contact is, `same_person` who proved these four facts before,
    `same_holder` whether the contact's resident is of this name, birth date and sex. Raises
    ContactTaken where contact and card are two people's; whoever changed their name goes to a
    person, since no card says what they were called before.
    """
    if contact_resident is None or contact_resident == same_person:
        return same_person
    if same_person is None and same_holder:
        return contact_resident
    raise ContactTaken(
        "the contact belongs to another resident than the card: use the holder's own contact"
    )


def check_may_return(closing_cause: ClosingCause | None) -> None:
    """Raise ResidentClosed where the registration ended for good; a move may be taken back."""
    if closing_cause is ClosingCause.DIED:
        raise ResidentClosed("the registration ended with a death", cause=closing_cause)


def stay_in_force(held: Assurance, *, proved: Assurance, same_person: bool) -> bool:
    """Whether facts held as strongly stay, since a weaker proof says the very same of a person."""
    return same_person and not suffices(proved, held)


def check_may_decide(state: RegistrationState, *, proposer_id: str, decider_id: str) -> None:
    """Raise RegistrationDecided or SamePerson unless this person may decide it now."""
    if state is not RegistrationState.PROPOSED:
        raise RegistrationDecided("the registration is decided", state=state)
    if decider_id == proposer_id:
        raise SamePerson("who put a registration forward may not decide it: ask another")
