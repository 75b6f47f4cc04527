"""Whether a certificate has been revoked, as far as we can know.

Revocation data of real cards is given only to verifiers that have notified J-LIS (公的個人認証法
17条). Without it the answer is "not checked", which is said and never hidden.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from core.errors import NotNow
from core.residents.rules import Revocation

Named = Callable[[str, str], bool]
"""Whether a list names a certificate, by its hexadecimal serial and its issuer's fingerprint."""


class CertificateRevoked(NotNow):
    """The certificate was revoked: the holder moved, changed name, died, lost the card."""

    reason = "CERTIFICATE_REVOKED"


class RevocationSource(Protocol):
    """Where revocations are looked up."""

    def state(
        self, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime
    ) -> Revocation:
        """Say what is known, or raise `CertificateRevoked`."""

    def named(self, issuers: Iterable[x509.Certificate]) -> Named:
        """Return a lookup by serial and issuer's fingerprint, in the lists as they are now."""


class Unchecked:
    """The source of a city that has none."""

    def state(
        self,
        certificate: x509.Certificate,  # noqa: ARG002 - the protocol's
        issuer: x509.Certificate,  # noqa: ARG002 - the protocol's
        now: datetime,  # noqa: ARG002 - the protocol's
    ) -> Revocation:
        return Revocation.NOT_CHECKED

    def named(self, issuers: Iterable[x509.Certificate]) -> Named:  # noqa: ARG002 - likewise
        return lambda serial, issuer: False  # noqa: ARG005 - nothing is known here.


class CrlFolder:
    """Revocation lists (`*.crl`, DER) that something else keeps fresh in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # By name, with the time and size that tell a replaced file.
        self._read: dict[Path, tuple[int, int, x509.CertificateRevocationList | None]] = {}

    def state(
        self, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime
    ) -> Revocation:
        """Look into every list of this issuer.

        A line on a list stands however old the list is, since what is revoked stays so; that
        there is no line means something only while the list is fresh and covers the certificate.
        """
        state = Revocation.NOT_CHECKED
        for crl in self._lists():
            if not _is_signed_by(crl, issuer):
                continue
            line = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if line is not None:
                raise CertificateRevoked(
                    "the certificate has been revoked; the holder needs a new one from the city "
                    "hall",
                    revocationReason=_reason(line),
                    revokedTime=line.revocation_date_utc.isoformat(),
                )
            if _is_fresh(crl, now) and _covers(crl, certificate):
                state = Revocation.NOT_REVOKED
        return state

    def named(self, issuers: Iterable[x509.Certificate]) -> Named:
        """Read the lists once, so that whoever asks for many certificates waits for no file."""
        lists = self._lists()
        serials = {
            issuer.fingerprint(hashes.SHA256()).hex(): frozenset(
                f"{line.serial_number:x}"
                for crl in lists
                if _is_signed_by(crl, issuer)
                for line in crl
            )
            for issuer in issuers
        }
        return lambda serial, issuer: serial in serials.get(issuer, ())

    def _lists(self) -> list[x509.CertificateRevocationList]:
        lists = (self._list(path) for path in sorted(self._folder.glob("*.crl")))
        return [crl for crl in lists if crl is not None]

    def _list(self, path: Path) -> x509.CertificateRevocationList | None:
        stamp = path.stat()
        time, size, crl = self._read.get(path, (0, 0, None))
        if (time, size) != (stamp.st_mtime_ns, stamp.st_size):
            try:
                crl = x509.load_der_x509_crl(path.read_bytes())
            except ValueError:
                crl = None
            self._read[path] = (stamp.st_mtime_ns, stamp.st_size, crl)
        return crl


def _is_signed_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    # Generations share one name: only the signature tells whose list it is.
    if not isinstance(key, RSAPublicKey) or crl.issuer != issuer.subject:
        return False
    try:
        return crl.is_signature_valid(key)
    except (ValueError, UnsupportedAlgorithm):
        return False


def _is_fresh(crl: x509.CertificateRevocationList, now: datetime) -> bool:
    until = crl.next_update_utc
    return until is not None and crl.last_update_utc <= now < until


def _covers(crl: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """Whether a list without a line for this certificate speaks for it (RFC 5280, 5.2.5)."""
    part = None
    for extension in crl.extensions:
        if isinstance(extension.value, x509.IssuingDistributionPoint):
            part = extension.value
        elif extension.critical:
            return False
    if part is None:
        return True
    if part.only_contains_ca_certs or part.only_contains_attribute_certs or part.indirect_crl:
        return False
    if part.only_some_reasons:
        return False
    return part.full_name is None or bool(set(part.full_name) & _points(certificate))


def _points(certificate: x509.Certificate) -> set[x509.GeneralName]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return set()
    return {name for point in points for name in point.full_name or []}


def _reason(line: x509.RevokedCertificate) -> str:
    try:
        reason = line.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except (x509.ExtensionNotFound, ValueError):
        reason = x509.ReasonFlags.unspecified
    return str(reason.value)
