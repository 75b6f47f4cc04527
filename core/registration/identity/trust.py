"""Whom the verifier believes: the authority's generations, and the kinds of certificate."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import PublicKeyAlgorithmOID, SignatureAlgorithmOID

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
        # Several where an authority's key has been certified again: one that is valid is enough.
        issuers = [each for each in self.authorities if _issued(each, certificate)]
        for issuer in issuers:
            if issuer.not_valid_before_utc <= now <= issuer.not_valid_after_utc:
                return issuer
        if issuers:
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
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return certificate.signature_algorithm_oid == SignatureAlgorithmOID.RSA_WITH_SHA256


def is_strong_rsa(certificate: x509.Certificate) -> bool:
    """Whether the key is RSA of 2048 bits or more, and not kept for PSS alone (RFC 4055, 1.2)."""
    key = certificate.public_key()
    plain = certificate.public_key_algorithm_oid == PublicKeyAlgorithmOID.RSAES_PKCS1_v1_5
    return plain and isinstance(key, RSAPublicKey) and key.key_size >= 2048


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
        strong = is_strong_rsa(certificate)
    except (*MALFORMED, InvalidSignature) as error:
        raise NoTrust(f"{path} is not a self-signed certificate in PEM") from error
    if constraints is None or not constraints.ca or usage is None or not usage.key_cert_sign:
        raise NoTrust(f"{path} is not an authority's certificate")
    if not strong:
        raise NoTrust(f"{path} has a key that is not RSA of 2048 bits or more")
    return certificate
