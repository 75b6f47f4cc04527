"""How long codes and attempts are good, how many passkeys there may be, what is refused."""

import secrets
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import BadRequest, NotFound, NotNow, Unauthenticated

CODE_LENGTH = timedelta(minutes=15)
"""For a code that is made on a channel: carried to another device, or to a person of trust."""

HANDED_CODE_LENGTH = timedelta(days=14)
"""For a code that staff hand over on paper at the counter."""

PASSKEY_LENGTH = timedelta(minutes=5)

CHALLENGE_KEPT = timedelta(days=1)
"""How long what has ended is kept, so that who comes late is told so."""

PASSKEYS = 10
"""How many passkeys a resident may have."""

ALPHABET = "34679ACDEFGHJKMNPQRTUWXY"
"""Of letters and digits that are mistaken for each other (0 O, 1 I L, 2 Z, 5 S, 8 B, U V), at most
one."""

CHARACTERS = 10


class CodeKind(StrEnum):
    """What a code is for."""

    CONTACT = "contact"
    PROXY = "proxy"


class PasskeyPurpose(StrEnum):
    """What an attempt with a passkey is for."""

    CREATE = "create"
    SIGN_IN = "sign_in"


class Problem(StrEnum):
    """What is wrong with an identity token."""

    UNREADABLE = "UNREADABLE"
    ISSUER = "ISSUER"
    AUDIENCE = "AUDIENCE"
    ALGORITHM = "ALGORITHM"
    KEY = "KEY"
    KEYS_AWAY = "KEYS_AWAY"
    SIGNATURE = "SIGNATURE"
    EXPIRED = "EXPIRED"
    TIMES = "TIMES"
    NONCE = "NONCE"
    SUBJECT = "SUBJECT"
    USED = "USED"


class LinkCodeRefused(NotNow):
    """Unknown, used or past its end; which of them is not told."""

    reason = "LINK_CODE_REFUSED"


class IdTokenRefused(BadRequest):
    reason = "ID_TOKEN_REFUSED"


class PasskeyChallengeUnknown(NotFound):
    reason = "CHALLENGE_UNKNOWN"


class PasskeyChallengeExpired(NotNow):
    reason = "CHALLENGE_EXPIRED"


class PasskeyChallengeUsed(NotNow):
    reason = "CHALLENGE_USED"


class PasskeyRefused(Unauthenticated):
    """Not one of ours, or not rightly signed; which of them is not told."""

    reason = "PASSKEY_REFUSED"


class PasskeyUnknown(NotFound):
    reason = "PASSKEY_UNKNOWN"


class PasskeysTooMany(NotNow):
    reason = "PASSKEYS_TOO_MANY"


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CHARACTERS))


def folded(typed: str) -> str:
    """Return a code as it was made, whatever case, width, spaces and dashes it is typed with."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    # The long vowel mark is a letter, and what a Japanese keyboard gives for a dash.
    return "".join(one for one in plain if one.isalnum() and one != "ー")


def check_passkeys(held: int) -> None:
    """Raise PasskeysTooMany unless there may be one more."""
    if held >= PASSKEYS:
        raise PasskeysTooMany("the resident has too many passkeys: delete one", limit=str(PASSKEYS))


def check_open(used_time: datetime | None, expire_time: datetime, now: datetime) -> None:
    """Raise PasskeyChallengeUsed or PasskeyChallengeExpired unless it may be answered."""
    if used_time is not None:
        raise PasskeyChallengeUsed("the attempt was answered: begin again")
    if now >= expire_time:
        raise PasskeyChallengeExpired(
            "the attempt is past its end: begin again", expireTime=expire_time.isoformat()
        )
