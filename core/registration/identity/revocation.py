"""Whether a certificate has been revoked, as far as we can know.

Revocation data of real cards is given only to verifiers that have notified J-LIS (公的個人認証法
17条). Without it the answer is "not checked", which is said and never hidden.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import SignatureAlgorithmOID

from core.errors import NotNow
from core.registration.identity.trust import MALFORMED, extension
from core.residents.rules import Revocation

# Extensions of a list and of its lines that may be critical, because the checks below look at them.
UNDERSTOOD = (x509.CRLNumber, x509.IssuingDistributionPoint)
UNDERSTOOD_IN_LINES = (x509.CRLReason, x509.InvalidityDate)


class CertificateRevoked(NotNow):
    """The certificate was revoked: the holder moved, changed name, died, lost the card."""

    reason = "CERTIFICATE_REVOKED"


class RevocationSource(Protocol):
    """Where revocations are looked up."""

    def state(
        self, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime
    ) -> Revocation:
        """Say what is known, or raise `CertificateRevoked`."""


class Unchecked:
    """The source of a city that has none."""

    def state(
        self,
        certificate: x509.Certificate,  # noqa: ARG002 - the protocol's
        issuer: x509.Certificate,  # noqa: ARG002 - the protocol's
        now: datetime,  # noqa: ARG002 - the protocol's
    ) -> Revocation:
        return Revocation.NOT_CHECKED


@dataclass(frozen=True, slots=True)
class _List:
    """A list, the part of the certificates that it is for, and whether we understand all of it."""

    crl: x509.CertificateRevocationList
    part: x509.IssuingDistributionPoint | None
    understood: bool


class CrlFolder:
    """Revocation lists (`*.crl`, DER) that something else keeps fresh in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # By name, with the time and size that tell a replaced file.
        self._read: dict[Path, tuple[int, int, _List | None]] = {}

    def state(
        self, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime
    ) -> Revocation:
        """Look into every list of this issuer.

        A line on a list stands however old the list is, since what is revoked stays so; that
        there is no line means something only while the list is fresh and covers the certificate.
        """
        state = Revocation.NOT_CHECKED
        for each in self._lists():
            if not _is_signed_by(each.crl, issuer):
                continue
            line = each.crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if line is not None:
                raise CertificateRevoked(
                    "the certificate has been revoked; the holder needs a new one from the city "
                    "hall",
                    revocationReason=_reason(line),
                    revokedTime=line.revocation_date_utc.isoformat(),
                )
            if _is_fresh(each.crl, now) and _covers(each, certificate):
                state = Revocation.NOT_REVOKED
        return state

    def _lists(self) -> list[_List]:
        lists = (self._list(path) for path in sorted(self._folder.glob("*.crl")))
        return [each for each in lists if each is not None]

    def _list(self, path: Path) -> _List | None:
        stamp = path.stat()
        time, size, found = self._read.get(path, (0, 0, None))
        if (time, size) != (stamp.st_mtime_ns, stamp.st_size):
            found = _parse(path.read_bytes())
            self._read[path] = (stamp.st_mtime_ns, stamp.st_size, found)
        return found


def _parse(content: bytes) -> _List | None:
    """Read a list once, all of it: 100,000 lines take a sixth of a second."""
    try:
        crl = x509.load_der_x509_crl(content)
    except MALFORMED:
        return None
    try:
        part = None
        understood = True
        for each in crl.extensions:
            if isinstance(each.value, x509.IssuingDistributionPoint):
                part = each.value
            # Changes alone say nothing of what has not changed, critical or not.
            changes_only = isinstance(each.value, x509.DeltaCRLIndicator)
            unknown = each.critical and not isinstance(each.value, UNDERSTOOD)
            understood = understood and not changes_only and not unknown
        strange = any(
            each.critical and not isinstance(each.value, UNDERSTOOD_IN_LINES)
            for line in crl
            for each in line.extensions
        )
    except MALFORMED:
        return _List(crl, None, understood=False)
    return _List(crl, part, understood=understood and not strange)


def _is_signed_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key, usage = issuer.public_key(), extension(issuer, x509.KeyUsage)
    if not isinstance(key, RSAPublicKey) or usage is None or not usage.crl_sign:
        return False
    if crl.signature_algorithm_oid != SignatureAlgorithmOID.RSA_WITH_SHA256:
        return False
    try:
        # Generations share one name: only the signature tells whose list it is.
        return crl.issuer == issuer.subject and crl.is_signature_valid(key)
    except MALFORMED:
        return False


def _is_fresh(crl: x509.CertificateRevocationList, now: datetime) -> bool:
    until = crl.next_update_utc
    return until is not None and crl.last_update_utc <= now < until


def _covers(each: _List, certificate: x509.Certificate) -> bool:
    """Whether a list without a line for this certificate speaks for it (RFC 5280, 5.2.5)."""
    points = extension(certificate, x509.CRLDistributionPoints) or ()
    if not each.understood or any(point.crl_issuer for point in points):
        return False
    part = each.part
    if part is None:
        return True
    if part.only_contains_ca_certs or part.only_contains_attribute_certs or part.indirect_crl:
        return False
    if part.only_some_reasons or part.relative_name:
        return False
    names = {name for point in points for name in point.full_name or []}
    return part.full_name is None or not names.isdisjoint(part.full_name)


def _reason(line: x509.RevokedCertificate) -> str:
    try:
        reason = line.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except (x509.ExtensionNotFound, *MALFORMED):
        reason = x509.ReasonFlags.unspecified
    return str(reason.value)
