"""Verify a signature made with the signature certificate of a My Number card.

The law (公的個人認証法 21条) asks a verifier to check the signature and that the certificate is not
revoked, and to use the public key for nothing else. The path is always two long, authority and
holder, so that the checks are written out here one by one.
"""

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID

from core.errors import BadRequest, NotNow
from core.registration.identity.facts import CertificateUnreadable, basic_four
from core.registration.identity.proof import Certificate, Proof
from core.registration.identity.revocation import RevocationSource
from core.registration.identity.trust import MALFORMED, Trust, extension, is_strong_rsa
from core.residents.rules import Assurance

# Extensions that may be critical, because the checks below look at them.
UNDERSTOOD = (
    x509.KeyUsage,
    x509.ExtendedKeyUsage,
    x509.CertificatePolicies,
    x509.BasicConstraints,
)

# Signing documents (RFC 9336), or any. Cards name no purposes, and then none is ruled out.
PURPOSES = {
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
}


class CertificateNotForSignature(BadRequest):
    """The certificate is not for signing documents, such as the card's other one, for log-in."""

    reason = "CERTIFICATE_NOT_FOR_SIGNATURE"


class SignatureMismatch(BadRequest):
    """The signature is not this certificate's over this text."""

    reason = "SIGNATURE_MISMATCH"


class CertificateExpired(NotNow):
    """The certificate was valid until a time that has passed."""

    reason = "CERTIFICATE_EXPIRED"


class CertificateNotYetValid(NotNow):
    """The certificate becomes valid later."""

    reason = "CERTIFICATE_NOT_YET_VALID"


def verify(
    text: bytes,
    certificate: bytes,
    signature: bytes,
    *,
    trust: Trust,
    now: datetime,
    revocation: RevocationSource,
) -> Proof:
    """Verify an RSASSA-PKCS1-v1_5/SHA-256 signature over `text`, with its certificate in DER.

    Nothing of the certificate is believed before the authority's signature is verified.
    Raises one of this package's refusals; what passes is in order in every respect except, as
    `revocation` says, that revocation may not have been checked.
    """
    found = _read(certificate)
    issuer = trust.issuer_of(found, now)
    _check_time(found, now)
    _check_usage(found)
    policy = trust.policy_of(found)
    _check_signature(found, text, signature)
    return Proof(
        basic_four=basic_four(found),
        assurance=Assurance.JPKI_SIGNATURE,
        revocation=revocation.state(found, issuer, now),
        certificate=Certificate(
            serial=f"{found.serial_number:x}",
            fingerprint=found.fingerprint(hashes.SHA256()).hex(),
            issuer_fingerprint=issuer.fingerprint(hashes.SHA256()).hex(),
            policy=policy,
            not_after=found.not_valid_after_utc,
        ),
    )


def _read(der: bytes) -> x509.Certificate:
    try:
        certificate = x509.load_der_x509_certificate(der)
        # Parsed only now, all of them: an unreadable one must not pass for an absent one.
        unknown = [
            extension.oid.dotted_string
            for extension in certificate.extensions
            if extension.critical and not isinstance(extension.value, UNDERSTOOD)
        ]
        certificate.public_key()
    except MALFORMED as error:
        raise CertificateUnreadable(
            "not a certificate in DER; send the card's signature certificate as it is",
            field="certificate",
        ) from error
    if certificate.version is not x509.Version.v3 or certificate.serial_number <= 0:
        raise CertificateUnreadable(
            "not a certificate of version 3 with a serial number above zero", field="certificate"
        )
    if unknown:
        raise CertificateUnreadable(
            f"critical extension {unknown[0]} is not known here", field="certificate"
        )
    return certificate


def _check_time(certificate: x509.Certificate, now: datetime) -> None:
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < start:
        raise CertificateNotYetValid(
            "the certificate is not valid yet; use it from then on", notBefore=start.isoformat()
        )
    if now > end:
        raise CertificateExpired(
            "the certificate has expired; the holder renews it at the city hall",
            notAfter=end.isoformat(),
        )


def _check_usage(certificate: x509.Certificate) -> None:
    usage = extension(certificate, x509.KeyUsage)
    constraints = extension(certificate, x509.BasicConstraints)
    purposes = extension(certificate, x509.ExtendedKeyUsage)
    other_purposes = purposes is not None and PURPOSES.isdisjoint(purposes)
    signs_documents = usage is not None and usage.digital_signature and usage.content_commitment
    is_authority = constraints is not None and constraints.ca
    if not signs_documents or other_purposes or is_authority:
        raise CertificateNotForSignature(
            "the certificate is not for signing documents; use the card's signature certificate "
            "(署名用電子証明書), not the one for user authentication",
            field="certificate",
        )


def _check_signature(certificate: x509.Certificate, text: bytes, signature: bytes) -> None:
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey) or not is_strong_rsa(certificate):
        raise CertificateNotForSignature(
            "the certificate's key is not plain RSA of 2048 bits or more", field="certificate"
        )
    try:
        key.verify(signature, text, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise SignatureMismatch(
            "the signature is not this certificate's over this text; sign the text as it was "
            "given, byte for byte",
            field="signature",
        ) from error
