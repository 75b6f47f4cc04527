"""The JPKI's rules beyond RFC 5280, stated a second time, with asn1crypto and arithmetic alone.

Nothing here knows the code under test or its parser. Each function says in what way a thing is not
of the profile, or returns what it read.
"""

import hashlib
import hmac
from calendar import monthrange
from datetime import date
from functools import lru_cache

from asn1crypto import core, crl, keys, x509

ARC = "1.2.392.200149.8.5.5."
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")

# An era's first day, by the digit; it ends where the next one begins.
ERA_STARTS = (
    date(1868, 1, 25),
    date(1912, 7, 30),
    date(1926, 12, 25),
    date(1989, 1, 8),
    date(2019, 5, 1),
)


class NotOfTheProfile(Exception):  # noqa: N818 - named for the event
    """The certificate, list or signature is not one of the JPKI's signature service."""


def certificate(der: bytes) -> x509.Certificate:
    """Read strictly: DER and nothing after it, version 3, SHA-256 with RSA."""
    found = x509.Certificate.load(der, strict=True)
    _parse(found)
    body = found["tbs_certificate"]
    if body["version"].native != "v3":
        raise NotOfTheProfile("not version 3")
    if found["signature_algorithm"]["algorithm"].native != "sha256_rsa":
        raise NotOfTheProfile("not signed with SHA-256 and RSA")
    return found


@lru_cache
def authority(der: bytes) -> x509.Certificate:
    """Read an authority that may be installed: self-signed, for signing certificates, RSA."""
    found = x509.Certificate.load(der, strict=True)
    _parse(found)
    _check_key(found.public_key)
    usage = found.key_usage_value
    if not found.ca or usage is None or "key_cert_sign" not in usage.native:
        raise NotOfTheProfile("not an authority")
    body = found["tbs_certificate"].dump()
    _check_rsa(found.public_key, body, found["signature_value"].native)
    if found.issuer != found.subject:
        raise NotOfTheProfile("not self-signed")
    return found


def signs_lists(found: x509.Certificate) -> bool:
    return "crl_sign" in found.key_usage_value.native


def revocation_list(der: bytes) -> crl.CertificateList:
    """Read a list that counts as evidence: DER, and SHA-256 with RSA."""
    found = crl.CertificateList.load(der, strict=True)
    _parse(found)
    if found["signature_algorithm"]["algorithm"].native != "sha256_rsa":
        raise NotOfTheProfile("not signed with SHA-256 and RSA")
    return found


def check_holder(found: x509.Certificate) -> None:
    """The key is for signing documents, and no authority's."""
    _check_key(found.public_key)
    usage = found.key_usage_value
    if usage is None or not {"digital_signature", "non_repudiation"} <= usage.native:
        raise NotOfTheProfile("not for signatures that cannot be repudiated")
    if found.ca:
        raise NotOfTheProfile("an authority's")


def check_signature(found: x509.Certificate, text: bytes, signature: bytes) -> None:
    _check_rsa(found.public_key, text, signature)


def facts(found: x509.Certificate) -> dict[int, str]:
    """Read the six facts; each is there once, and a UTF8String of the right form."""
    names = found.subject_alt_name_value
    read: dict[int, str] = {}
    for name in names if names is not None else ():
        if name.name != "other_name" or not name.chosen["type_id"].dotted.startswith(ARC):
            continue
        number = int(name.chosen["type_id"].dotted[len(ARC) :].split(".")[0])
        if name.chosen["type_id"].dotted != f"{ARC}{number}" or not 1 <= number <= 6:
            continue
        value = name.chosen["value"].parsed
        if type(value) is not core.UTF8String or number in read:
            raise NotOfTheProfile(f"fact {number} is no UTF8String, or there twice")
        read[number] = value.native
    if sorted(each for each, text in read.items() if text) != [1, 2, 3, 4, 5, 6]:
        raise NotOfTheProfile("not all six facts are there")
    if len(read[3]) != 1 or read[3] not in "0123456789":
        raise NotOfTheProfile("the sex is no digit")
    if not set(read[2] + read[6]) <= set("01"):
        raise NotOfTheProfile("a flag is neither 0 nor 1")
    if len(read[4]) != 9 or not set(read[4]) <= set("0123456789") or read[4][0] > "5":
        raise NotOfTheProfile("the birth date has another form")
    return read


def birth_day(text: str) -> date | None:
    """Return the day, unless the register knows none or the era contradicts it."""
    era, year, month, day = int(text[0]), int(text[1:5]), int(text[5:7]), int(text[7:])
    if not (era and year and 1 <= month <= 12) or not 1 <= day <= monthrange(year, month)[1]:
        return None
    born = date(year, month, day)
    # The last day of Meiji is also Taisho's first, and so on to 1926; from 1989 a day is one era's.
    ends = (*ERA_STARTS[1:3], date(1989, 1, 7), date(2019, 4, 30), date.max)
    return born if ERA_STARTS[era - 1] <= born <= ends[era - 1] else None


def _check_key(key: keys.PublicKeyInfo) -> None:
    plain = key["algorithm"]["algorithm"].native == "rsa"
    if not plain or key["public_key"].parsed["modulus"].native.bit_length() < 2048:
        raise NotOfTheProfile("not an RSA key of 2048 bits")


def _check_rsa(info: keys.PublicKeyInfo, text: bytes, signature: bytes) -> None:
    """RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2), by raising the number and comparing all of it."""
    key = info["public_key"].parsed
    modulus, exponent = key["modulus"].native, key["public_exponent"].native
    size = (modulus.bit_length() + 7) // 8
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= modulus:
        raise NotOfTheProfile("no signature of this key's length")
    block = DIGEST_INFO + hashlib.sha256(text).digest()
    wanted = b"\x00\x01" + b"\xff" * (size - 3 - len(block)) + b"\x00" + block
    if not hmac.compare_digest(pow(number, exponent, modulus).to_bytes(size, "big"), wanted):
        raise NotOfTheProfile("not the signature of this text")


def _parse(found: core.Asn1Value) -> None:
    """Parse to the last leaf; what cannot be read must not pass for what is not there."""
    before = found.dump()
    if found.native is None or found.copy().dump(force=True) != before:
        raise NotOfTheProfile("not DER")
