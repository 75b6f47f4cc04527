"""How long codes and attempts are good, how many passkeys there may be, what is refused."""

from datetime import timedelta
from enum import StrEnum

from core.errors import BadRequest, NotFound, NotNow, Unauthenticated

CODE_LENGTH = timedelta(minutes=15)
"""For a code that a person carries from one device of theirs to another."""

HANDED_CODE_LENGTH = timedelta(days=14)
"""For a code that is handed over on paper at the counter, or to a person of trust."""

PASSKEY_LENGTH = timedelta(minutes=5)


class CodeKind(StrEnum):
    """What a code is for."""

    CONTACT = "contact"
    PROXY = "proxy"


class PasskeyPurpose(StrEnum):
    """What an attempt with a passkey is for."""

    CREATE = "create"
    SIGN_IN = "sign_in"


class LinkCodeRefused(NotNow):
    """Unknown, used or past its end; which of them is not told."""

    reason = "LINK_CODE_REFUSED"


class IdTokenRefused(BadRequest):
    reason = "ID_TOKEN_REFUSED"


class PasskeyRefused(Unauthenticated):
    reason = "PASSKEY_REFUSED"


class PasskeyUnknown(NotFound):
    reason = "PASSKEY_UNKNOWN"


class PasskeysTooMany(NotNow):
    reason = "PASSKEYS_TOO_MANY"
