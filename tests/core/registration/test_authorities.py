"""Whose signature is believed: what is installed, of which generation, with which key."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from channels.simulators.card import Authority, profile
from channels.simulators.card.keys import load
from core.registration.identity import trust
from tests.core.registration.certificates import (
    HOLDER,
    ISSUED,
    NOW,
    SHORT_KEY,
    a_certificate,
    verify,
)

pytestmark = pytest.mark.xdist_group("jpki")  # One worker makes them all.


def test_another_generation_of_the_same_name_is_not_trusted_until_installed(world, tmp_path):
    other = Authority.create(tmp_path, clock=lambda: NOW)
    other_key = load((tmp_path / "keys" / "signca01.pem").read_bytes())
    certificate = a_certificate(HOLDER, world.key, other_key)

    with pytest.raises(trust.CertificateNotTrusted):
        verify(world, certificate)

    installed = trust.Trust.load(other.directory / "ca", policies={trust.TEST_CARD_POLICY})
    both = replace(world.trust, authorities=(*world.trust.authorities, *installed.authorities))
    assert verify(world, certificate, trust=both)
    assert verify(world, trust=both)


def test_a_self_signed_certificate_with_the_authoritys_name_is_not_trusted(world):
    forged = a_certificate(HOLDER, world.key, world.key)

    with pytest.raises(trust.CertificateNotTrusted):
        verify(world, forged)


@pytest.mark.parametrize("content", [b"", b"no certificate"])
def test_a_folder_of_authorities_with_rubbish_in_it_is_refused(tmp_path, content):
    (tmp_path / "x.pem").write_bytes(content)

    with pytest.raises(trust.NoTrust, match=r"x\.pem"):
        trust.Trust.load(tmp_path)


def test_a_folder_with_a_holders_certificate_or_nothing_in_it_is_refused(world, tmp_path):
    with pytest.raises(trust.NoTrust, match=r"no \*\.pem"):
        trust.Trust.load(tmp_path)

    pem = world.certificate.public_bytes(serialization.Encoding.PEM)
    (tmp_path / "x.pem").write_bytes(pem)
    with pytest.raises(trust.NoTrust, match=r"x\.pem"):
        trust.Trust.load(tmp_path)


def test_real_cards_are_what_is_accepted_unless_told_otherwise(world):
    strict = trust.Trust.load(world.authority.directory / "ca")

    with pytest.raises(trust.CertificatePolicyRefused):
        verify(world, trust=strict)


@pytest.mark.parametrize("key", [SHORT_KEY, ec.generate_private_key(ec.SECP256R1())])
def test_an_authority_whose_key_is_weak_or_not_rsa_is_not_installed(tmp_path, key):
    authority = profile.authority_certificate(key, ISSUED, NOW + timedelta(days=365))
    (tmp_path / "x.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))

    with pytest.raises(trust.NoTrust, match="2048"):
        trust.Trust.load(tmp_path)


def test_an_authority_certified_again_with_its_key_is_trusted_while_one_is_valid(world):
    old = profile.authority_certificate(world.authority_key, ISSUED, NOW - timedelta(days=1))
    trusted = replace(world.trust, authorities=(old, *world.trust.authorities))

    assert (
        verify(world, trust=trusted).certificate.issuer_fingerprint
        != old.fingerprint(hashes.SHA256()).hex()
    )
