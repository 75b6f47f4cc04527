"""JPKI verification: what passes, and every single way in which a certificate can be wrong."""

from datetime import date, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.registration.identity import facts, trust
from core.registration.identity.proof import Certificate, Proof
from core.residents.rules import Assurance, Revocation
from tests.core.registration.certificates import (
    HOLDER,
    ISSUED,
    NOW,
    SHORT_KEY,
    TEXT,
    alternative_names,
    der,
    other_name,
    policies,
    remade,
    signature_of,
    usage,
    verify,
    with_names,
)

pytestmark = pytest.mark.xdist_group("jpki")  # One worker makes them all.


def test_a_good_signature_gives_the_basic_four_and_how_we_know(world):
    verified = verify(world)

    issuer = world.trust.authorities[0]
    assert verified == Proof(
        basic_four=facts.BasicFour(
            name="高崎　邊子",
            name_flags="11000",
            birth_date_text="319580412",
            birth_date=date(1958, 4, 12),
            sex="2",
            address="岡山県総社市中央１丁目２－３　吉田ハイツ１０１",
            address_flags="0" * 15 + "1" + "0" * 7,
        ),
        assurance=Assurance.JPKI_SIGNATURE,
        revocation=Revocation.NOT_CHECKED,
        certificate=Certificate(
            serial=f"{world.certificate.serial_number:x}",
            fingerprint=world.certificate.fingerprint(hashes.SHA256()).hex(),
            issuer_fingerprint=issuer.fingerprint(hashes.SHA256()).hex(),
            policy="1.2.392.200149.8.5.1.0.20",
            not_after=world.certificate.not_valid_after_utc,
        ),
    )


REFUSED_CERTIFICATES = {
    "user authentication": (
        lambda w: remade(w, without=x509.KeyUsage, extra=usage(digital_signature=True)),
        "CERTIFICATE_NOT_FOR_SIGNATURE",
    ),
    "no key usage": (lambda w: remade(w, without=x509.KeyUsage), "CERTIFICATE_NOT_FOR_SIGNATURE"),
    "an authority's": (
        lambda w: remade(w, extra=x509.BasicConstraints(ca=True, path_length=None), critical=True),
        "CERTIFICATE_NOT_FOR_SIGNATURE",
    ),
    "a short key": (
        lambda w: remade(w, key=SHORT_KEY),
        "CERTIFICATE_NOT_FOR_SIGNATURE",
    ),
    "a key that is not RSA": (
        lambda w: remade(w, key=ec.generate_private_key(ec.SECP256R1())),
        "CERTIFICATE_NOT_FOR_SIGNATURE",
    ),
    "a key of someone else": (
        lambda w: remade(w, key=rsa.generate_private_key(65537, 2048)),
        "SIGNATURE_MISMATCH",
    ),
    "a real card's policy": (
        lambda w: remade(
            w, without=x509.CertificatePolicies, extra=policies(trust.CARD_POLICY), critical=True
        ),
        "CERTIFICATE_POLICY_REFUSED",
    ),
    "no policy": (
        lambda w: remade(w, without=x509.CertificatePolicies),
        "CERTIFICATE_POLICY_REFUSED",
    ),
    "a weak hash": (
        lambda w: remade(w, hash_algorithm=hashes.SHA512()),
        "CERTIFICATE_NOT_TRUSTED",
    ),
    "an unknown critical extension": (
        lambda w: remade(
            w,
            extra=x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"),
            critical=True,
        ),
        "CERTIFICATE_UNREADABLE",
    ),
    "a purpose that is another": (
        lambda w: remade(w, extra=x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])),
        "CERTIFICATE_NOT_FOR_SIGNATURE",
    ),
    "no alternative names": (
        lambda w: remade(w, without=x509.SubjectAlternativeName),
        "CERTIFICATE_FACTS_MISSING",
    ),
    **{
        f"no fact {arc}": (
            lambda w, arc=arc: with_names(w, alternative_names(w, **{f"arc{arc}": None})),
            "CERTIFICATE_FACTS_MISSING",
        )
        for arc in facts.MEANINGS
    },
    "an empty name": (
        lambda w: with_names(w, alternative_names(w, arc1="")),
        "CERTIFICATE_FACTS_MISSING",
    ),
    "a name that is no UTF-8": (
        lambda w: with_names(w, alternative_names(w, arc1=b"\x0c\x01\xff")),
        "CERTIFICATE_UNREADABLE",
    ),
    "a name of another type": (
        lambda w: with_names(w, alternative_names(w, arc1=b"\x13\x03abc")),
        "CERTIFICATE_UNREADABLE",
    ),
    "two names": (
        lambda w: with_names(
            w,
            x509.SubjectAlternativeName(
                [*alternative_names(w), other_name("1", asn1.encode_der("別人"))]
            ),
        ),
        "CERTIFICATE_UNREADABLE",
    ),
    "a sex in words": (
        lambda w: with_names(w, alternative_names(w, arc3="女")),
        "CERTIFICATE_UNREADABLE",
    ),
    "a flag that is neither 0 nor 1": (
        lambda w: with_names(w, alternative_names(w, arc2="0２0")),
        "CERTIFICATE_UNREADABLE",
    ),
    "an era that is none": (
        lambda w: with_names(w, alternative_names(w, arc4="619580412")),
        "CERTIFICATE_UNREADABLE",
    ),
}


@pytest.mark.parametrize("way", REFUSED_CERTIFICATES)
def test_a_certificate_that_is_wrong_in_one_way_is_refused_for_it(world, way):
    make, reason = REFUSED_CERTIFICATES[way]

    with pytest.raises(Refusal) as refused:
        verify(world, make(world))

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"now": ISSUED - timedelta(seconds=1)}, "CERTIFICATE_NOT_YET_VALID"),
        ({"now": NOW + timedelta(days=365, seconds=1)}, "CERTIFICATE_EXPIRED"),
        ({"now": NOW + timedelta(days=3650)}, "CERTIFICATE_NOT_TRUSTED"),
        ({"text": TEXT + b" "}, "SIGNATURE_MISMATCH"),
        ({"signature": b""}, "SIGNATURE_MISMATCH"),
        ({"certificate": b""}, "CERTIFICATE_UNREADABLE"),
        ({"certificate": b"-----BEGIN CERTIFICATE-----"}, "CERTIFICATE_UNREADABLE"),
    ],
)
def test_a_wrong_time_text_or_signature_is_refused_for_it(world, changes, reason):
    with pytest.raises(Refusal) as refused:
        verify(world, **changes)

    assert refused.value.reason == reason
    assert HOLDER.name not in str(refused.value)


def test_the_last_second_of_the_certificate_still_counts(world):
    assert verify(world, now=NOW + timedelta(days=365))
    assert verify(world, now=ISSUED)


# The library warns of a serial number below zero before the signature is looked at.
@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@pytest.mark.parametrize("part", ["certificate", "signature", "text"])
def test_no_changed_byte_ever_verifies(world, part):
    whole = {
        "certificate": der(world.certificate),
        "signature": signature_of(world.key),
        "text": TEXT,
    }[part]
    trusted = world.trust

    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 8)
        with pytest.raises(Refusal):
            verify(world, **{part: bytes(changed), "trust": trusted})


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@given(data=st.data())
def test_nothing_but_the_original_verifies(world, data):
    part = data.draw(st.sampled_from(["certificate", "signature", "text"]))
    whole = {"certificate": der(world.certificate), "signature": signature_of(world.key)}.get(
        part, TEXT
    )
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 8)))
    changed = whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:]

    if changed == whole:
        assert verify(world, **{part: changed})
    else:
        with pytest.raises(Refusal):
            verify(world, **{part: changed})
