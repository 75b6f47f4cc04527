"""Certificates and revocation lists in the form of the JPKI's signature certificate.

Field by field after the published authority certificates and dumps of test cards: `O=JPKI-TEST`
and the policy of test cards tell them from real ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.x509.oid import NameOID

from channels.simulators.card.holder import Holder, substitute

FACTS = "1.2.392.200149.8.5.5"
TEST_POLICY = "1.2.392.200149.8.5.1.0.20"
CPS = "http://www.jpki.go.jp/cps.html"
SHA256 = hashes.SHA256()

AUTHORITY_NAME = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "JPKI-TEST"),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "JPKI for digital signature"),
        x509.NameAttribute(
            NameOID.ORGANIZATIONAL_UNIT_NAME,
            "Japan Agency for Local Authority Information Systems",
        ),
    ]
)
SERVICE = x509.DirectoryName(
    x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "公的個人認証サービス"),
        ]
    )
)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A line of a revocation list."""

    serial: int
    reason: x509.ReasonFlags
    time: datetime


def authority_certificate(
    key: RSAPrivateKey, not_before: datetime, not_after: datetime
) -> x509.Certificate:
    """Return a self-signed certificate; every generation has the same name."""
    return (
        x509.CertificateBuilder()
        .subject_name(AUTHORITY_NAME)
        .issuer_name(AUTHORITY_NAME)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([SERVICE]), critical=False)
        .sign(key, SHA256)
    )


def signature_certificate(
    holder: Holder,
    public_key: RSAPublicKey,
    *,
    serial: int,
    not_before: datetime,
    not_after: datetime,
    authority_key: RSAPrivateKey,
) -> x509.Certificate:
    """Return a holder's certificate; its common name is opaque, the facts are in the otherNames."""
    policy = x509.PolicyInformation(x509.ObjectIdentifier(TEST_POLICY), [CPS])
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.LOCALITY_NAME, holder.prefecture),
            x509.NameAttribute(NameOID.LOCALITY_NAME, holder.municipality),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{serial:X}"[:24]),
        ]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(AUTHORITY_NAME)
        .public_key(public_key)
        .serial_number(serial)
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.CertificatePolicies([policy]), critical=True)
        .add_extension(x509.SubjectAlternativeName(_facts(holder)), critical=False)
        .add_extension(x509.IssuerAlternativeName([SERVICE]), critical=False)
        .add_extension(x509.CRLDistributionPoints([_distribution_point(holder)]), critical=False)
        .sign(authority_key, SHA256)
    )


def revocation_list(
    withdrawals: Iterable[Withdrawal],
    *,
    this_update: datetime,
    next_update: datetime,
    authority_key: RSAPrivateKey,
) -> x509.CertificateRevocationList:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(AUTHORITY_NAME)
        .last_update(this_update)
        .next_update(next_update)
        .add_extension(x509.CRLNumber(int(this_update.timestamp())), critical=False)
    )
    for withdrawal in withdrawals:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(withdrawal.serial)
            .revocation_date(withdrawal.time)
            .add_extension(x509.CRLReason(withdrawal.reason), critical=False)
            .build()
        )
    return builder.sign(authority_key, SHA256)


def _facts(holder: Holder) -> list[x509.GeneralName]:
    name, name_flags = substitute(holder.name)
    address, address_flags = substitute(holder.address)
    # In the order found on cards.
    texts = {
        1: name,
        4: holder.birth,
        3: holder.sex,
        5: address,
        2: name_flags,
        6: address_flags,
    }
    return [
        x509.OtherName(x509.ObjectIdentifier(f"{FACTS}.{arc}"), asn1.encode_der(text))
        for arc, text in texts.items()
    ]


def _distribution_point(holder: Holder) -> x509.DistributionPoint:
    unit = NameOID.ORGANIZATIONAL_UNIT_NAME
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "JPKI-TEST"),
            x509.NameAttribute(unit, "JPKI for digital signature"),
            x509.NameAttribute(unit, "CRL Distribution Points"),
            x509.NameAttribute(unit, holder.prefecture),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{holder.municipality} CRLDP"),
        ]
    )
    return x509.DistributionPoint([x509.DirectoryName(name)], None, None, None)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
