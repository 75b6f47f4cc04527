"""Certificates like a card's, signed by an authority that also signs what it should not."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from channels.simulators.card import Authority, Holder, profile
from core.registration.identity import facts, jpki, trust
from core.registration.identity.proof import Proof
from core.registration.identity.revocation import (
    Unchecked,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


ISSUED = NOW - timedelta(days=200)


TEXT = "総社市への事前登録に同意します。".encode()


HOLDER = Holder(
    name="髙﨑　邊子",
    birth_date=date(1958, 4, 12),
    sex="2",
    address="岡山県総社市中央１丁目２－３　𠮷田ハイツ１０１",
)


@dataclass(frozen=True)
class World:
    """An authority that also lets tests sign what it would not."""

    authority: Authority
    authority_key: rsa.RSAPrivateKey
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def trust(self) -> trust.Trust:
        folder = self.authority.directory / "ca"
        return trust.Trust.load(folder, policies={trust.TEST_CARD_POLICY})


def a_certificate(
    holder: Holder, key: rsa.RSAPrivateKey, authority_key: rsa.RSAPrivateKey
) -> x509.Certificate:
    return profile.signature_certificate(
        holder,
        key.public_key(),
        serial=x509.random_serial_number(),
        not_before=ISSUED,
        not_after=NOW + timedelta(days=365),
        authority_key=authority_key,
    )


def remade(
    world: World,
    *,
    without: type[x509.ExtensionType] | None = None,
    extra: x509.ExtensionType | None = None,
    critical: bool = False,
    key: object = None,
    hash_algorithm: hashes.HashAlgorithm | None = None,
) -> x509.Certificate:
    """Copy the good certificate with one difference, signed by the same authority."""
    good = world.certificate
    builder = (
        x509.CertificateBuilder()
        .subject_name(good.subject)
        .issuer_name(good.issuer)
        .serial_number(good.serial_number)
        .not_valid_before(good.not_valid_before_utc)
        .not_valid_after(good.not_valid_after_utc)
        .public_key(key.public_key() if key else good.public_key())
    )
    for each in good.extensions:
        if without is None or not isinstance(each.value, without):
            builder = builder.add_extension(each.value, each.critical)
    if extra is not None:
        builder = builder.add_extension(extra, critical)
    return builder.sign(world.authority_key, hash_algorithm or hashes.SHA256())


def signature_of(key: rsa.RSAPrivateKey, text: bytes = TEXT) -> bytes:
    return key.sign(text, padding.PKCS1v15(), hashes.SHA256())


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def verify(world: World, presented: x509.Certificate | None = None, /, **changes) -> Proof:
    arguments = {
        "text": TEXT,
        "certificate": der(presented or world.certificate),
        "signature": signature_of(world.key),
        "trust": world.trust,
        "now": NOW,
        "revocation": Unchecked(),
    }
    return jpki.verify(**(arguments | changes))


def other_name(arc: str, value: bytes) -> x509.OtherName:
    return x509.OtherName(x509.ObjectIdentifier(facts.ARC + arc), value)


def alternative_names(world: World, **values: str | bytes | None) -> x509.SubjectAlternativeName:
    """Return the good certificate's names with those of `arcN` replaced, or left out by `None`."""
    names = world.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    changed = []
    for name in names:
        arc = name.type_id.dotted_string.removeprefix(facts.ARC)
        value = values.get(f"arc{arc}", name.value)
        if value is not None:
            encoded = asn1.encode_der(value) if isinstance(value, str) else value
            changed.append(other_name(arc, encoded))
    return x509.SubjectAlternativeName(changed)


def with_names(world: World, names: x509.SubjectAlternativeName) -> x509.Certificate:
    return remade(world, without=x509.SubjectAlternativeName, extra=names)


def usage(**true: bool) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: true.get(name, False) for name in names})


def policies(oid: str) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(oid), None)])


SHORT_KEY = rsa.generate_private_key(65537, 1024)  # noqa: S505 - because it is refused
