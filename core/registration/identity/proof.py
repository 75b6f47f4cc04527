"""What every provider makes of a proof: who it is, how we know, and what it rests on."""

from dataclasses import dataclass
from datetime import datetime

from core.registration.identity.facts import BasicFour
from core.residents.rules import Assurance, Revocation


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate that a proof rests on; serial and SHA-256 fingerprints are hexadecimal."""

    serial: str
    fingerprint: str
    issuer_fingerprint: str
    policy: str
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """Who was proved, at which level, and by what: a certificate, a provider's subject, a paper.

    `subject` is the provider's own id of the person, pairwise for us; `document` the kind of paper
    shown at the counter. What a proof does not have is empty.
    """

    basic_four: BasicFour
    assurance: Assurance
    revocation: Revocation
    certificate: Certificate | None = None
    subject: str = ""
    document: str = ""
