"""What two verifiers are compared by."""

from dataclasses import dataclass
from datetime import date, datetime

REFUSED, REVOKED, NOT_REVOKED, NOT_CHECKED = "REFUSED", "REVOKED", "NOT_REVOKED", "NOT_CHECKED"


@dataclass(frozen=True)
class Read:
    """What a verifier read from a certificate that it accepted."""

    name: str
    name_flags: str
    sex: str
    birth_date_text: str
    birth_date: date | None
    address: str
    address_flags: str
    policy: str
    serial: str
    fingerprint: str
    issuer_fingerprint: str
    not_after: datetime


@dataclass(frozen=True)
class Verdict:
    """`outcome` is one of the four; `why` is the verifier's own word for it, not compared."""

    outcome: str
    why: str
    read: Read | None = None
