"""The facts that a JPKI signature certificate carries about its holder.

They are otherNames of the subject alternative name under the arc 1.2.392.200149.8.5.5, each a
UTF8String, as found on cards issued since 2016.
"""

import re
from dataclasses import dataclass
from datetime import date

from cryptography import x509
from cryptography.hazmat import asn1

from core.errors import BadRequest
from core.residents import births

ARC = "1.2.392.200149.8.5.5."
NAME, NAME_FLAGS, SEX, BIRTH_DATE, ADDRESS, ADDRESS_FLAGS = "123456"
MEANINGS = {
    NAME: "name",
    NAME_FLAGS: "name substitution flags",
    SEX: "sex",
    BIRTH_DATE: "birth date",
    ADDRESS: "address",
    ADDRESS_FLAGS: "address substitution flags",
}


class CertificateUnreadable(BadRequest):
    """The bytes are no certificate of the profile."""

    reason = "CERTIFICATE_UNREADABLE"


class CertificateFactsMissing(BadRequest):
    """The certificate is in order but does not say who the holder is."""

    reason = "CERTIFICATE_FACTS_MISSING"


@dataclass(frozen=True, slots=True)
class BasicFour:
    """The basic four (基本4情報) letter by letter as the certificate has them.

    A `1` in the flags marks a character that is *not* the register's: the certificate can hold
    only JIS X 0208 and 0212. Flags need not be as long as their text. `sex` is one digit: 1 male,
    2 female, others are not settled between sources. `birth_date` is `None` when the day is
    unknown, or impossible, or contradicts the era; such a holder goes to a person.
    """

    name: str
    name_flags: str
    birth_date_text: str
    birth_date: date | None
    sex: str
    address: str
    address_flags: str


def basic_four(certificate: x509.Certificate) -> BasicFour:
    """Read the facts; `CertificateFactsMissing` unless all six are there."""
    texts = _texts(certificate)
    missing = [meaning for arc, meaning in MEANINGS.items() if not texts.get(arc)]
    if missing:
        raise CertificateFactsMissing(
            f"the certificate lacks {', '.join(missing)}; present a signature certificate "
            "(署名用電子証明書)",
            field="certificate",
            fact=", ".join(missing),
        )
    if not re.fullmatch(r"[0-9]", texts[SEX]):
        raise CertificateUnreadable("the sex is not one digit", field="certificate")
    # Of a character that is neither we would not know whether the register has it.
    if not re.fullmatch(r"[01]+", texts[NAME_FLAGS] + texts[ADDRESS_FLAGS]):
        raise CertificateUnreadable("a substitution flag is not 0 or 1", field="certificate")
    return BasicFour(
        name=texts[NAME],
        name_flags=texts[NAME_FLAGS],
        birth_date_text=texts[BIRTH_DATE],
        birth_date=birth_date(texts[BIRTH_DATE]),
        sex=texts[SEX],
        address=texts[ADDRESS],
        address_flags=texts[ADDRESS_FLAGS],
    )


def birth_date(text: str) -> date | None:
    """Read a birth date as `births.read` does; `CertificateUnreadable` unless the form is right."""
    try:
        return births.read(text)
    except ValueError as error:
        raise CertificateUnreadable(
            "the birth date is not an era digit 0 to 5 and eight digits", field="certificate"
        ) from error


def _texts(certificate: x509.Certificate) -> dict[str, str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return {}
    texts: dict[str, str] = {}
    for name in names.get_values_for_type(x509.OtherName):
        oid = name.type_id.dotted_string
        arc = oid.removeprefix(ARC)
        if not oid.startswith(ARC) or arc not in MEANINGS:
            continue
        if arc in texts:
            # Two names in one certificate: neither can be believed.
            raise CertificateUnreadable(f"{MEANINGS[arc]} is there twice", field="certificate")
        texts[arc] = _text(name.value, MEANINGS[arc])
    return texts


def _text(der: bytes, meaning: str) -> str:
    try:
        return asn1.decode_der(str, der)
    except ValueError as error:
        raise CertificateUnreadable(
            f"{meaning} is not a UTF8String", field="certificate"
        ) from error
