"""Revocation: only a list that speaks for the certificate counts."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from channels.simulators.card import Authority, profile
from channels.simulators.card.keys import load
from core.registration.identity import jpki, trust
from core.registration.identity.revocation import (
    CertificateRevoked,
    CrlFolder,
)
from core.residents.rules import Revocation
from tests.core.registration.certificates import HOLDER, ISSUED, NOW, TEXT, World, signature_of

pytestmark = pytest.mark.xdist_group("jpki")  # One worker makes them all.


def revoked_world(tmp_path: Path) -> tuple[Authority, str, bytes, bytes]:
    authority = Authority.create(tmp_path, clock=lambda: NOW)
    card_id = authority.issue(HOLDER, pin="ABC123", issued=ISSUED)
    authority.complete(card_id)
    folder = authority.cards / card_id
    signature = signature_of(load((folder / "key.pem").read_bytes()))
    return authority, card_id, (folder / "certificate.der").read_bytes(), signature


def test_revocation_is_checked_against_the_authoritys_list(tmp_path):
    authority, card_id, certificate, signature = revoked_world(tmp_path)
    source = CrlFolder(tmp_path / "crl")

    def check(now: datetime = NOW) -> Revocation:
        trusted = trust.Trust.load(tmp_path / "ca", policies={trust.TEST_CARD_POLICY})
        return jpki.verify(
            TEXT, certificate, signature, trust=trusted, now=now, revocation=source
        ).revocation

    assert check() is Revocation.NOT_REVOKED
    assert check(NOW + timedelta(days=8)) is Revocation.NOT_CHECKED
    assert check(NOW - timedelta(seconds=1)) is Revocation.NOT_CHECKED

    authority.revoke(card_id, "affiliationChanged")

    for now in (NOW, NOW + timedelta(days=8)):
        with pytest.raises(CertificateRevoked) as refused:
            check(now)
        assert refused.value.metadata["revocationReason"] == "affiliationChanged"


def state_with(world: World, tmp_path: Path, content: bytes) -> Revocation:
    (tmp_path / "x.crl").write_bytes(content)
    source = CrlFolder(tmp_path)
    return source.state(world.certificate, world.trust.authorities[0], NOW)


def a_list(
    key: rsa.RSAPrivateKey,
    *extensions: tuple[x509.ExtensionType, bool],
    serial: int = 1,
    hash_algorithm: hashes.HashAlgorithm | None = None,
) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(profile.AUTHORITY_NAME)
        .last_update(NOW - timedelta(hours=1))
        .next_update(NOW + timedelta(hours=1))
    )
    line = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW).build()
    builder = builder.add_revoked_certificate(line)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    signed = builder.sign(key, hash_algorithm or hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def a_part(points: list[x509.GeneralName]) -> tuple[x509.IssuingDistributionPoint, bool]:
    point = x509.IssuingDistributionPoint(
        full_name=points,
        relative_name=None,
        only_contains_user_certs=False,
        only_contains_ca_certs=False,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )
    return point, True


def a_relative_part() -> tuple[x509.IssuingDistributionPoint, bool]:
    place = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COMMON_NAME, "Kiyose-shi")])
    point = x509.IssuingDistributionPoint(
        full_name=None,
        relative_name=place,
        only_contains_user_certs=False,
        only_contains_ca_certs=False,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )
    return point, True


def own_point(world: World) -> list[x509.GeneralName]:
    points = world.certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    return points.value[0].full_name


FOREIGN_POINT = [x509.DirectoryName(x509.Name([]))]


UNREADABLE_PART = (
    x509.UnrecognizedExtension(x509.IssuingDistributionPoint.oid, b"\x0c\x01x"),
    True,
)


@pytest.mark.parametrize(
    ("make", "state"),
    [
        (lambda w: a_list(w.authority_key), Revocation.NOT_REVOKED),
        (lambda w: a_list(w.authority_key, a_part(own_point(w))), Revocation.NOT_REVOKED),
        (lambda w: a_list(w.authority_key, a_part(FOREIGN_POINT)), Revocation.NOT_CHECKED),
        (
            lambda w: a_list(w.authority_key, (x509.DeltaCRLIndicator(1), True)),
            Revocation.NOT_CHECKED,
        ),
        (
            lambda w: a_list(w.authority_key, (x509.DeltaCRLIndicator(1), False)),
            Revocation.NOT_CHECKED,
        ),
        (lambda w: a_list(w.authority_key, a_relative_part()), Revocation.NOT_CHECKED),
        (
            lambda w: a_list(w.authority_key, UNREADABLE_PART),
            Revocation.NOT_CHECKED,
        ),
        (
            lambda w: a_list(w.authority_key, hash_algorithm=hashes.SHA512()),
            Revocation.NOT_CHECKED,
        ),
        (lambda w: a_list(w.key), Revocation.NOT_CHECKED),
        (lambda w: a_list(w.key, serial=w.certificate.serial_number), Revocation.NOT_CHECKED),
        (lambda _: b"no list", Revocation.NOT_CHECKED),
    ],
)
def test_only_a_list_that_speaks_for_the_certificate_counts(world, tmp_path, make, state):
    assert state_with(world, tmp_path, make(world)) is state


def test_a_line_without_a_reason_revokes_too(world, tmp_path):
    content = a_list(world.authority_key, serial=world.certificate.serial_number)

    with pytest.raises(CertificateRevoked) as refused:
        state_with(world, tmp_path, content)

    assert refused.value.metadata["revocationReason"] == "unspecified"
