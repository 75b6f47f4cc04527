"""Revocation lists: fresh and stale, whole and in parts, the authority's and others'."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from random import Random

from tests.core.registration.identity_oracle import der
from tests.core.registration.identity_oracle.world import (
    AUTHORITY,
    AUTHORITY_NAME,
    DAY,
    KEY_USAGE,
    NOW,
    OU,
    Case,
    World,
    usage,
)

REVOKED, CLEAR, UNKNOWN = "CERTIFICATE_REVOKED", "NOT_REVOKED", "NOT_CHECKED"
SERIAL = 0x1234567890ABCDEF
REASONS = {
    "no reason": None,
    "unspecified": 0,
    "key compromise": 1,
    "compromise of the authority": 2,
    "affiliation changed": 3,
    "superseded": 4,
    "cessation": 5,
    "hold": 6,
    "privilege withdrawn": 9,
    "compromise of the attribute authority": 10,
}
NUMBER, PART, REASON = "2.5.29.20", "2.5.29.28", "2.5.29.21"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def number(value: int = 5) -> bytes:
    return der.extension(NUMBER, der.integer(value))


def a_line(reason: int | None = None, serial: int = SERIAL, time: datetime = NOW - DAY) -> bytes:
    if reason is None:
        return der.line(serial, time)
    return der.line(serial, time, der.extension(REASON, der.tlv(10, bytes([reason]))))


OTHERS = tuple(a_line(3, serial) for serial in (1, 2, SERIAL - 1, SERIAL + 1, SERIAL << 8))


def body(*lines: bytes, more: tuple[bytes, ...] = (), **changes: object) -> der.ListBody:
    good = der.ListBody(
        issuer=AUTHORITY_NAME,
        this_update=der.moment(NOW - HOUR),
        next_update=der.moment(NOW + 7 * DAY),
        lines=(*OTHERS, *lines),
        extensions=(number(), *more),
    )
    return replace(good, **changes)


def a_list(world: World, *lines: bytes, signer: str = "generation 2", **changes: object) -> bytes:
    return der.signed(body(*lines, **changes).der(), world.key(signer))


def part(
    *names: bytes,
    relative: bytes = b"",
    flags: str = "",
    reasons: bytes = b"",
    critical: bool = True,
) -> bytes:
    """Return an IssuingDistributionPoint; `flags` are letters for its booleans."""
    where = der.within(0, *names) if names else relative
    tags = {"u": 1, "a": 2, "i": 4, "t": 5}
    said = {tags[each]: der.tlv(0x80 | tags[each], b"\xff") for each in flags}
    if reasons:
        said[3] = der.tlv(0x83, reasons)
    where = der.within(0, where) if where else b""
    value = der.sequence(where, *(said[tag] for tag in sorted(said)))
    return der.extension(PART, value, critical=critical)


def freshness(world: World, chance: Random) -> Iterator[Case]:
    """No lists, lists of every age, with and without a line for the certificate."""
    yield world.case("nobody keeps lists", None, UNKNOWN)
    yield world.case("no list is there", None, UNKNOWN, lists=())
    for label, this, following, clear in (
        ("fresh", NOW - HOUR, NOW + HOUR, CLEAR),
        ("new this second", NOW, NOW + HOUR, CLEAR),
        ("about to be replaced", NOW - HOUR, NOW + SECOND, CLEAR),
        ("replaced this second", NOW - HOUR, NOW, UNKNOWN),
        ("stale for a second", NOW - HOUR, NOW - SECOND, UNKNOWN),
        ("stale for a year", NOW - 372 * DAY, NOW - 365 * DAY, UNKNOWN),
        ("of the next second", NOW + SECOND, NOW + HOUR, UNKNOWN),
        ("of next week", NOW + 7 * DAY, NOW + 8 * DAY, UNKNOWN),
        ("replaced before it was made", NOW - HOUR, NOW - 2 * HOUR, UNKNOWN),
    ):
        times = {"this_update": der.moment(this), "next_update": der.moment(following)}
        without, having = a_list(world, **times), a_list(world, a_line(3), **times)
        yield world.case(f"a list {label}, without it", None, clear, lists=(without,))
        yield world.case(f"a list {label}, with it", None, REVOKED, lists=(having,))
    for label, this in (("for ten minutes", NOW - HOUR / 6), ("for an hour", NOW - HOUR)):
        times = {"this_update": der.moment(this), "next_update": b""}
        for having in (False, True):
            content = a_list(world, *([a_line(3)] if having else []), **times)
            name = f"a list {label} that says no end, {'with' if having else 'without'} it"
            yield world.case(name, None, REVOKED if having else UNKNOWN, lists=(content,))
    generalized = {"this_update": der.generalized(NOW - HOUR)}
    yield world.case(
        "a list of generalized time", None, CLEAR, lists=(a_list(world, **generalized),)
    )


def reasons(world: World, chance: Random) -> Iterator[Case]:
    """Each reason, in fresh lists and stale ones, revoked before, now, and later."""
    stale = {"next_update": der.moment(NOW - SECOND)}
    for label, reason in REASONS.items():
        content = a_list(world, a_line(reason))
        yield world.case(f"revoked: {label}", None, REVOKED, lists=(content,))
        content = a_list(world, a_line(reason), **stale)
        yield world.case(f"revoked in a stale list: {label}", None, REVOKED, lists=(content,))
    removed = a_list(world, a_line(8))
    yield world.case("removed from the list", None, REVOKED, lists=(removed,))
    for label, time in {
        "a second ago": NOW - SECOND,
        "this second": NOW,
        "in an hour": NOW + HOUR,
        "before it was issued": NOW - 900 * DAY,
        "in 2060": NOW.replace(year=2060),
    }.items():
        content = a_list(world, a_line(3, time=time))
        yield world.case(f"revoked {label}", None, REVOKED, lists=(content,))
    for label, extension in {
        "a time of invalidity": der.extension("2.5.29.24", der.generalized(NOW - DAY)),
        "a reason that is none": der.extension(REASON, der.tlv(10, b"\x07")),
        "a reason that is a text": der.extension(REASON, der.tlv(der.UTF8, b"x")),
        "something unknown": der.extension("1.2.3.4", der.NOTHING),
        "something critical and unknown": der.extension("1.2.3.4", der.NOTHING, critical=True),
    }.items():
        content = a_list(world, der.line(SERIAL, NOW - DAY, extension))
        yield world.case(f"a line with {label}", None, REVOKED, lists=(content,))
        content = a_list(world, der.line(7, NOW - DAY, extension))
        expected = UNKNOWN if "critical" in label or "reason" in label else CLEAR
        yield world.case(f"another's line with {label}", None, expected, lists=(content,))
    doubled = der.line(SERIAL, NOW - DAY, *[der.extension(REASON, der.tlv(10, b"\x03"))] * 2)
    yield world.case("a line with two reasons", None, REVOKED, lists=(a_list(world, doubled),))
    for serial in (1, 127, 128, 2**63, 2**159 - 1):
        certificate = world.certificate(serial=der.integer(serial))
        having = a_list(world, lines=(a_line(3, serial),))
        yield world.case(f"serial {serial}, revoked", certificate, REVOKED, lists=(having,))
        without = a_list(world, lines=(a_line(3, serial + 1), a_line(3, serial + 256)))
        yield world.case(f"serial {serial}, not revoked", certificate, CLEAR, lists=(without,))


def list_issuers(world: World, chance: Random) -> Iterator[Case]:
    """Lists of other generations, other keys, other names; with a line that must not count."""
    for own, other in permutations((1, 2, 3), 2):
        certificate = world.certificate(signer=f"generation {own}")
        for having in (False, True):
            lines = [a_line(3)] if having else []
            content = a_list(world, *lines, signer=f"generation {other}")
            name = f"of {own}, with a list of {other} {'with' if having else 'without'} it"
            yield world.case(name, certificate, UNKNOWN, lists=(content,))
    for own in (1, 2, 3):
        certificate = world.certificate(signer=f"generation {own}")
        lists = tuple(a_list(world, signer=f"generation {each}") for each in (1, 2, 3))
        yield world.case(f"of {own}, with lists of all", certificate, CLEAR, lists=lists)
        lists = tuple(
            a_list(world, *([a_line(3)] if each == own else []), signer=f"generation {each}")
            for each in (1, 2, 3)
        )
        yield world.case(f"of {own}, revoked among lists of all", certificate, REVOKED, lists=lists)
    for who in ("stranger", "holder"):
        for having in (False, True):
            content = a_list(world, *([a_line(3)] if having else []), signer=who)
            name = f"a list signed by the {who}, {'with' if having else 'without'} it"
            yield world.case(name, None, UNKNOWN, lists=(content,))
    other_name = der.name(AUTHORITY[0], AUTHORITY[1], (OU, "JPKI for user authentication"))
    for having in (False, True):
        content = a_list(world, *([a_line(3)] if having else []), issuer=other_name)
        name = f"a list of another name, {'with' if having else 'without'} it"
        yield world.case(name, None, UNKNOWN, lists=(content,))
    mute = world.authority("generation 2", extensions={KEY_USAGE: (usage("key_cert_sign"), True)})
    content = a_list(world)
    name = "a list of an authority that may not sign lists"
    yield world.case(name, None, UNKNOWN, lists=(content,), installed=(mute,))
