"""Certificates and lists put together byte by byte, so that any one part of them can be wrong.

A builder that refuses to build what is broken is of no use here. Each part is DER as it goes into
the whole; `dataclasses.replace` changes one.
"""

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

BOOLEAN, INTEGER, BITS, OCTETS, NULL, OID = 1, 2, 3, 4, 5, 6
UTF8, PRINTABLE, TELETEX, IA5, UTC, GENERALIZED, BMP = 12, 19, 20, 22, 23, 24, 30
SEQUENCE, SET = 0x30, 0x31
TRUE, FALSE, NOTHING = b"\x01\x01\xff", b"\x01\x01\x00", b"\x05\x00"

SHA256_RSA = "1.2.840.113549.1.1.11"
RSA_PSS = "1.2.840.113549.1.1.10"
ECDSA_SHA256 = "1.2.840.10045.4.3.2"
HASHES = {
    "1.2.840.113549.1.1.4": hashes.MD5(),  # noqa: S303 - because it is refused
    "1.2.840.113549.1.1.5": hashes.SHA1(),  # noqa: S303 - because it is refused
    "1.2.840.113549.1.1.14": hashes.SHA224(),
    SHA256_RSA: hashes.SHA256(),
    "1.2.840.113549.1.1.12": hashes.SHA384(),
    "1.2.840.113549.1.1.13": hashes.SHA512(),
    RSA_PSS: hashes.SHA256(),
    ECDSA_SHA256: hashes.SHA256(),
}


def tlv(tag: int, *content: bytes) -> bytes:
    body = b"".join(content)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def sequence(*content: bytes) -> bytes:
    return tlv(SEQUENCE, *content)


def integer(value: int) -> bytes:
    return core.Integer(value).dump()


def oid(dotted: str) -> bytes:
    return core.ObjectIdentifier(dotted).dump()


def bits(content: bytes, unused: int = 0) -> bytes:
    return tlv(BITS, bytes([unused]), content)


def within(number: int, *content: bytes) -> bytes:
    """Put into a context-specific tag (explicit, or implicit of something constructed)."""
    return tlv(0xA0 | number, *content)


def name(*attributes: tuple[str, str] | tuple[str, str, int]) -> bytes:
    """Return a distinguished name; each attribute is an OID, a text, and a string type or UTF-8."""
    return sequence(*(tlv(SET, _attribute(*each)) for each in attributes))


def _attribute(kind: str, text: str, tag: int = UTF8) -> bytes:
    return sequence(oid(kind), tlv(tag, text.encode("utf-16-be" if tag == BMP else "utf-8")))


def utc(time: datetime) -> bytes:
    return tlv(UTC, f"{time:%y%m%d%H%M%SZ}".encode())


def generalized(time: datetime) -> bytes:
    return tlv(GENERALIZED, f"{time.year:04}{time:%m%d%H%M%SZ}".encode())


def moment(time: datetime) -> bytes:
    """Encode a time as RFC 5280, 4.1.2.5 wants it."""
    return utc(time) if 1950 <= time.year < 2050 else generalized(time)


def algorithm(dotted: str, parameters: bytes | None = None) -> bytes:
    if parameters is None:
        parameters = {RSA_PSS: _pss_parameters(), ECDSA_SHA256: b""}.get(dotted, NOTHING)
    return sequence(oid(dotted), parameters)


def _pss_parameters() -> bytes:
    sha256 = sequence(oid("2.16.840.1.101.3.4.2.1"), NOTHING)
    mask = sequence(oid("1.2.840.113549.1.1.8"), sha256)
    return sequence(within(0, sha256), within(1, mask), within(2, integer(32)))


def extension(dotted: str, value: bytes, *, critical: bool = False) -> bytes:
    return sequence(oid(dotted), TRUE if critical else b"", tlv(OCTETS, value))


def signed(body: bytes, key: object, dotted: str = SHA256_RSA, outer: bytes | None = None) -> bytes:
    """Sign a body and put the three parts together; `outer` differs from what was signed with."""
    return sequence(body, outer or algorithm(dotted), bits(raw_signature(body, key, dotted)))


def raw_signature(body: bytes, key: object, dotted: str = SHA256_RSA) -> bytes:
    digest = HASHES[dotted]
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(body, ec.ECDSA(digest))
    assert isinstance(key, RSAPrivateKey)
    pss = padding.PSS(padding.MGF1(digest), 32)
    form = pss if dotted == RSA_PSS else padding.PKCS1v15()
    return key.sign(body, form, digest)


@dataclass(frozen=True)
class Body:
    """A TBSCertificate, part by part."""

    serial: bytes
    issuer: bytes
    validity: bytes
    subject: bytes
    key: bytes
    extensions: tuple[bytes, ...]
    version: bytes = within(0, b"\x02\x01\x02")
    algorithm: bytes = algorithm(SHA256_RSA)
    unique_ids: bytes = b""

    def der(self) -> bytes:
        parts = (self.version, self.serial, self.algorithm, self.issuer, self.validity)
        last = within(3, sequence(*self.extensions)) if self.extensions else b""
        return sequence(*parts, self.subject, self.key, self.unique_ids, last)


@dataclass(frozen=True)
class ListBody:
    """A TBSCertList, part by part."""

    issuer: bytes
    this_update: bytes
    next_update: bytes
    lines: tuple[bytes, ...] = ()
    extensions: tuple[bytes, ...] = ()
    version: bytes = b"\x02\x01\x01"
    algorithm: bytes = algorithm(SHA256_RSA)

    def der(self) -> bytes:
        lines = sequence(*self.lines) if self.lines else b""
        last = within(0, sequence(*self.extensions)) if self.extensions else b""
        times = (self.this_update, self.next_update)
        return sequence(self.version, self.algorithm, self.issuer, *times, lines, last)


def line(serial: int, time: datetime, *extensions: bytes) -> bytes:
    """Return a line of a revocation list."""
    last = sequence(*extensions) if extensions else b""
    return sequence(integer(serial), moment(time), last)
