"""Certificates that are in order, and the facts in them, readable and not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from cryptography.hazmat.primitives import serialization

from channels.simulators.card import Holder, profile
from tests.core.registration.identity_oracle import der
from tests.core.registration.identity_oracle.broken_facts import with_facts
from tests.core.registration.identity_oracle.world import (
    AUTHORITY_KEY,
    CARD,
    CONSTRAINTS,
    CRL_POINTS,
    DAY,
    EXTENDED,
    ISSUER_ALTERNATIVE,
    NOW,
    POLICIES,
    SOJA,
    SUBJECT_KEY,
    TEST,
    Case,
    World,
    constraints,
    point,
    policies,
    public,
)

UNREADABLE = "CERTIFICATE_UNREADABLE"
SURNAMES = ("高崎", "吉田", "渡邊", "齋藤", "黒桐", "佐々木", "勅使河原", "辻", "ヴァンダイク")
GIVEN = ("幹也", "邊子", "一", "さくら", "龍之介", "ベアトリス", "ゝ", "瑤")
TOWNS = (
    "岡山県総社市中央１丁目２－３",
    "東京都清瀬市中里５－８４２",
    "北海道札幌市北区北７条西６丁目",
)
HOUSES = ("", "　吉田ハイツ１０１", "　ヴィラ・ド・エヌ２０３号室", "番地先" * 60)


def generations(world: World, chance: Random) -> Iterator[Case]:
    """Each generation, policy and order of what is installed."""
    for number, own in enumerate(world.generations, 1):
        for kind, policy in (("card", CARD), ("test card", TEST)):
            certificate = world.certificate(
                {POLICIES: (policies(policy), True)}, signer=f"generation {number}"
            )
            orders = {
                "alone": (own,),
                "with all": world.generations,
                "with all, reversed": world.generations[::-1],
            }
            for order, installed in orders.items():
                name = f"a {kind} of generation {number}, {order}"
                yield world.case(name, certificate, installed=installed, policy=policy)


def optional_extensions(world: World, chance: Random) -> Iterator[Case]:
    """Extensions that a certificate may have or lack, one by one and in random sets."""
    known = _optional(world)
    once = [label for label in known if label not in ("an empty authority key's id", TWICE)]
    for label, extension in known.items():
        yield world.case(f"with {label}", world.certificate(more=[extension]))
    for absent in (ISSUER_ALTERNATIVE, CRL_POINTS):
        yield world.case(f"without {absent}", world.certificate({absent: None}))
    for number in range(20):
        chosen = chance.sample(once, chance.randint(2, 6))
        dropped = chance.sample((ISSUER_ALTERNATIVE, CRL_POINTS), chance.randint(0, 2))
        certificate = world.certificate(
            dict.fromkeys(dropped), more=[known[each] for each in chosen]
        )
        yield world.case(f"with {', '.join(chosen)} ({number})", certificate)


TWICE = "critical constraints of no authority"


def _optional(world: World) -> dict[str, bytes]:
    responder = der.tlv(0x86, b"http://ocsp.jpki.go.jp")
    own_key = der.tlv(der.OCTETS, public(world.key("holder"))[-20:])
    its_key = der.tlv(0x80, public(world.key("generation 2"))[-20:])
    return {
        "its key's id": der.extension(SUBJECT_KEY, own_key),
        "the authority key's id": der.extension(AUTHORITY_KEY, der.sequence(its_key)),
        "an empty authority key's id": der.extension(AUTHORITY_KEY, der.sequence()),
        "a responder": der.extension(
            "1.3.6.1.5.5.7.1.1",
            der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.48.1"), responder)),
        ),
        "constraints of no authority": der.extension(CONSTRAINTS, constraints(authority=False)),
        TWICE: der.extension(CONSTRAINTS, constraints(authority=False), critical=True),
        "a purpose, documents": der.extension(
            EXTENDED, der.sequence(der.oid("1.3.6.1.5.5.7.3.36"))
        ),
        "a place for changes of lists": der.extension("2.5.29.46", der.sequence(point(SOJA))),
        "a period for the private key": der.extension(
            "2.5.29.16", der.sequence(der.tlv(0x80, b"20260101000000Z"))
        ),
        "a legal note": der.extension("2.16.840.1.113730.1.13", der.tlv(der.IA5, b"JPKI")),
        "something unknown": der.extension("1.2.3.4.5", b"\x04\x03abc"),
        "something unknown and empty": der.extension("1.2.3.4.6", b""),
    }


def birth_dates(world: World, chance: Random) -> Iterator[Case]:
    """Days at every era's edges, days that cannot be, and other forms."""
    edges = [date(1868, 1, 25), date(1912, 7, 30), date(1926, 12, 25), date(1989, 1, 8)]
    edges += [date(2019, 5, 1), date(2024, 2, 29)]
    days = [day + timedelta(days=step) for day in edges for step in (-1, 0, 1)]
    texts = {f"{era}{day:%Y%m%d}" for day in days for era in range(6)}
    chosen = list(texts)
    chosen += ["319400000", "319400200", "319400230", "419891301", "000000000", "119000229"]
    chosen += ["419000101", "599991231", "119120730", "319990101"]
    for text in sorted(set(chosen)):
        yield world.case(f"born {text}", with_facts(world, {4: text}))
    for text in (
        "19800217",
        "3198002170",
        "619800217",
        "３１９８００２１７",
        "3 9800217",
        "S550217",
    ):
        yield world.case(f"born {text}", with_facts(world, {4: text}), UNREADABLE)


def holders(world: World, chance: Random) -> Iterator[Case]:
    """Holders at random: names, addresses, flags of every length, each sex."""
    for number in range(40):
        name = f"{chance.choice(SURNAMES)}　{chance.choice(GIVEN)}"
        address = chance.choice(TOWNS) + chance.choice(HOUSES)
        born = date(1930, 1, 1) + timedelta(days=chance.randrange(35000))
        facts = {
            1: name,
            2: _flags(chance, len(name)),
            3: str(number % 10),
            4: f"{_era(born)}{born:%Y%m%d}",
            5: address,
            6: _flags(chance, len(address)),
        }
        order = chance.sample(sorted(facts), 6)
        yield world.case(f"holder {number}", with_facts(world, {arc: facts[arc] for arc in order}))


def _flags(chance: Random, length: int) -> str:
    """Flags of about the text's length: they need not be as long."""
    length = max(1, length + chance.choice((-1, 0, 0, 1)))
    share = chance.choice((0, 0, 0.2, 1))
    return "".join("1" if chance.random() < share else "0" for _ in range(length))


def _era(day: date) -> int:
    return 3 if day < date(1989, 1, 8) else 4 if day < date(2019, 5, 1) else 5


def card_simulator(world: World, chance: Random) -> Iterator[Case]:
    """Certificates that the card simulator builds, with another library."""
    key = world.key("simulator's authority")
    installed = profile.authority_certificate(key, NOW - 365 * DAY, NOW + 3650 * DAY)
    for number in range(10):
        holder = Holder(
            name=f"{chance.choice(SURNAMES)}　{chance.choice(GIVEN)}",
            birth_date=date(1940 + 7 * number, 1 + number, 28),
            sex=chance.choice("129"),
            address=TOWNS[0],
        )
        certificate = profile.signature_certificate(
            holder,
            world.key("holder").public_key(),
            serial=chance.getrandbits(120) + 1,
            not_before=NOW - number * DAY,
            not_after=NOW + number * DAY,
            authority_key=key,
        )
        yield world.case(
            f"the simulator's card {number}",
            certificate.public_bytes(serialization.Encoding.DER),
            installed=(installed.public_bytes(serialization.Encoding.DER),),
            policy=TEST,
        )


def times(world: World, chance: Random) -> Iterator[Case]:
    """The edges of validity, and every way to write a time."""
    second = timedelta(seconds=1)
    start, end = NOW - 200 * DAY, NOW + 1000 * DAY
    early, late = "CERTIFICATE_NOT_YET_VALID", "CERTIFICATE_EXPIRED"
    for label, now, expected in (
        ("at its first second", start, "NOT_CHECKED"),
        ("a second before it", start - second, early),
        ("a microsecond before it", start - second / 1000000, early),
        ("a microsecond after its first second", start + second / 1000000, "NOT_CHECKED"),
        ("at its last second", end, "NOT_CHECKED"),
        ("a microsecond after it", end + second / 1000000, late),
        ("a second after it", end + second, late),
        ("an hour before it, elsewhere", start - timedelta(hours=1), early),
    ):
        yield world.case(f"seen {label}", None, expected, now=now)
    for label, first, last, expected in (
        ("generalized times before 2050", der.generalized(start), der.generalized(end), None),
        ("until the end of 2049", der.utc(start), der.moment(_day(2049, 12, 31)), None),
        ("until 2050", der.utc(start), der.moment(_day(2050, 1, 1)), None),
        ("for ever", der.utc(start), der.tlv(der.GENERALIZED, b"99991231235959Z"), None),
        ("since 1950", der.moment(_day(1950, 1, 1)), der.utc(end), None),
        ("since 1949", der.moment(_day(1949, 12, 31)), der.utc(end), None),
        ("for one second, now", der.utc(NOW), der.utc(NOW), None),
        ("from its end to its start", der.utc(end), der.utc(start), early),
        ("until 1951", der.moment(_day(1950, 1, 1)), der.moment(_day(1951, 1, 1)), late),
        ("from 2049", der.moment(_day(2049, 1, 1)), der.moment(_day(2060, 1, 1)), early),
        ("until the 31st of February", der.utc(start), der.tlv(23, b"270231000000Z"), UNREADABLE),
        ("without seconds", der.utc(start), der.tlv(23, b"2702280000Z"), UNREADABLE),
        ("of another zone", der.utc(start), der.tlv(23, b"270228000000+0900"), UNREADABLE),
        ("of no zone", der.utc(start), der.tlv(23, b"270228000000"), UNREADABLE),
        ("with fractions", der.utc(start), der.tlv(24, b"20270228000000.5Z"), UNREADABLE),
        ("that is empty", der.utc(start), der.tlv(23), UNREADABLE),
        ("that is a text", der.utc(start), der.tlv(12, b"270228000000Z"), UNREADABLE),
    ):
        certificate = world.certificate(validity=der.sequence(first, last))
        yield world.case(f"valid {label}", certificate, *((expected,) if expected else ()))


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)
