"""Revocation lists of parts, of changes, broken ones, and several together."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from asn1crypto import pem

from tests.core.registration.identity_oracle import der
from tests.core.registration.identity_oracle.lists import (
    CLEAR,
    PART,
    REVOKED,
    SECOND,
    SERIAL,
    UNKNOWN,
    a_line,
    a_list,
    body,
    number,
    part,
)
from tests.core.registration.identity_oracle.world import (
    AUTHORITY_NAME,
    CONSTRAINTS,
    CRL_POINTS,
    DAY,
    KIYOSE,
    NOW,
    ORGANIZATION,
    SOJA,
    Case,
    World,
    constraints,
    directory,
    point,
)

DELTA = "2.5.29.27"


def scopes(world: World, chance: Random) -> Iterator[Case]:
    """Lists of a part: of a place, of some reasons, of other kinds of certificate."""
    where = der.within(1, _relative("Soja-shi CRLDP"))
    elsewhere = der.within(1, _relative("Kiyose-shi CRLDP"))
    for label, extension, clear in (
        ("its place", part(SOJA), CLEAR),
        ("its place, not critical", part(SOJA, critical=False), CLEAR),
        ("its place and another", part(KIYOSE, SOJA), CLEAR),
        ("another place", part(KIYOSE), UNKNOWN),
        ("another place, not critical", part(KIYOSE, critical=False), UNKNOWN),
        ("the authority's own place", part(directory(AUTHORITY_NAME)), UNKNOWN),
        ("an address", part(der.tlv(0x86, b"http://crl.jpki.go.jp/1.crl")), UNKNOWN),
        ("a relative place", part(relative=where), UNKNOWN),
        ("another relative place", part(relative=elsewhere), UNKNOWN),
        ("no place in particular", part(), UNKNOWN),
        ("holders", part(SOJA, flags="u"), CLEAR),
        ("authorities", part(SOJA, flags="a"), UNKNOWN),
        ("attributes", part(SOJA, flags="t"), UNKNOWN),
        ("anybody's certificates", part(SOJA, flags="i"), UNKNOWN),
        ("compromised keys", part(SOJA, reasons=b"\x06\x40"), UNKNOWN),
        ("all reasons but compromise", part(SOJA, reasons=b"\x07\x1f\x80"), UNKNOWN),
        ("holders anywhere", part(flags="u"), CLEAR),
        ("authorities anywhere", part(flags="a"), UNKNOWN),
    ):
        yield world.case(
            f"a list for {label}", None, clear, lists=(a_list(world, more=(extension,)),)
        )
        content = a_list(world, a_line(3), more=(extension,))
        yield world.case(f"a list for {label}, with it", None, REVOKED, lists=(content,))
    halves = tuple(
        a_list(world, more=(part(SOJA, reasons=reasons),))
        for reasons in (b"\x06\x40", b"\x07\x3f\x80")
    )
    yield world.case("two lists for all reasons together", None, UNKNOWN, lists=halves)
    both = tuple(a_list(world, more=(part(place),)) for place in (SOJA, KIYOSE))
    yield world.case("lists for two places", None, CLEAR, lists=both)
    own = a_list(world, more=(part(SOJA),))
    having = a_list(world, a_line(3), more=(part(KIYOSE),))
    yield world.case("revoked in another place's list", None, REVOKED, lists=(own, having))


def _relative(name: str) -> bytes:
    return der.sequence(der.oid("2.5.4.3"), der.tlv(der.UTF8, name.encode()))


def places(world: World, chance: Random) -> Iterator[Case]:
    """What the certificate says of where its lists are."""
    delegated = der.within(2, directory(der.name((ORGANIZATION, "somebody else"))))
    for label, value, whole, partial in (
        ("nothing", None, CLEAR, UNKNOWN),
        ("another place", der.sequence(point(KIYOSE)), CLEAR, UNKNOWN),
        ("two places", der.sequence(point(KIYOSE), point(SOJA)), CLEAR, CLEAR),
        ("two names of one", der.sequence(point(KIYOSE, SOJA)), CLEAR, CLEAR),
        ("an address", der.sequence(point(der.tlv(0x86, b"http://a.example"))), CLEAR, UNKNOWN),
        (
            "a list for some reasons",
            der.sequence(point(SOJA, rest=der.tlv(0x81, b"\x06\x40"))),
            CLEAR,
            CLEAR,
        ),
        ("somebody else's lists", der.sequence(point(SOJA, rest=delegated)), UNKNOWN, UNKNOWN),
    ):
        certificate = world.certificate({CRL_POINTS: value and (value, False)})
        for kind, content, expected in (
            ("a whole list", a_list(world), whole),
            ("a list for its town", a_list(world, more=(part(SOJA),)), partial),
        ):
            yield world.case(f"it says {label}: {kind}", certificate, expected, lists=(content,))


def deltas(world: World, chance: Random) -> Iterator[Case]:
    """Lists of changes only, alone and beside the whole."""
    base = der.extension(DELTA, der.integer(4), critical=True)
    loose = der.extension(DELTA, der.integer(4))
    empty, whole = a_list(world, more=(base,)), a_list(world)
    having = a_list(world, a_line(3), more=(base,))
    removed = a_list(world, a_line(8), more=(base,))
    hold = a_list(world, a_line(6))
    newest = der.extension("2.5.29.46", der.sequence(point(SOJA)))
    pointed = a_list(world, more=(newest,))
    for label, lists, expected in (
        ("changes alone", (empty,), UNKNOWN),
        ("changes not critical alone", (a_list(world, more=(loose,)),), UNKNOWN),
        ("changes alone, with it", (having,), REVOKED),
        ("the whole and no change", (whole, empty), CLEAR),
        ("the whole and it in the changes", (whole, having), REVOKED),
        ("it on hold, and released in the changes", (hold, removed), REVOKED),
        ("the whole that points to changes that are not there", (pointed,), CLEAR),
        ("the whole that points to changes, and they", (pointed, empty), CLEAR),
        ("the whole that points to changes, and it there", (pointed, having), REVOKED),
    ):
        yield world.case(label, None, expected, lists=lists)


def broken_lists(world: World, chance: Random) -> Iterator[Case]:
    """Lists that are broken in one way, alone and beside one that is not."""
    good = a_list(world)
    key = world.key("generation 2")
    contents = {
        "nothing": b"",
        "a text": b"no list",
        "a list in PEM": pem.armor("X509 CRL", good),
        "a list cut off": good[:-1],
        "a list and a byte": good + b"\x00",
        "a certificate": world.certificate(),
        "a list with a changed line": good.replace(der.integer(SERIAL - 1), der.integer(SERIAL)),
        "a list with a changed signature": good[:-1] + bytes([good[-1] ^ 1]),
        "a list of something unknown and critical": a_list(
            world, more=(der.extension("1.2.3.4", der.NOTHING, critical=True),)
        ),
        "a list of a part that is a text": a_list(
            world, more=(der.extension(PART, der.tlv(der.UTF8, b"x"), critical=True),)
        ),
        "a list of two numbers": a_list(world, more=(number(),)),
        "a list of two parts": a_list(world, more=(part(KIYOSE), part(SOJA))),
        "a list of version 3": a_list(world, version=der.integer(2)),
        "a list of no time": a_list(world, this_update=der.tlv(der.UTC)),
        "a list of an empty name": a_list(world, issuer=der.name()),
        "a list with a broken line": a_list(world, der.sequence(der.integer(9))),
    }
    for dotted, label in (
        ("1.2.840.113549.1.1.4", "MD5"),
        ("1.2.840.113549.1.1.5", "SHA-1"),
        ("1.2.840.113549.1.1.13", "SHA-512"),
        (der.RSA_PSS, "PSS"),
    ):
        contents[f"a list signed with {label}"] = der.signed(
            body(algorithm=der.algorithm(dotted)).der(), key, dotted
        )
        contents[f"a list said outside to be {label}"] = der.signed(
            body().der(), key, outer=der.algorithm(dotted)
        )
    for label, content in contents.items():
        yield world.case(f"{label}, alone", None, UNKNOWN, lists=(content,))
        yield world.case(f"{label}, beside a good one", None, CLEAR, lists=(content, good))
    strange = der.extension("1.2.3.4", der.NOTHING, critical=True)
    content = a_list(world, a_line(3), more=(strange,))
    yield world.case("revoked in a list of something unknown", None, REVOKED, lists=(content,))
    bare = a_list(world, version=b"", extensions=(), lines=())
    yield world.case("a list of version 1", None, CLEAR, lists=(bare,))
    old = a_list(world, version=b"")
    yield world.case("a list of version 1 with extensions", None, CLEAR, lists=(old,))
    unnumbered = a_list(world, extensions=())
    yield world.case("a list without a number", None, CLEAR, lists=(unnumbered,))
    yield world.case("a list without lines", None, CLEAR, lists=(a_list(world, lines=()),))


def several(world: World, chance: Random) -> Iterator[Case]:
    """Several lists of one authority, in every order."""
    fresh, having = a_list(world), a_list(world, a_line(3))
    old = {"next_update": der.moment(NOW - SECOND)}
    stale, on_hold = a_list(world, **old), a_list(world, a_line(6), **old)
    for label, lists, expected in (
        ("a stale one and a fresh one", (stale, fresh), CLEAR),
        ("two fresh ones", (fresh, fresh), CLEAR),
        ("two stale ones", (stale, stale), UNKNOWN),
        ("one with it and one without", (having, fresh), REVOKED),
        ("a stale one with it on hold and a fresh one without", (on_hold, fresh), REVOKED),
        ("a part and the whole", (a_list(world, more=(part(KIYOSE),)), fresh), CLEAR),
    ):
        yield world.case(label, None, expected, lists=lists)
        if lists[0] != lists[1]:
            yield world.case(f"{label}, turned", None, expected, lists=lists[::-1])


def other_issuers_lines(world: World, chance: Random) -> Iterator[Case]:
    """An indirect list: each line may name whose certificate it is (RFC 5280, 5.3.3)."""
    elsewhere = der.sequence(directory(der.name((ORGANIZATION, "somebody else"))))
    own = der.sequence(directory(AUTHORITY_NAME))
    kind = part(flags="i")
    for label, lines, expected in (
        ("its line", (a_line(3),), REVOKED),
        ("its line under its issuer", (_line_of(own),), REVOKED),
        ("another issuer's line of its number", (_line_of(elsewhere),), REVOKED),
    ):
        content = a_list(world, lines=lines, more=(kind,))
        yield world.case(f"anybody's certificates: {label}", None, expected, lists=(content,))


def _line_of(issuer: bytes) -> bytes:
    return der.line(SERIAL, NOW - DAY, der.extension("2.5.29.29", issuer, critical=True))


def refused_anyway(world: World, chance: Random) -> Iterator[Case]:
    """A good list does not mend a certificate, nor does a bad one hide what is wrong with it."""
    fresh, having = a_list(world), a_list(world, a_line(3))
    for label, changes, expected in (
        ("expired", {"now": NOW + 1001 * DAY}, "CERTIFICATE_EXPIRED"),
        (
            "another's",
            {"certificate": world.certificate(signer="stranger")},
            "CERTIFICATE_NOT_TRUSTED",
        ),
        ("for another text", {"signature": world.signature[::-1]}, "SIGNATURE_MISMATCH"),
        (
            "an authority",
            {"certificate": world.certificate({CONSTRAINTS: (constraints(authority=True), True)})},
            "CERTIFICATE_NOT_FOR_SIGNATURE",
        ),
    ):
        for kind, content in (("not revoked", fresh), ("revoked", having)):
            yield replace(
                world.case(f"{label} and {kind}", None, expected, lists=(content,)), **changes
            )
