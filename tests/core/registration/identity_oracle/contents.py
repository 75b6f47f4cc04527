"""What the certificate says it is for: policies, usage, purposes, criticality, key, serial."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from tests.core.registration.identity_oracle import der
from tests.core.registration.identity_oracle.world import (
    ARC,
    AUTHORITY_KEY,
    CARD,
    CONSTRAINTS,
    CRL_POINTS,
    EXTENDED,
    ISSUER_ALTERNATIVE,
    KEY_USAGE,
    POLICIES,
    SOJA,
    STANDARD,
    SUBJECT_KEY,
    TEST,
    TEXT,
    Case,
    World,
    constraints,
    point,
    policies,
    public,
    restated,
    usage,
)

REFUSED = "CERTIFICATE_POLICY_REFUSED"
OTHER_USE = "CERTIFICATE_NOT_FOR_SIGNATURE"
UNREADABLE = "CERTIFICATE_UNREADABLE"
MISMATCH = "SIGNATURE_MISMATCH"
ANY = "2.5.29.32.0"
BITS = (
    "digital_signature",
    "non_repudiation",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def policy(world: World, chance: Random) -> Iterator[Case]:
    """Policies that are another's, none, any, several, or with qualifiers."""

    def of(value: bytes, *, critical: bool = True) -> bytes:
        return world.certificate({POLICIES: (value, critical)})

    for kind, real, other in (("card", CARD, TEST), ("test card", TEST, CARD)):
        yield world.case(
            f"another policy than a {kind}'s", of(policies(other)), REFUSED, policy=real
        )
        both = of(policies(real, other))
        yield world.case(f"a {kind}'s policy and then another", both, policy=real)
        both = of(policies(other, real))
        yield world.case(f"another policy and then a {kind}'s", both, policy=real)
        loose = of(policies(real), critical=False)
        yield world.case(f"a {kind}'s policy, not critical", loose, policy=real)
        yield world.case(f"a {kind}'s policy and any", of(policies(real, ANY)), policy=real)
    for arc in ("1.1.3", "1.1.30", "1.1.20.1", "1.1", "1.3.30", "1.1.40", "1.1.2", "1.2.20"):
        yield world.case(f"policy {arc}", of(policies(f"{ARC}.{arc}")), REFUSED)
    yield world.case("any policy", of(policies(ANY)), REFUSED)
    yield world.case("any policy, not critical", of(policies(ANY), critical=False), REFUSED)
    yield world.case("no policy", world.certificate({POLICIES: None}), REFUSED)
    yield world.case("an empty set of policies", of(der.sequence()), REFUSED, UNREADABLE)
    yield world.case("a policy without qualifiers", of(policies(CARD, qualifiers=b"")))
    note = der.sequence(der.tlv(der.UTF8, "署名用".encode()))
    for label, dotted, value in (
        ("a note for the user", "1.3.6.1.5.5.7.2.2", note),
        ("an unknown qualifier", "1.2.3.4", der.NOTHING),
    ):
        qualifiers = der.sequence(der.sequence(der.oid(dotted), value))
        expected = UNREADABLE if "unknown" in label else "NOT_CHECKED"
        yield world.case(
            f"a policy with {label}", of(policies(CARD, qualifiers=qualifiers)), expected
        )
    twice = of(policies(CARD, CARD))
    yield world.case("one policy twice", twice)
    many = of(policies(*(f"1.2.3.{number}" for number in range(40)), CARD))
    yield world.case("forty policies before it", many)
    yield world.case("policies that are a text", of(der.tlv(der.UTF8, b"x")), UNREADABLE)


def key_usage(world: World, chance: Random) -> Iterator[Case]:
    """Each bit alone, the two with each other, and each of the two without the other."""

    def of(*names: str, critical: bool = True) -> bytes:
        return world.certificate({KEY_USAGE: (usage(*names), critical)})

    right = BITS[:2]
    for bit in BITS:
        yield world.case(f"usage {bit} alone", of(bit), OTHER_USE, UNREADABLE)
    for bit in BITS[2:7]:
        yield world.case(f"the right usage and {bit}", of(*right, bit))
        for one in right:
            yield world.case(f"usage {one} and {bit}", of(one, bit), OTHER_USE)
    yield world.case("the right usage, not critical", of(*right, critical=False))
    for critical in (True, False):
        label = "critical" if critical else "not critical"
        yield world.case(f"the wrong usage, {label}", of(BITS[0], critical=critical), OTHER_USE)
    yield world.case("no usage", world.certificate({KEY_USAGE: None}), OTHER_USE)
    for label, value, expected in (
        ("of no bits", der.bits(b""), OTHER_USE),
        ("of a byte of no bits", der.bits(b"\x00", 7), OTHER_USE),
        ("that is a number", der.integer(192), UNREADABLE),
        ("that is empty", b"", UNREADABLE),
        ("followed by a byte", der.bits(b"\xc0", 6) + b"\x00", UNREADABLE),
    ):
        certificate = world.certificate({KEY_USAGE: (value, True)})
        yield world.case(f"a usage {label}", certificate, expected, UNREADABLE)


def purposes(world: World, chance: Random) -> Iterator[Case]:
    """Extended key usage: where it is there, it limits (RFC 5280, 4.2.1.12)."""
    sign, anything = "1.3.6.1.5.5.7.3.36", "2.5.29.37.0"
    server, client, code, stamp = (f"1.3.6.1.5.5.7.3.{number}" for number in (1, 2, 3, 8))
    for label, oids, good in (
        ("documents", (sign,), True),
        ("anything", (anything,), True),
        ("documents and clients", (client, sign), True),
        ("servers and anything", (server, anything), True),
        ("servers", (server,), False),
        ("clients", (client,), False),
        ("code and time-stamps", (code, stamp), False),
        ("something unknown", ("1.2.3.4",), False),
    ):
        for critical in (False, True):
            value = der.sequence(*(der.oid(each) for each in oids))
            certificate = world.certificate({EXTENDED: (value, critical)})
            name = f"for {label}{', critical' if critical else ''}"
            yield world.case(name, certificate, "NOT_CHECKED" if good else OTHER_USE)
    empty = world.certificate({EXTENDED: (der.sequence(), False)})
    yield world.case("for no purpose", empty, OTHER_USE, UNREADABLE)


def holder_constraints(world: World, chance: Random) -> Iterator[Case]:
    """Whether the certificate is an authority's."""
    for critical in (True, False):
        label = "critical" if critical else "not critical"
        for length in (None, 0, 1):
            value = (constraints(authority=True, path_length=length), critical)
            certificate = world.certificate({CONSTRAINTS: value})
            yield world.case(
                f"an authority of path length {length}, {label}", certificate, OTHER_USE
            )
        value = (constraints(authority=False), critical)
        certificate = world.certificate({CONSTRAINTS: value})
        yield world.case(f"said to be no authority, {label}", certificate)
    value = (constraints(authority=False, path_length=0), True)
    certificate = world.certificate({CONSTRAINTS: value})
    yield world.case("no authority, of path length 0", certificate, UNREADABLE)
    value = (der.sequence(der.FALSE), True)
    certificate = world.certificate({CONSTRAINTS: value})
    yield world.case("no authority, said where it need not be", certificate, UNREADABLE)
    value = (constraints(authority=True), True)
    both = {CONSTRAINTS: value, KEY_USAGE: (usage(*BITS[:2], "key_cert_sign"), True)}
    yield world.case("an authority and a holder", world.certificate(both), OTHER_USE)


def critical_extensions(world: World, chance: Random) -> Iterator[Case]:
    """Extensions that are critical though nothing here looks at them."""
    own = public(world.key("holder"))[-20:]
    for label, dotted, value in (
        ("unknown", "1.2.3.4.5", der.NOTHING),
        ("unknown and empty", "1.2.3.4.6", b""),
        ("alternative names", "2.5.29.17", STANDARD["2.5.29.17"][0]),
        ("issuer's names", ISSUER_ALTERNATIVE, STANDARD[ISSUER_ALTERNATIVE][0]),
        ("places of lists", CRL_POINTS, der.sequence(point(SOJA))),
        ("places of changes", "2.5.29.46", der.sequence(point(SOJA))),
        ("own key's id", SUBJECT_KEY, der.tlv(der.OCTETS, own)),
        ("authority key's id", AUTHORITY_KEY, der.sequence()),
        ("policy constraints", "2.5.29.36", der.sequence(der.tlv(0x80, b"\x00"))),
        ("no mapping of any policy", "2.5.29.54", der.integer(0)),
        ("name constraints", "2.5.29.30", der.sequence(der.within(0, der.sequence(SOJA)))),
        ("no check of a responder", "1.3.6.1.5.5.7.48.1.5", der.NOTHING),
        (
            "responder",
            "1.3.6.1.5.5.7.1.1",
            der.sequence(
                der.sequence(der.oid("1.3.6.1.5.5.7.48.1"), der.tlv(0x86, b"http://a.example"))
            ),
        ),
        ("qualified statements", "1.3.6.1.5.5.7.1.3", der.sequence()),
        ("private key's period", "2.5.29.16", der.sequence(der.tlv(0x80, b"20260101000000Z"))),
        ("poisoned", "1.3.6.1.4.1.11129.2.4.3", der.NOTHING),
        ("feature of TLS", "1.3.6.1.5.5.7.1.24", der.sequence(der.integer(5))),
    ):
        certificate = world.certificate({dotted: (value, True)})
        yield world.case(f"critical: {label}", certificate, UNREADABLE)


def holder_keys(world: World, chance: Random) -> Iterator[Case]:
    """Keys that are too short, of another kind, or for another form of signature."""

    def of(info: bytes, key: object = None, dotted: str = der.SHA256_RSA, *expected: str) -> Case:
        signature = der.raw_signature(TEXT.encode(), key, dotted) if key else b"\x00" * 64
        return world.case("", world.certificate(key=info), *expected, signature=signature)

    holder, small = world.key("holder"), world.key("small", 1024)
    odd, big = world.key("2047 bits", 2047), world.key("3072 bits", 3072)
    third = world.key("exponent 3", 2048, 3)
    ed = ed25519.Ed25519PrivateKey.generate().public_key()
    ed_info = ed.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    pss = restated(holder, der.sequence(der.oid(der.RSA_PSS)))
    oaep = restated(holder, der.sequence(der.oid("1.2.840.113549.1.1.7")))
    modulus = holder.public_key().public_numbers().n
    good = "NOT_CHECKED"
    for name, case in {
        "1024 bits": of(public(small), small, der.SHA256_RSA, OTHER_USE),
        "2047 bits": of(public(odd), odd, der.SHA256_RSA, OTHER_USE),
        "3072 bits": of(public(big), big, der.SHA256_RSA, good),
        "exponent 3": of(public(third), third, der.SHA256_RSA, good),
        "a curve": of(public(world.curve), world.curve, der.ECDSA_SHA256, OTHER_USE),
        "another curve": of(ed_info, None, "", OTHER_USE),
        "RSA for PSS": of(pss, holder, der.SHA256_RSA, OTHER_USE),
        "RSA for PSS, signed so": of(pss, holder, der.RSA_PSS, OTHER_USE),
        "RSA for OAEP": of(oaep, holder, der.SHA256_RSA, OTHER_USE, UNREADABLE),
        "an unknown kind": of(
            restated(holder, der.algorithm("1.2.3.4")), holder, der.SHA256_RSA, UNREADABLE
        ),
        "another's key": of(public(world.key("neighbour")), holder, der.SHA256_RSA, MISMATCH),
        "the authority's key": of(
            public(world.key("generation 2")), holder, der.SHA256_RSA, MISMATCH
        ),
        "exponent 1": of(_rsa(modulus, 1), holder, der.SHA256_RSA, UNREADABLE, MISMATCH),
        "an even exponent": of(_rsa(modulus, 65536), holder, der.SHA256_RSA, UNREADABLE, MISMATCH),
        "an even number": of(
            _rsa(modulus - 1, 65537), holder, der.SHA256_RSA, UNREADABLE, MISMATCH
        ),
        "a number below zero": of(_rsa(-modulus, 65537), holder, der.SHA256_RSA, UNREADABLE),
        "no key": of(der.sequence(der.algorithm(RSA), der.bits(b"")), None, "", UNREADABLE),
    }.items():
        yield replace(case, name=f"key: {name}")


RSA = "1.2.840.113549.1.1.1"


def _rsa(modulus: int, exponent: int) -> bytes:
    key = der.sequence(der.integer(modulus), der.integer(exponent))
    return der.sequence(der.algorithm(RSA), der.bits(key))


def serials(world: World, chance: Random) -> Iterator[Case]:
    """Serial numbers of every length and sign (RFC 5280, 4.1.2.2: be prepared for all of them)."""
    for label, serial in {
        "1": 1,
        "127": 127,
        "128": 128,
        "2^63": 2**63,
        "19 bytes": 2**151 - 1,
        "20 bytes": 2**159 - 1,
        "21 bytes": 2**160 - 1,
    }.items():
        yield world.case(f"serial {label}", world.certificate(serial=der.integer(serial)))
    for label, serial, expected in (
        ("0", der.integer(0), UNREADABLE),
        ("-1", der.integer(-1), UNREADABLE),
        ("-2^70", der.integer(-(2**70)), UNREADABLE),
        ("30 bytes", der.integer(2**239), "NOT_CHECKED"),
        ("with a zero before it", der.tlv(der.INTEGER, b"\x00\x01"), UNREADABLE),
        ("of no bytes", der.tlv(der.INTEGER), UNREADABLE),
        ("that is a text", der.tlv(der.UTF8, b"1"), UNREADABLE),
    ):
        certificate = world.certificate(serial=serial)
        yield world.case(f"serial {label}", certificate, expected, UNREADABLE)
