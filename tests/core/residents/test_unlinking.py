"""A contact leaves its resident: who may, who is told, and what ends with it."""

import pytest

from core.callers import Role
from tests.cards import Cards
from tests.core.access.entering import ORIGIN, a_passkey, sign_in
from tests.core.access.links import by_id, joined, refused, speaking
from tests.makers import a_challenge, a_contact, a_request_id, a_resident, an_answer
from tests.notices import kinds_told
from tests.passkeys import Authenticator
from tests.town import Town, build
from todoke.client import Core
from todoke.v1 import residents_pb2 as pb


@pytest.fixture
async def a_town(database, tmp_path, cards: Cards):
    town = await build(database, tmp_path, web_origins=[ORIGIN], **cards.settings)
    yield town
    await town.close()


async def unlink(core: Core, who: pb.NamedResident, contact_id: str) -> None:
    request = pb.UnlinkContactRequest(
        resident=who, contact_id=contact_id, request_id=a_request_id()
    )
    await core.ask(core.residents.UnlinkContact, request)


async def look(core: Core, external_id: str) -> pb.Contact:
    request = pb.GetContactRequest(external_id=external_id)
    return (await core.ask(core.residents.GetContact, request)).contact


async def test_a_resident_unlinks_a_contact_of_another_channel_which_is_told(
    a_town: Town, cards: Cards
) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    resident = await a_resident(a_town, line, cards.issue())
    me = speaking(resident.external_id)
    joined_id = await joined(a_town, line, me, web)
    contact = await look(web, joined_id)

    await unlink(line, me, contact.contact_id)

    assert not (await look(web, joined_id)).registered
    assert (await look(line, resident.external_id)).registered
    assert (await kinds_told(a_town))[1:] == [(joined_id, "CONTACT_UNLINKED")]


async def test_staff_of_the_counter_unlink_and_others_may_not(a_town: Town, cards: Cards) -> None:
    line, counter = await a_town.channel(), await a_town.staff(Role.COUNTER)
    reviewer = await a_town.staff(Role.REVIEWER)
    resident = await a_resident(a_town, line, cards.issue())
    who = by_id(resident.resident_id)

    error = await refused(unlink(reviewer, who, resident.contact_id))
    await unlink(counter, who, resident.contact_id)

    assert error.reason == "CALLER_NOT_ALLOWED"
    assert not (await look(line, resident.external_id)).registered


async def test_nobody_unlinks_anothers_contact(a_town: Town, cards: Cards) -> None:
    line, counter = await a_town.channel(), await a_town.staff(Role.COUNTER)
    one = await a_resident(a_town, line, cards.issue())
    other = await a_resident(a_town, line, cards.issue())
    nobody = await a_contact(a_town, line)

    errors = [
        await refused(unlink(line, speaking(one.external_id), other.contact_id)),
        await refused(unlink(line, speaking(one.external_id), nobody.contact_id)),
        await refused(unlink(counter, by_id(one.resident_id), other.contact_id)),
        await refused(unlink(line, by_id(one.resident_id), one.contact_id)),
        await refused(unlink(line, speaking(nobody.external_id), one.contact_id)),
    ]

    assert [error.reason for error in errors] == [
        "CONTACT_UNKNOWN",
        "CONTACT_UNKNOWN",
        "CONTACT_UNKNOWN",
        "RESIDENT_UNKNOWN",
        "CONTACT_NOT_REGISTERED",
    ]
    assert (await look(line, other.external_id)).registered


async def test_what_hangs_on_a_contact_ends_with_it(a_town: Town, cards: Cards) -> None:
    web = await a_town.channel("web")
    resident = await a_resident(a_town, web, cards.issue())
    challenge = await a_challenge(web, resident.external_id)
    device = Authenticator(ORIGIN)
    await a_passkey(web, resident.external_id, device)
    await sign_in(web, device)

    await unlink(web, speaking(resident.external_id), resident.contact_id)

    answer = an_answer(challenge, cards.issue())
    signed = await refused(web.ask(web.registration.CompleteVerification, answer))
    entered = await refused(sign_in(web, device))
    assert (signed.reason, entered.reason) == ("CHALLENGE_USED", "PASSKEY_REFUSED")


async def test_a_contact_that_left_may_be_anothers(a_town: Town, cards: Cards) -> None:
    line = await a_town.channel()
    first = await a_resident(a_town, line, cards.issue())

    await unlink(line, speaking(first.external_id), first.contact_id)
    second = await a_resident(a_town, line, cards.issue(), external_id=first.external_id)

    assert second.contact_id == first.contact_id
    assert second.resident_id != first.resident_id
