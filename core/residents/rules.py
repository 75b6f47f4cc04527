"""Who may be reached and how: the states of contacts and registrations, and levels of assurance."""

from datetime import datetime
from enum import StrEnum

from core.errors import NotAllowed, NotFound, NotNow

CONTACTS = 5
"""How many contacts a resident may have on one channel."""


class ContactState(StrEnum):
    """What the channel knows of reaching a contact."""

    REACHABLE = "reachable"
    LOST = "lost"
    """It blocked the channel, or the provider knows it no more."""
    VISITING = "visiting"
    """It comes by itself and reads, as a browser does: nothing can be pushed to it."""


class Assurance(StrEnum):
    """How a resident's facts were verified, the weakest way first."""

    SELF_DECLARED = "self_declared"
    COUNTER = "counter"
    DIGITAL_AUTH_APP = "digital_auth_app"
    JPKI_SIGNATURE = "jpki_signature"


_STRENGTH = {level: strength for strength, level in enumerate(Assurance)}


def suffices(held: Assurance, required: Assurance) -> bool:
    """Whether facts verified as `held` are good where `required` is asked for."""
    return _STRENGTH[held] >= _STRENGTH[required]


class Revocation(StrEnum):
    """What was known of a certificate's revocation when the facts were verified."""

    NOT_CHECKED = "not_checked"
    NOT_REVOKED = "not_revoked"
    NOT_APPLICABLE = "not_applicable"


class StaleCause(StrEnum):
    """Why facts should be verified anew."""

    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_EXPIRING = "certificate_expiring"
    MOVED = "moved"
    CONSENT_OUTDATED = "consent_outdated"


class ClosingCause(StrEnum):
    """Why a registration ended."""

    DIED = "died"
    MOVED_OUT = "moved_out"
    REGISTERED_TWICE = "registered_twice"


class ConsentPurpose(StrEnum):
    """What a consent is for."""

    REGISTRATION = "registration"
    CARE = "care"


class ResidentUnknown(NotFound):
    reason = "RESIDENT_UNKNOWN"


class ResidentClosed(NotNow):
    reason = "RESIDENT_CLOSED"


class NotSuppressed(NotNow):
    reason = "WRONG_STATE"


class TopicUnknown(NotFound):
    reason = "TOPIC_UNKNOWN"


class ContactUnknown(NotFound):
    reason = "CONTACT_UNKNOWN"


class ContactNotRegistered(NotNow):
    reason = "CONTACT_NOT_REGISTERED"


class ProxyNotGranted(NotAllowed):
    reason = "PROXY_NOT_GRANTED"


class ContactTaken(NotNow):
    reason = "CONTACT_TAKEN"


class ContactsTooMany(NotNow):
    reason = "CONTACTS_TOO_MANY"


class ConsentUnknown(NotFound):
    reason = "CONSENT_UNKNOWN"


class ConsentOutdated(NotNow):
    reason = "CONSENT_OUTDATED"


def check_newest(version: int, newest: int) -> None:
    """Raise ConsentOutdated unless the newest version of a consent text was read."""
    if version != newest:
        raise ConsentOutdated(
            "the consent text has another version: read that one first", version=str(newest)
        )


def overrules(seen: datetime, last_seen: datetime) -> bool:
    """Whether a sight of a contact is as new as what is known; channels redeliver out of order."""
    return seen >= last_seen


def check_may_return(closing_cause: ClosingCause | None) -> None:
    """Raise ResidentClosed where the registration ended for good; a move may be taken back."""
    if closing_cause is ClosingCause.DIED:
        raise ResidentClosed("the registration ended with a death", cause=closing_cause)
