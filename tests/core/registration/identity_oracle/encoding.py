"""How it is encoded and signed: versions, hashes, changed bits, lost and added bytes."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from tests.core.registration.identity_oracle import der
from tests.core.registration.identity_oracle.world import (
    AUTHORITY_NAME,
    CONSTRAINTS,
    STANDARD,
    TEXT,
    Case,
    World,
    constraints,
    encoded,
)

UNTRUSTED, UNREADABLE = "CERTIFICATE_NOT_TRUSTED", "CERTIFICATE_UNREADABLE"
OTHER_USE, MISMATCH = "CERTIFICATE_NOT_FOR_SIGNATURE", "SIGNATURE_MISMATCH"
EITHER = (UNTRUSTED, UNREADABLE)
NAMES = {
    "1.2.840.113549.1.1.4": "MD5",
    "1.2.840.113549.1.1.5": "SHA-1",
    "1.2.840.113549.1.1.14": "SHA-224",
    "1.2.840.113549.1.1.12": "SHA-384",
    "1.2.840.113549.1.1.13": "SHA-512",
    der.RSA_PSS: "PSS",
}


def versions(world: World, chance: Random) -> Iterator[Case]:
    """Anything but version 3."""
    for label, version, keeps in (
        ("1, with extensions", b"", True),
        ("1", b"", False),
        ("2, with extensions", der.within(0, der.integer(1)), True),
        ("2", der.within(0, der.integer(1)), False),
        ("4", der.within(0, der.integer(3)), True),
        ("-1", der.within(0, der.integer(-1)), True),
        ("1, said where it need not be", der.within(0, der.integer(0)), True),
    ):
        body = world.body(version=version)
        body = body if keeps else replace(body, extensions=())
        certificate = der.signed(body.der(), world.key("generation 2"))
        yield world.case(f"version {label}", certificate, UNREADABLE, OTHER_USE)
    ids = der.tlv(0x81, b"\x00abc") + der.tlv(0x82, b"\x00def")
    yield world.case("with unique ids", world.certificate(unique_ids=ids))
    bare = der.signed(replace(world.body(), extensions=()).der(), world.key("generation 2"))
    yield world.case("version 3 without extensions", bare, OTHER_USE)


def hashes(world: World, chance: Random) -> Iterator[Case]:
    """Signed by the authority, but not with SHA-256 and RSA; or said to be what it is not."""
    key = world.key("generation 2")
    for dotted, label in NAMES.items():
        body = replace(world.body(), algorithm=der.algorithm(dotted))
        yield world.case(f"signed with {label}", der.signed(body.der(), key, dotted), UNTRUSTED)
        right = der.signed(world.body().der(), key, outer=der.algorithm(dotted))
        yield world.case(f"said outside to be {label}", right, UNTRUSTED)
        inside = der.signed(body.der(), key)
        yield world.case(f"said inside to be {label}", inside, UNTRUSTED)
        whole = der.sequence(
            body.der(), der.algorithm(dotted), der.bits(der.raw_signature(body.der(), key))
        )
        yield world.case(f"said to be {label}", whole, UNTRUSTED)
    unknown = der.algorithm("1.2.3.4")
    body = world.body(algorithm=unknown).der()
    yield world.case("of an unknown algorithm", der.signed(body, key, outer=unknown), *EITHER)
    bare = der.sequence(der.oid(der.SHA256_RSA))
    body = world.body(algorithm=bare).der()
    yield world.case("without the algorithm's null", der.signed(body, key, outer=bare))


def signatures(world: World, chance: Random) -> Iterator[Case]:
    """The authority's signature with one bit changed, shortened, lengthened, or another's."""
    body = world.body().der()
    right = der.raw_signature(body, world.key("generation 2"))

    def of(signature: bytes, unused: int = 0) -> bytes:
        return der.sequence(body, der.algorithm(der.SHA256_RSA), der.bits(signature, unused))

    for place in chance.sample(range(len(right) * 8), 40):
        yield world.case(f"bit {place} of the signature", of(_flipped(right, place)), *EITHER)
    modulus = world.key("generation 2").public_key().public_numbers().n
    above = (int.from_bytes(right, "big") + modulus).to_bytes(257, "big")
    for label, signature in {
        "of no bytes": b"",
        "without its first byte": right[1:],
        "without its last byte": right[:-1],
        "with a zero before it": b"\x00" + right,
        "with a zero after it": right + b"\x00",
        "of zeros": bytes(len(right)),
        "of one": b"\x01".rjust(len(right), b"\x00"),
        "and the modulus": above,
        "of another certificate": der.raw_signature(
            world.body(serial=der.integer(2)).der(), world.key("generation 2")
        ),
        "of its text alone": world.signature,
    }.items():
        yield world.case(f"a signature {label}", of(signature), *EITHER)
    yield world.case("a signature with unused bits", of(right[:-1] + b"\x80", 7), *EITHER)


def tampering(world: World, chance: Random) -> Iterator[Case]:
    """One bit of what was signed, changed afterwards; and one part replaced."""
    good = world.certificate()
    for place in chance.sample(range(len(world.body().der()) * 8), 100):
        yield world.case(f"bit {place + 32} of it", _flipped(good, place + 32), *EITHER)
    key = world.key("generation 2")
    signature = der.bits(der.raw_signature(world.body().der(), key))
    for label, changes in {
        "the serial": {"serial": der.integer(5)},
        "the subject": {"subject": AUTHORITY_NAME},
        "the key": {"key": world.body(key=world.body().key).key[:-1] + b"\x03"},
        "the extensions": {"extensions": encoded(STANDARD)[:-1]},
        "an extension more": {
            "extensions": (*encoded(STANDARD), encoded({"1.2.3": (b"", False)})[0])
        },
        "the order of extensions": {"extensions": encoded(STANDARD)[::-1]},
    }.items():
        body = replace(world.body(), **changes).der()
        whole = der.sequence(body, der.algorithm(der.SHA256_RSA), signature)
        yield world.case(f"{label} changed after signing", whole, *EITHER)


def lengths(world: World, chance: Random) -> Iterator[Case]:
    """Cut off, followed by something, or not in DER."""
    good = world.certificate()
    for size in (
        0,
        1,
        2,
        3,
        4,
        8,
        *sorted(chance.sample(range(9, len(good) - 1), 14)),
        len(good) - 1,
    ):
        yield world.case(f"the first {size} bytes", good[:size], UNREADABLE)
    for label, whole in {
        "a zero after it": good + b"\x00",
        "a newline after it": good + b"\n",
        "itself after it": good + good,
        "a zero before it": b"\x00" + good,
        "itself in a sequence": der.sequence(good),
        "itself in octets": der.tlv(der.OCTETS, good),
        "a length that is too long by one": good[:2] + _plus_one(good[2:4]) + good[4:],
        "an indefinite length": b"\x30\x80" + good[4:] + b"\x00\x00",
        "a length of more bytes than needed": b"\x30\x83\x00" + good[2:4] + good[4:],
        "a set for the sequence": b"\x31" + good[1:],
        "text in place of it": b"-----BEGIN CERTIFICATE-----",
        "zeros in place of it": bytes(len(good)),
        "its key alone": world.body().key,
        "its body alone": world.body().der(),
    }.items():
        yield world.case(label, whole, UNREADABLE)
    signer = world.key("generation 2")
    for label, changes in {
        "true that is 1": {"more": [der.sequence(der.oid("1.2.3"), b"\x01\x01\x01", der.tlv(4))]},
        "false that need not be said": {
            "more": [der.sequence(der.oid("1.2.3"), der.FALSE, der.tlv(4))]
        },
        "a body of an indefinite length": {"unique_ids": b""},
        "an empty sequence of extensions": {"unique_ids": der.within(3, der.sequence())},
    }.items():
        body = world.body(**changes)
        if "empty" in label:
            body = replace(body, extensions=())
        whole = body.der()
        if "indefinite" in label:
            whole = b"\x30\x80" + whole[4:] + b"\x00\x00"
        whole = der.signed(whole, signer)
        yield world.case(f"signed with {label}", whole, UNREADABLE, OTHER_USE)


def doubles(world: World, chance: Random) -> Iterator[Case]:
    """One extension twice, whatever it is (RFC 5280, 4.2)."""
    for dotted, extension in STANDARD.items():
        twice = world.certificate(more=encoded({dotted: extension}))
        yield world.case(f"{dotted} twice", twice, UNREADABLE)
    unknown = encoded({"1.2.3.4": (der.NOTHING, False)})
    yield world.case("an unknown one twice", world.certificate(more=unknown * 2), UNREADABLE)
    no = encoded({CONSTRAINTS: (constraints(authority=False), False)})
    yes = encoded({CONSTRAINTS: (constraints(authority=True), False)})
    yield world.case("an authority and none", world.certificate(more=no + yes), UNREADABLE)
    yield world.case("none and an authority", world.certificate(more=yes + no), UNREADABLE)


def text_signatures(world: World, chance: Random) -> Iterator[Case]:
    """The holder's signature over the text: of another text, key, form or length."""
    key, right, text = world.key("holder"), world.signature, TEXT.encode()
    numbers = key.private_numbers()
    modulus, size = numbers.public_numbers.n, len(right)

    def raised(block: bytes) -> bytes:
        return pow(int.from_bytes(block, "big"), numbers.d, modulus).to_bytes(size, "big")

    block = pow(int.from_bytes(right, "big"), 65537, modulus).to_bytes(size, "big")
    content = block[block.index(b"\x00", 2) + 1 :]
    rest = size - len(content) - 11
    for label, signature in {
        "of another text": der.raw_signature(text + b" ", key),
        "of no text": der.raw_signature(b"", key),
        "of another key": der.raw_signature(text, world.key("neighbour")),
        "of the authority": der.raw_signature(text, world.key("generation 2")),
        "with SHA-1": der.raw_signature(text, key, "1.2.840.113549.1.1.5"),
        "with SHA-512": der.raw_signature(text, key, "1.2.840.113549.1.1.13"),
        "with PSS": der.raw_signature(text, key, der.RSA_PSS),
        "of no bytes": b"",
        "cut off": right[:-1],
        "with a zero before it": b"\x00" + right,
        "with a zero after it": right + b"\x00",
        "and the modulus": (int.from_bytes(right, "big") + modulus).to_bytes(size + 1, "big"),
        "of the hash without its name": raised(
            b"\x00\x01".ljust(size - 33, b"\xff") + b"\x00" + content[-32:]
        ),
        "with short padding and something after the hash": raised(
            b"\x00\x01" + b"\xff" * 8 + b"\x00" + content + bytes(rest)
        ),
        "with padding for encryption": raised(block.replace(b"\x00\x01", b"\x00\x02", 1)),
        "with a hole in the padding": raised(block[:9] + b"\xfe" + block[10:]),
        "without the hash's null": raised(
            b"\x00\x01".ljust(size - len(content) + 1, b"\xff")
            + b"\x00"
            + bytes.fromhex("302f300b0609608648016503040201")
            + content[17:]
        ),
    }.items():
        yield world.case(f"a signature {label}", None, MISMATCH, signature=signature)
    for place in chance.sample(range(size * 8), 10):
        yield world.case(f"bit {place} of it", None, MISMATCH, signature=_flipped(right, place))
    yield world.case("the right signature")


def _flipped(whole: bytes, bit: int) -> bytes:
    changed = bytearray(whole)
    changed[bit // 8] ^= 0x80 >> bit % 8
    return bytes(changed)


def _plus_one(length: bytes) -> bytes:
    return (int.from_bytes(length, "big") + 1).to_bytes(len(length), "big")
