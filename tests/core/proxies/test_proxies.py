"""One resident acts for another: offered, accepted, shown, ended, over by itself."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from core import events
from core.callers import Role
from core.proxies import actions, rules
from core.residents.rows import Resident
from core.residents.rules import ClosingCause
from tests.cards import Cards, a_holder
from tests.core.access.links import a_code, by_id, present, refused, speaking
from tests.core.proxies.people import a_proxy, accept, end, listed, offer, terms
from tests.makers import Registered, a_contact, a_resident
from tests.notices import kinds_told, notices
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import Core
from todoke.v1 import proxies_pb2 as pb


async def two(a_town: Town, cards: Cards) -> tuple[Core, Registered, Registered]:
    """Return a channel with a mother, and her daughter."""
    line = await a_town.channel()
    mother = await a_resident(a_town, line, cards.issue(a_holder(name="総社　梅")))
    daughter = await a_resident(a_town, line, cards.issue(a_holder(name="総社　桜")))
    return line, mother, daughter


async def change(a_town: Town, resident: Registered, **changes) -> None:
    work = update(Resident).where(Resident.id == resident.resident_id).values(**changes)
    await a_town.running.db.write(lambda s: s.execute(work))


async def test_an_accepted_offer_makes_a_proxy_and_both_are_told(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)

    proxy = await a_proxy(line, mother, daughter, terms(pb.PROXY_SCOPE_READ))

    assert (proxy.resident_id, proxy.resident_name) == (mother.resident_id, "総社　梅")
    assert (proxy.proxy_resident_id, proxy.proxy_name) == (daughter.resident_id, "総社　桜")
    assert list(proxy.scopes) == [pb.PROXY_SCOPE_READ]
    assert proxy.expire_date == "2027-03-31"
    told = [
        (one.external_id, one.kind, one.notice.person, one.notice.until_date)
        for one in await notices(a_town)
    ]
    assert told == [
        (mother.external_id, "PROXY_GIVEN", "総社　桜", "2027-03-31"),
        (daughter.external_id, "PROXY_TAKEN", "総社　梅", "2027-03-31"),
    ]
    assert await listed(line, speaking(mother.external_id)) == [proxy]
    assert await listed(line, speaking(daughter.external_id)) == [proxy]


async def test_staff_offer_a_proxy_on_paper_and_see_it(a_town: Town, cards: Cards) -> None:
    line, mother, daughter = await two(a_town, cards)
    made = await offer(await a_town.staff(Role.COUNTER), by_id(mother.resident_id))
    a_town.clock.pass_by(days=10)
    counter, reviewer = await a_town.staff(Role.COUNTER), await a_town.staff(Role.REVIEWER)

    proxy = await accept(line, daughter.external_id, made.code)
    seen = await listed(reviewer, by_id(daughter.resident_id))
    not_theirs = await refused(end(reviewer, by_id(mother.resident_id), proxy.proxy_id))
    ended = await end(counter, by_id(mother.resident_id), proxy.proxy_id)

    assert seen == [proxy]
    assert not_theirs.reason == "CALLER_NOT_ALLOWED"
    assert ended.HasField("end_time")
    log = await a_town.read(lambda s: events.about(s, MUNICIPALITY, proxy.proxy_id))
    assert [event.kind for event in log] == ["proxy.given", "proxy.ended"]
    assert log[0].details["given_by"] == "counter"
    assert log[0].on_behalf_of == mother.resident_id
    looks = await a_town.read(lambda s: events.about(s, MUNICIPALITY, daughter.resident_id))
    assert looks[-1].kind == "proxies.viewed"


@pytest.mark.parametrize("side", ["mother", "daughter"])
async def test_either_side_ends_it_at_once_and_both_are_told_once(
    a_town: Town, cards: Cards, side: str
) -> None:
    line, mother, daughter = await two(a_town, cards)
    proxy = await a_proxy(line, mother, daughter)
    who = speaking({"mother": mother, "daughter": daughter}[side].external_id)

    await end(line, who, proxy.proxy_id)
    again = await end(line, who, proxy.proxy_id)

    assert again.HasField("end_time")
    assert await listed(line, who) == []
    assert await listed(line, who, with_ended=True) == [again]
    assert (await kinds_told(a_town))[2:] == [
        (mother.external_id, "PROXY_ENDED"),
        (daughter.external_id, "PROXY_ENDED"),
    ]


async def test_nobody_ends_or_sees_the_proxy_of_others(a_town: Town, cards: Cards) -> None:
    line, mother, daughter = await two(a_town, cards)
    stranger = await a_resident(a_town, line, cards.issue())
    proxy = await a_proxy(line, mother, daughter)

    error = await refused(end(line, speaking(stranger.external_id), proxy.proxy_id))

    assert error.reason == "PROXY_UNKNOWN"
    assert await listed(line, speaking(stranger.external_id)) == []


async def test_accepting_again_takes_the_new_terms_in_place_of_the_old(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    first = await a_proxy(line, mother, daughter)

    second = await a_proxy(line, mother, daughter, terms(pb.PROXY_SCOPE_READ))

    who = speaking(mother.external_id)
    assert await listed(line, who) == [second]
    assert [one.proxy_id for one in await listed(line, who, with_ended=True)] == [
        second.proxy_id,
        first.proxy_id,
    ]


@on_sqlite
@pytest.mark.parametrize(
    ("day", "taken"),
    [
        ("2026-11-23", False),
        ("2026-11-24", True),
        ("2028-11-24", True),
        ("2028-11-25", False),
        ("2027-02-29", False),
    ],
)
async def test_the_last_day_is_today_or_later_within_two_years(
    a_town: Town, cards: Cards, day: str, *, taken: bool
) -> None:
    line, mother, _ = await two(a_town, cards)
    asked = offer(line, speaking(mother.external_id), terms(expire_date=day))
    if taken:
        assert len((await asked).code) == 10
    else:
        assert (await refused(asked)).reason == "FIELD_INVALID"


async def test_a_code_is_for_what_it_was_made(a_town: Town, cards: Cards) -> None:
    line, mother, daughter = await two(a_town, cards)
    contact = await a_contact(a_town, line)
    offered = (await offer(line, speaking(mother.external_id))).code
    linking = (await a_code(line, speaking(mother.external_id))).code

    one = await refused(present(line, contact.external_id, offered))
    two_ = await refused(accept(line, daughter.external_id, linking))

    assert {one.reason, two_.reason} == {"LINK_CODE_REFUSED"}


async def test_an_offer_ends_with_its_last_day_and_is_good_once(a_town: Town, cards: Cards) -> None:
    line, mother, daughter = await two(a_town, cards)
    counter = await a_town.staff(Role.COUNTER)
    today = await offer(counter, by_id(mother.resident_id), terms(expire_date="2026-11-24"))
    other = (await offer(line, speaking(mother.external_id))).code
    await accept(line, daughter.external_id, other)

    used = await refused(accept(line, daughter.external_id, other))
    a_town.clock.now = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # Midnight in Japan.
    late = await refused(accept(line, daughter.external_id, today.code))

    assert today.expire_time.ToDatetime(UTC) == a_town.clock()
    assert (used.reason, late.reason) == ("LINK_CODE_REFUSED", "LINK_CODE_REFUSED")


async def test_nobody_is_their_own_proxy_nor_takes_or_gives_one_for_another(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    await a_proxy(line, mother, daughter)
    for_mother = speaking(daughter.external_id, mother.resident_id)
    code = (await offer(line, speaking(mother.external_id))).code

    errors = [
        await refused(accept(line, mother.external_id, code)),
        await refused(offer(line, for_mother)),
        await refused(accept(line, daughter.external_id, code, mother.resident_id)),
        await refused(listed(line, for_mother)),
        await refused(accept(line, (await a_contact(a_town, line)).external_id, code)),
    ]

    assert [error.reason for error in errors] == [
        "SAME_PERSON",
        "PROXY_NOT_GRANTED",
        "PROXY_NOT_GRANTED",
        "PROXY_NOT_GRANTED",
        "CONTACT_NOT_REGISTERED",
    ]


async def test_whose_registration_has_ended_gives_and_takes_no_proxy(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    code = (await offer(line, speaking(mother.external_id))).code
    await change(a_town, daughter, closing_cause=ClosingCause.MOVED_OUT)
    taking = await refused(accept(line, daughter.external_id, code))
    await change(a_town, daughter, closing_cause=None)
    await change(a_town, mother, closing_cause=ClosingCause.DIED)
    given = await refused(accept(line, daughter.external_id, code))
    giving = await refused(offer(line, speaking(mother.external_id)))

    assert [error.reason for error in (taking, given, giving)] == [
        "RESIDENT_CLOSED",
        "LINK_CODE_REFUSED",
        "RESIDENT_CLOSED",
    ]


async def test_of_the_protected_their_proxy_sees_and_hears_nothing(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    proxy = await a_proxy(line, mother, daughter)
    await change(a_town, mother, suppressed=True)
    told = len(await kinds_told(a_town))

    assert await listed(line, speaking(daughter.external_id)) == []
    error = await refused(end(line, speaking(daughter.external_id), proxy.proxy_id))
    await end(line, speaking(mother.external_id), proxy.proxy_id)

    assert error.reason == "PROXY_UNKNOWN"
    assert len(await kinds_told(a_town)) == told


async def test_what_is_past_its_last_day_is_ended_once_and_told(a_town: Town, cards: Cards) -> None:
    line, mother, daughter = await two(a_town, cards)
    await a_proxy(line, mother, daughter, terms(expire_date="2026-12-01"))
    await a_proxy(line, daughter, mother, terms(expire_date="2026-12-02"))

    async def expire() -> int:
        now = a_town.clock()
        return await a_town.running.db.write(lambda s: actions.expire_due(s, MUNICIPALITY, now))

    a_town.clock.now = datetime(2026, 12, 1, 14, 59, tzinfo=UTC)
    before = await expire()
    shown_on_the_day = len(await listed(line, speaking(mother.external_id)))
    a_town.clock.pass_by(minutes=1)
    shown_after = len(await listed(line, speaking(mother.external_id)))

    assert (before, await expire(), await expire()) == (0, 1, 0)
    assert (shown_on_the_day, shown_after) == (2, 1)
    assert sorted((await kinds_told(a_town))[4:]) == sorted(
        [(mother.external_id, "PROXY_ENDED"), (daughter.external_id, "PROXY_ENDED")]
    )


def test_two_years_from_a_leap_day_end_on_the_day_before_march() -> None:
    leap = datetime(2028, 2, 29, 3, tzinfo=UTC)
    assert rules.may_last_until(date(2030, 2, 28), leap)
    assert not rules.may_last_until(date(2030, 3, 1), leap)
