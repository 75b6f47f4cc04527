"""The facts, broken one by one."""

from collections.abc import Iterator
from random import Random

from tests.core.registration.identity_oracle import der
from tests.core.registration.identity_oracle.world import (
    ALTERNATIVE,
    ARC,
    FACTS,
    SERVICE,
    Case,
    World,
    directory,
    fact_names,
)

UNREADABLE, MISSING = "CERTIFICATE_UNREADABLE", "CERTIFICATE_FACTS_MISSING"
MEANINGS = {
    1: "name",
    2: "name flags",
    3: "sex",
    4: "birth date",
    5: "address",
    6: "address flags",
}


def broken_facts(world: World, chance: Random) -> Iterator[Case]:
    """One fact that is missing, empty, twice, or of another type or form."""
    for arc, meaning in MEANINGS.items():
        text = FACTS[arc].encode()
        less = {each: fact for each, fact in FACTS.items() if each != arc}
        names = der.sequence(*fact_names(less))
        yield world.case(f"no {meaning}", _named(world, names), MISSING)
        yield world.case(f"an empty {meaning}", with_facts(world, {arc: ""}), MISSING)
        others = {
            "in PrintableString": der.tlv(der.PRINTABLE, b"0"),
            "in BMPString": der.tlv(der.BMP, FACTS[arc].encode("utf-16-be")),
            "in octets": der.tlv(der.OCTETS, text),
            "with bytes after it": der.tlv(der.UTF8, text) + b"\x00",
            "that is no UTF-8": der.tlv(der.UTF8, b"\xff" + text),
        }
        for label, value in others.items():
            certificate = with_facts(world, {arc: value})
            yield world.case(f"a {meaning} {label}", certificate, UNREADABLE)
        twice = der.sequence(*fact_names(FACTS), *fact_names({arc: FACTS[arc]}))
        yield world.case(f"a {meaning} twice", _named(world, twice), UNREADABLE)
    for arc, text in (
        (3, "11"),
        (3, "女"),
        (3, "１"),
        (2, "0a"),
        (2, "０１"),
        (6, "2"),
        (6, "0 1"),
    ):
        certificate = with_facts(world, {arc: text})
        yield world.case(f"{MEANINGS[arc]} {text!r}", certificate, UNREADABLE)
    yield world.case("no alternative names", world.certificate({ALTERNATIVE: None}), MISSING)
    yield world.case("empty alternative names", _named(world, der.sequence()), MISSING, UNREADABLE)
    for label, name in {
        "an address of mail": der.tlv(0x81, b"a@example.com"),
        "a directory": directory(SERVICE),
        "a fact 7": fact_names({7: "x"})[0],
        "a fact of a fact": der.within(
            0, der.oid(f"{ARC}.5.1.1"), der.within(0, der.tlv(der.UTF8, b"x"))
        ),
        "another's other name": der.within(0, der.oid("1.2.3"), der.within(0, der.NOTHING)),
    }.items():
        names = der.sequence(*fact_names(FACTS), name)
        yield world.case(f"the facts and {label}", _named(world, names))


def with_facts(world: World, changes: dict[int, str | bytes]) -> bytes:
    return _named(world, der.sequence(*fact_names(FACTS | changes)))


def _named(world: World, names: bytes) -> bytes:
    return world.certificate({ALTERNATIVE: (names, False)})
