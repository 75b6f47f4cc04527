"""JPKI verification: what passes, and every single way in which a certificate can be wrong."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from channels.simulators.card import Authority, Holder, profile
from channels.simulators.card.keys import load
from core.errors import Refusal
from core.registration.identity import facts, jpki, trust
from core.registration.identity.proof import Certificate, Proof
from core.registration.identity.revocation import (
    CertificateRevoked,
    CrlFolder,
    Unchecked,
)
from core.residents.rules import Assurance, Revocation

pytestmark = pytest.mark.xdist_group("jpki")  # One worker makes them all.

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


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("jpki")
    authority = Authority.create(folder, clock=lambda: NOW)
    authority_key = load((folder / "keys" / "signca01.pem").read_bytes())
    key = rsa.generate_private_key(65537, 2048)
    return World(authority, authority_key, key, a_certificate(HOLDER, key, authority_key))


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


def test_the_six_other_names_come_back_letter_by_letter(world):
    four = verify(world).basic_four

    sent = profile.substitute(HOLDER.name), profile.substitute(HOLDER.address)
    assert ((four.name, four.name_flags), (four.address, four.address_flags)) == sent
    assert (four.birth_date_text, four.sex) == (HOLDER.birth, HOLDER.sex)


SHORT_KEY = rsa.generate_private_key(65537, 1024)  # noqa: S505 - because it is refused

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


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("319800217", date(1980, 2, 17)),
        ("118991201", date(1899, 12, 1)),
        ("319890107", date(1989, 1, 7)),
        ("419890108", date(1989, 1, 8)),
        ("520190501", date(2019, 5, 1)),
        ("219261225", date(1926, 12, 25)),
        ("319261225", date(1926, 12, 25)),
        ("319400000", None),
        ("319400200", None),
        ("319400230", None),
        ("019400217", None),
        ("000000000", None),
        ("519800217", None),
        ("319890108", None),
    ],
)
def test_a_birth_date_is_a_day_or_unknown(text, day):
    assert facts.birth_date(text) == day


@pytest.mark.parametrize(
    "text",
    ["", "19800217", "3198002170", "619800217", "3 9800217", "３１９８００２１７", "31980021\n"],
)
def test_a_birth_date_of_another_form_is_refused(text):
    with pytest.raises(facts.CertificateUnreadable):
        facts.birth_date(text)


@given(st.dates(min_value=date(1873, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_that_a_card_writes_is_read_back(day):
    holder = replace(HOLDER, birth_date=day)

    assert facts.birth_date(holder.birth) == day


@given(st.text(max_size=12))
def test_any_text_is_a_birth_date_unknown_or_refused(text):
    try:
        day = facts.birth_date(text)
    except facts.CertificateUnreadable:
        return
    assert day is None or text[1:] == f"{day:%Y%m%d}"


@given(name=st.text(min_size=1, max_size=40), address=st.text(min_size=1, max_size=80))
def test_any_text_in_the_other_names_comes_back_as_it_is(world, name, address):
    # Lone surrogates cannot be written as UTF-8, by a card or by anyone.
    name, address = (
        text.encode(errors="replace").decode().replace("\0", "?") for text in (name, address)
    )
    names = alternative_names(world, arc1=name, arc5=address, arc2="0", arc6="00000")

    four = facts.basic_four(with_names(world, names))

    assert (four.name, four.address) == (name, address)
    assert (four.name_flags, four.address_flags) == ("0", "00000")


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
