"""Who issued it: other keys, other generations, other names, longer ways, and the authorities."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from tests.core.registration.identity_oracle import der
from tests.core.registration.identity_oracle.world import (
    ALTERNATIVE,
    AUTHORITY,
    AUTHORITY_KEY,
    AUTHORITY_NAME,
    CN,
    CONSTRAINTS,
    DAY,
    KEY_USAGE,
    NOW,
    ORGANIZATION,
    OU,
    SUBJECT,
    C,
    Case,
    World,
    constraints,
    directory,
    encoded,
    point_name,
    public,
    restated,
    usage,
)

UNTRUSTED = "CERTIFICATE_NOT_TRUSTED"
NO_TRUST = "NO_TRUST"


def issuing_keys(world: World, chance: Random) -> Iterator[Case]:
    """One name, and not the key that is installed under it."""
    generations = world.generations
    for number in (1, 2, 3):
        certificate = world.certificate(signer=f"generation {number}")
        for other in (1, 2, 3):
            if other != number:
                name = f"of generation {number} where only {other} is installed"
                yield world.case(name, certificate, UNTRUSTED, installed=(generations[other - 1],))
        two = tuple(each for each in generations if each is not generations[number - 1])
        name = f"of generation {number} where the other two are installed"
        yield world.case(name, certificate, UNTRUSTED, installed=two)
    for who in ("stranger", "holder", "neighbour"):
        yield world.case(f"signed by the {who}", world.certificate(signer=who), UNTRUSTED)
    yield world.case("where nothing is installed", None, UNTRUSTED, NO_TRUST, installed=())
    yield world.case("an authority itself", generations[1], "CERTIFICATE_NOT_FOR_SIGNATURE")
    itself = world.certificate(subject=AUTHORITY_NAME)
    yield world.case("with the authority's name as its own", itself)
    for number in (1, 2, 3):
        wrong = der.extension(AUTHORITY_KEY, der.sequence(der.tlv(0x80, bytes(20))))
        certificate = world.certificate(more=[wrong], signer=f"generation {number}")
        yield world.case(f"of generation {number} with another key's id", certificate)


def issuing_times(world: World, chance: Random) -> Iterator[Case]:
    """The authority's own validity."""
    certificate = world.certificate(signer="timed")
    second = timedelta(seconds=1)
    for label, start, end, expected in (
        ("expired a second ago", NOW - 900 * DAY, NOW - second, UNTRUSTED),
        ("expires now", NOW - 900 * DAY, NOW, "NOT_CHECKED"),
        ("begins now", NOW, NOW + 900 * DAY, "NOT_CHECKED"),
        ("begins in a second", NOW + second, NOW + 900 * DAY, UNTRUSTED),
        ("expired years ago", NOW - 9000 * DAY, NOW - 900 * DAY, UNTRUSTED),
        ("began after its certificates", NOW - 1 * DAY, NOW + 1 * DAY, "NOT_CHECKED"),
    ):
        dates = der.sequence(der.moment(start), der.moment(end))
        authority = world.authority("timed", changes={"validity": dates})
        yield world.case(
            f"an authority that {label}", certificate, expected, installed=(authority,)
        )
    old = world.authority("timed", start=2010, serial=1)
    new = world.authority("timed", start=2020, serial=2)
    for label, both in (("new first", (new, old)), ("old first", (old, new))):
        name = f"an authority certified again with its key, {label}"
        yield world.case(name, certificate, installed=both)


def issuer_names(world: World, chance: Random) -> Iterator[Case]:
    """The right key under a name that is not the authority's, letter for letter."""
    country, organization, unit, agency = AUTHORITY
    for label, attributes in {
        "of the other service": (
            country,
            organization,
            (OU, "JPKI for user authentication"),
            agency,
        ),
        "of the test service": (country, (ORGANIZATION, "JPKI-TEST"), unit, agency),
        "without the agency": (country, organization, unit),
        "with a common name": (*AUTHORITY, (CN, "CA")),
        "in another order": (country, organization, agency, unit),
        "of another country": ((C, "JA", der.PRINTABLE), organization, unit, agency),
        "with a letter more": (country, (ORGANIZATION, "JPKII"), unit, agency),
        "that is empty": (),
        "in lower case": (country, (ORGANIZATION, "jpki"), unit, agency),
        "with blanks": (country, (ORGANIZATION, " JPKI  "), unit, agency),
        "in PrintableString": (country, (ORGANIZATION, "JPKI", der.PRINTABLE), unit, agency),
        "in TeletexString": (country, (ORGANIZATION, "JPKI", der.TELETEX), unit, agency),
    }.items():
        certificate = world.certificate(issuer=der.name(*attributes))
        yield world.case(f"an issuer's name {label}", certificate, UNTRUSTED)
    yield world.case("an empty subject", world.certificate(subject=der.name()))
    yield world.case("another's subject", world.certificate(subject=point_name("Soja-shi")))


def longer_ways(world: World, chance: Random) -> Iterator[Case]:
    """Somebody stands between the authority and the holder; the JPKI has one tier."""
    between_name = der.name(*SUBJECT[:-1], (CN, "between"))

    def between(**changes: object) -> bytes:
        given = {
            CONSTRAINTS: (constraints(authority=True), True),
            KEY_USAGE: (usage("key_cert_sign", "crl_sign"), True),
        } | changes.pop("extensions", {})
        body = world.body(given, subject=between_name, key=public(world.key("between")), **changes)
        return der.signed(body.der(), world.key("generation 2"))

    leaf = world.certificate(issuer=between_name, signer="between")
    for label, authority in {
        "an authority between": between(),
        "an authority between with path length 0": between(
            extensions={CONSTRAINTS: (constraints(authority=True, path_length=0), True)}
        ),
        "an expired authority between": between(
            validity=der.sequence(der.moment(NOW - 9 * DAY), der.moment(NOW - DAY))
        ),
        "an authority between that may not sign certificates": between(
            extensions={KEY_USAGE: (usage("crl_sign"), True)}
        ),
        "no authority between": between(extensions={CONSTRAINTS: None}),
        "another holder between": between(
            extensions={
                CONSTRAINTS: None,
                KEY_USAGE: (usage("digital_signature", "non_repudiation"), True),
            }
        ),
    }.items():
        yield world.case(label, leaf, UNTRUSTED, chain=(authority,))
    yield world.case("somebody between who is not shown", leaf, UNTRUSTED)
    own_name = world.certificate(issuer=der.name(*SUBJECT), signer="holder")
    good = world.certificate()
    yield world.case("issued by the holder's own certificate", own_name, UNTRUSTED, chain=(good,))
    short = world.authority(
        "generation 2",
        extensions={CONSTRAINTS: (constraints(authority=True, path_length=0), True)},
    )
    name = "an authority between, under one of path length 0"
    yield world.case(name, leaf, UNTRUSTED, chain=(between(),), installed=(short,))
    named = world.authority("stranger", serial=99)
    rolled = world.authority("stranger", signer=world.key("generation 2"), serial=98)
    certificate = world.certificate(signer="stranger")
    for label, link in (("a stranger's own", named), ("a generation's for the next", rolled)):
        name = f"a way through {label} certificate that is not installed"
        yield world.case(name, certificate, UNTRUSTED, chain=(link,))


def authorities(world: World, chance: Random) -> Iterator[Case]:
    """What an operator may install, and what is refused at the start."""
    certificate = world.certificate()
    own = "generation 2"
    signer = world.key("stranger")
    constraint = der.sequence(
        der.within(0, der.sequence(directory(der.name((ORGANIZATION, "nobody")))))
    )
    for label, authority, expected in (
        ("that is itself in every respect", world.authority(own), "NOT_CHECKED"),
        ("signed by another", world.authority(own, signer=signer), NO_TRUST),
        ("without constraints", world.authority(own, extensions={CONSTRAINTS: None}), NO_TRUST),
        (
            "that is none",
            world.authority(own, extensions={CONSTRAINTS: (constraints(authority=False), True)}),
            NO_TRUST,
        ),
        ("without a usage", world.authority(own, extensions={KEY_USAGE: None}), NO_TRUST),
        (
            "that may only sign lists",
            world.authority(own, extensions={KEY_USAGE: (usage("crl_sign"), True)}),
            NO_TRUST,
        ),
        (
            "that may not sign lists",
            world.authority(own, extensions={KEY_USAGE: (usage("key_cert_sign"), True)}),
            "NOT_CHECKED",
        ),
        (
            "of path length 0",
            world.authority(
                own, extensions={CONSTRAINTS: (constraints(authority=True, path_length=0), True)}
            ),
            "NOT_CHECKED",
        ),
        (
            "with constraints not critical",
            world.authority(own, extensions={CONSTRAINTS: (constraints(authority=True), False)}),
            "NOT_CHECKED",
        ),
        (
            "for nobody's names",
            world.authority(own, extensions={"2.5.29.30": (constraint, True)}),
            "NOT_CHECKED",
        ),
        (
            "with something critical and unknown",
            world.authority(own, extensions={"1.2.3.4": (der.NOTHING, True)}),
            "NOT_CHECKED",
        ),
        ("without names", world.authority(own, extensions={ALTERNATIVE: None}), "NOT_CHECKED"),
        ("that is cut off", world.authority(own)[:-9], NO_TRUST),
        ("that is nothing", b"", NO_TRUST),
        ("that is a holder", certificate, NO_TRUST),
    ):
        yield world.case(f"an authority {label}", certificate, expected, installed=(authority,))
    small = world.key("small", 1024)
    for label, key, dotted in (
        ("a short key", small, der.SHA256_RSA),
        ("a key on a curve", world.curve, der.ECDSA_SHA256),
    ):
        authority = world.authority("", key=key, dotted=dotted)
        body = replace(world.body(), algorithm=der.algorithm(dotted))
        issued = der.signed(body.der(), key, dotted)
        name = f"an authority with {label}"
        yield world.case(name, issued, NO_TRUST, installed=(authority,))
    pss = restated(world.key(own), der.sequence(der.oid(der.RSA_PSS)))
    authority = world.authority(own, changes={"key": pss})
    yield world.case("an authority with a PSS key", certificate, NO_TRUST, installed=(authority,))
    self_issued = encoded({CONSTRAINTS: (constraints(authority=True), True)})
    yield world.case(
        "an authority whose usage is not said, among others",
        certificate,
        NO_TRUST,
        installed=(*world.generations, world.authority(own, changes={"extensions": self_issued})),
    )
