"""Whom the verifier believes: the authority's generations, and the kinds of certificate."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from core.errors import BadRequest

CARD_POLICY = "1.2.392.200149.8.5.1.1.20"
TEST_CARD_POLICY = "1.2.392.200149.8.5.1.0.20"
MALFORMED = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    TypeError,  # A name attribute of a type that is no text.
)
Kind = TypeVar("Kind", bound=x509.ExtensionType)


class NoTrust(Exception):  # noqa: N818 - named for the event
    """The authorities' certificates cannot be used; the operator has to mend the folder."""


class CertificateNotTrusted(BadRequest):
    """No authority that we trust issued the certificate."""

    reason = "CERTIFICATE_NOT_TRUSTED"


class CertificatePolicyRefused(BadRequest):
    """The certificate is of a kind that is not accepted here, such as a test card's."""

    reason = "CERTIFICATE_POLICY_REFUSED"


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom we believe: the authority's generations, which share one name, and the policies."""

    authorities: tuple[x509.Certificate, ...]
    policies: frozenset[str]

    @classmethod
    def load(cls, folder: Path, *, policies: Collection[str] = (CARD_POLICY,)) -> Self:
        """Read the authorities' certificates, `*.pem`; `NoTrust` if one is none, or none there."""
        found = [_authority(path) for path in sorted(folder.glob("*.pem"))]
        if not found:
            raise NoTrust(f"no *.pem in {folder}; put the signature authority's certificates there")
        return cls(tuple(found), frozenset(policies))

    def issuer_of(self, certificate: x509.Certificate, now: datetime) -> x509.Certificate:
        """Return who issued it, by the signature and not the name, or `CertificateNotTrusted`."""
        for authority in self.authorities:
            if _issued(authority, certificate):
                if authority.not_valid_before_utc <= now <= authority.not_valid_after_utc:
                    return authority
                raise CertificateNotTrusted(
                    "the authority's own certificate is not valid at this time", field="certificate"
                )
        raise CertificateNotTrusted(
            "no authority known here issued the certificate; is it of the public service (JPKI), "
            "and is its generation installed?",
            field="certificate",
        )

    def policy_of(self, certificate: x509.Certificate) -> str:
        """Return the policy that is accepted here, or `CertificatePolicyRefused`."""
        held = extension(certificate, x509.CertificatePolicies) or ()
        oids: list[str] = [policy.policy_identifier.dotted_string for policy in held]
        for oid in oids:
            if oid in self.policies:
                return oid
        accepted = ", ".join(sorted(self.policies))
        raise CertificatePolicyRefused(
            f"none of the certificate's policies is accepted here, only {accepted}",
            field="certificate",
            policy=", ".join(oids),
        )


def _issued(authority: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
        return isinstance(certificate.signature_hash_algorithm, hashes.SHA256)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False


def extension(certificate: x509.Certificate, kind: type[Kind]) -> Kind | None:
    """Return the extension of this kind, or `None`."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _authority(path: Path) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        certificate.verify_directly_issued_by(certificate)
        constraints = extension(certificate, x509.BasicConstraints)
        usage = extension(certificate, x509.KeyUsage)
    except (*MALFORMED, InvalidSignature) as error:
        raise NoTrust(f"{path} is not a self-signed certificate in PEM") from error
    if constraints is None or not constraints.ca or usage is None or not usage.key_cert_sign:
        raise NoTrust(f"{path} is not an authority's certificate")
    return certificate
