"""A whole synthetic city is matched as it must be: nobody wrongly, and everybody who is certain."""

import asyncio

import pytest

from channels.simulators.card import Holder
from channels.simulators.card.holder import substitute
from channels.simulators.city import City
from channels.simulators.city.city import Registrant
from channels.simulators.city.differences import Expected
from core.callers import Role
from core.eligibility import entitlement_rows
from core.matching import Decision, Entitled, Registration, match
from core.rosters.file import open_roster
from core.rosters.rows import RosterRow
from tests.cards import Cards
from tests.core.eligibility.makers import a_program, matched, matches, upload
from tests.makers import a_resident
from tests.town import MUNICIPALITY, Town
from todoke.v1 import matching_pb2 as pb

CERTAIN = {Expected.EXACT, Expected.SUPPRESSED, Expected.NO_ACCOUNT}


def expected(city: City, *kinds: Expected) -> set[str]:
    """Return the numbers of the addressees of whom this is to become."""
    return {one.person.addressee for one in city.registrants if one.expected in kinds}


def a_holder(registrant: Registrant) -> Holder:
    person = registrant.person
    return Holder(
        name=person.name,
        birth_date=person.birth_date,
        sex=person.sex,
        address=registrant.address,
    )


def a_registration(registrant: Registrant) -> Registration:
    name, name_flags = substitute(registrant.person.name)
    address, address_flags = substitute(registrant.address)
    return Registration(
        id=registrant.person.addressee,
        name=name,
        birth_date=registrant.person.birth_date.isoformat(),
        sex=registrant.person.sex,
        address=address,
        name_flags=name_flags,
        address_flags=address_flags,
        suppressed=False,
    )


def an_entitlement(row: RosterRow) -> Entitled:
    return Entitled(
        id=row.reference,
        name=row.name,
        birth_date=row.birth_date,
        sex=row.sex or "",
        address=row.address,
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_engine_finds_who_is_certain_and_nobody_else(seed: int) -> None:
    city = City(seed, households=1000, registered=300)

    pairs = match(
        map(a_registration, city.registrants),
        map(an_entitlement, open_roster([city.roster()]).rows),
    )

    accepted = [pair for pair in pairs if pair.decision is Decision.ACCEPTED]
    assert all(pair.registration_id == pair.entitled_id for pair in accepted)
    assert {pair.entitled_id for pair in accepted} == expected(city, *CERTAIN)
    reviewed = {pair.registration_id for pair in pairs if pair.decision is Decision.TO_REVIEW}
    assert reviewed >= expected(city, Expected.REVIEW)


async def test_the_city_is_registered_imported_and_matched(a_town: Town, cards: Cards) -> None:
    city = City(7, households=240, registered=80)
    line, staff = await a_town.channel(), await a_town.staff(Role.ELIGIBILITY)
    numbers = dict(
        await asyncio.gather(*(_registered(a_town, line, cards, one) for one in city.registrants))
    )
    program = await a_program(staff)
    answer = await upload(staff, program, city.roster(), size=4096)

    counts = (await matched(staff, program)).counts

    assert (answer.roster.encoding, answer.roster.rows) == ("cp932", 240)
    assert counts.matched == len(expected(city, *CERTAIN))
    accepted = (await matches(staff, program, pb.MATCH_DECISION_ACCEPTED, page_size=200)).matches
    assert {one.entitlement.reference for one in accepted} == expected(city, *CERTAIN)
    assert all(numbers[one.resident_id] == one.entitlement.reference for one in accepted)
    reviewed = (await matches(staff, program, pb.MATCH_DECISION_TO_REVIEW, page_size=200)).matches
    assert {numbers[one.resident_id] for one in reviewed} >= expected(city, Expected.REVIEW)
    to_invite = await a_town.read(
        lambda s: entitlement_rows.to_invite(s, MUNICIPALITY, program.program_id)
    )
    reachable = {row.reference for row, _ in to_invite if row.account and not row.suppressed}
    assert reachable == expected(city, Expected.EXACT)


async def _registered(town: Town, line, cards: Cards, registrant: Registrant) -> tuple[str, str]:
    """Register somebody and return the resident's id with the city's own number."""
    resident = await a_resident(
        town, line, cards.issue(a_holder(registrant)), external_id=registrant.line_user_id
    )
    return resident.resident_id, registrant.person.addressee
