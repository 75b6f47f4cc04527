"""The keys, the authorities and the good certificate that every case starts from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from asn1crypto import keys, x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.core.registration.identity_oracle import der

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TEXT = "総社市への事前登録に同意します。"

ARC = "1.2.392.200149.8.5"
CARD, TEST = f"{ARC}.1.1.20", f"{ARC}.1.0.20"
FACTS = {
    1: "黒桐　幹也",
    4: "319800217",
    3: "1",
    5: "岡山県総社市中央１丁目２－３",
    2: "00000",
    6: "00000000000000",
}
C, ORGANIZATION, OU, L, CN = "2.5.4.6", "2.5.4.10", "2.5.4.11", "2.5.4.7", "2.5.4.3"
KEY_USAGE, ALTERNATIVE, ISSUER_ALTERNATIVE = "2.5.29.15", "2.5.29.17", "2.5.29.18"
CONSTRAINTS, CRL_POINTS, POLICIES, EXTENDED = "2.5.29.19", "2.5.29.31", "2.5.29.32", "2.5.29.37"
SUBJECT_KEY, AUTHORITY_KEY = "2.5.29.14", "2.5.29.35"

AUTHORITY = (
    (C, "JP", der.PRINTABLE),
    (ORGANIZATION, "JPKI"),
    (OU, "JPKI for digital signature"),
    (OU, "Japan Agency for Local Authority Information Systems"),
)
AUTHORITY_NAME = der.name(*AUTHORITY)
SERVICE = der.name((C, "JP", der.PRINTABLE), (ORGANIZATION, "公的個人認証サービス"))
SUBJECT = (
    (C, "JP", der.PRINTABLE),
    (L, "Okayama-ken"),
    (L, "Soja-shi"),
    (CN, "2602171234567890ABCDEF00"),
)


def directory(name: bytes) -> bytes:
    """Return a name of a directory, as a GeneralName."""
    return der.within(4, name)


def point_name(municipality: str) -> bytes:
    units = ("JPKI for digital signature", "CRL Distribution Points", "Okayama-ken")
    return der.name(
        (C, "JP", der.PRINTABLE),
        (ORGANIZATION, "JPKI"),
        *((OU, unit) for unit in units),
        (CN, f"{municipality} CRLDP"),
    )


SOJA, KIYOSE = directory(point_name("Soja-shi")), directory(point_name("Kiyose-shi"))


def point(*names: bytes, rest: bytes = b"") -> bytes:
    """Return a DistributionPoint of these full names."""
    return der.sequence(der.within(0, der.within(0, *names)), rest)


def usage(*names: str) -> bytes:
    return x509.KeyUsage(set(names)).dump()


def policies(*oids: str, qualifiers: bytes | None = None) -> bytes:
    if qualifiers is None:
        uri = der.tlv(der.IA5, b"http://www.jpki.go.jp/cps.html")
        qualifiers = der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.2.1"), uri))
    return der.sequence(*(der.sequence(der.oid(each), qualifiers) for each in oids))


def other_name(arc: int, value: bytes) -> bytes:
    return der.within(0, der.oid(f"{ARC}.5.{arc}"), der.within(0, value))


def fact_names(facts: Mapping[int, str | bytes]) -> list[bytes]:
    """Encode the facts as a card has them: text as UTF8String, and what is encoded as it is."""
    return [
        other_name(arc, fact if isinstance(fact, bytes) else der.tlv(der.UTF8, fact.encode()))
        for arc, fact in facts.items()
    ]


def constraints(*, authority: bool, path_length: int | None = None) -> bytes:
    length = b"" if path_length is None else der.integer(path_length)
    return der.sequence(der.TRUE if authority else b"", length)


def public(key: object) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def restated(key: object, algorithm: bytes) -> bytes:
    """Return the public key under another algorithm."""
    info = keys.PublicKeyInfo.load(public(key))
    return der.sequence(algorithm, info["public_key"].dump())


def validity(start: datetime, end: datetime) -> bytes:
    return der.sequence(der.moment(start), der.moment(end))


STANDARD = {
    KEY_USAGE: (usage("digital_signature", "non_repudiation"), True),
    POLICIES: (policies(CARD), True),
    ALTERNATIVE: (der.sequence(*fact_names(FACTS)), False),
    ISSUER_ALTERNATIVE: (der.sequence(directory(SERVICE)), False),
    CRL_POINTS: (der.sequence(point(SOJA)), False),
}


@dataclass(frozen=True)
class Case:
    """What a verifier is handed, and what the one who made it expects.

    `expected` are the states or reasons, any of which is right: a changed byte may be unreadable
    or merely not signed. `signature` is over `TEXT`, and `lists` is `None` where nobody keeps any.
    """

    name: str
    certificate: bytes
    signature: bytes
    installed: tuple[bytes, ...]
    expected: frozenset[str] = frozenset({"NOT_CHECKED"})
    chain: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] | None = None
    policy: str = CARD
    now: datetime = NOW


@dataclass(frozen=True)
class World:
    """Keys are made once, and only those that a case asks for."""

    _sized: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)

    def key(self, who: str, size: int = 2048, exponent: int = 65537) -> rsa.RSAPrivateKey:
        if who not in self._sized:
            self._sized[who] = rsa.generate_private_key(exponent, size)
        return self._sized[who]

    @cached_property
    def curve(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    @cached_property
    def generations(self) -> tuple[bytes, bytes, bytes]:
        """The authority's certificates: three generations of one name."""
        return tuple(
            self.authority(f"generation {number}", start=year, serial=number)
            for number, year in ((1, 2019), (2, 2023), (3, 2025))
        )

    def authority(
        self,
        who: str,
        *,
        key: object = None,
        start: int = 2020,
        years: int = 10,
        serial: int = 7,
        signer: object = None,
        dotted: str = der.SHA256_RSA,
        changes: Mapping[str, object] | None = None,
        extensions: Mapping[str, tuple[bytes, bool] | None] | None = None,
    ) -> bytes:
        """Return an authority's certificate, signed by itself unless there is a `signer`."""
        key = key or self.key(who)
        kept = {
            CONSTRAINTS: (constraints(authority=True), True),
            KEY_USAGE: (usage("key_cert_sign", "crl_sign"), True),
            SUBJECT_KEY: (der.tlv(der.OCTETS, public(key)[-20:]), False),
            ALTERNATIVE: (der.sequence(directory(SERVICE)), False),
        }
        body = der.Body(
            serial=der.integer(serial),
            issuer=AUTHORITY_NAME,
            validity=validity(NOW.replace(year=start), NOW.replace(year=start + years)),
            subject=AUTHORITY_NAME,
            key=public(key),
            extensions=encoded(kept | dict(extensions or {})),
            algorithm=der.algorithm(dotted),
        )
        return der.signed(replace(body, **(changes or {})).der(), signer or key, dotted)

    def body(
        self,
        extensions: Mapping[str, tuple[bytes, bool] | None] | None = None,
        more: Iterable[bytes] = (),
        **changes: object,
    ) -> der.Body:
        """Return the good certificate's body with the changes; an extension of `None` is left out.

        `more` are further extensions, encoded, at the end.
        """
        good = der.Body(
            serial=der.integer(0x1234567890ABCDEF),
            issuer=AUTHORITY_NAME,
            validity=validity(NOW - 200 * DAY, NOW + 1000 * DAY),
            subject=der.name(*SUBJECT),
            key=public(self.key("holder")),
            extensions=(*encoded(STANDARD | dict(extensions or {})), *more),
        )
        return replace(good, **changes)

    def certificate(self, *args: object, signer: str = "generation 2", **changes: object) -> bytes:
        return der.signed(self.body(*args, **changes).der(), self.key(signer))

    def case(
        self,
        name: str,
        certificate: bytes | None = None,
        *expected: str,
        installed: tuple[bytes, ...] | None = None,
        signature: bytes | None = None,
        **rest: object,
    ) -> Case:
        """Return a case; without more it is the good one, and what it names is what is wrong."""
        return Case(
            name,
            self.certificate() if certificate is None else certificate,
            self.signature if signature is None else signature,
            self.generations if installed is None else installed,
            frozenset(expected or {"NOT_CHECKED"}),
            **rest,
        )

    @cached_property
    def signature(self) -> bytes:
        return der.raw_signature(TEXT.encode(), self.key("holder"))


def encoded(extensions: Mapping[str, tuple[bytes, bool] | None]) -> tuple[bytes, ...]:
    return tuple(
        der.extension(dotted, each[0], critical=each[1])
        for dotted, each in extensions.items()
        if each is not None
    )
