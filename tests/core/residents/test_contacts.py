"""Contacts as channels meet and lose them."""

import asyncio
from datetime import timedelta

import pytest

from core.residents import contact_rows
from tests.makers import a_contact, a_request_id, a_resident
from tests.town import MUNICIPALITY, Town
from todoke.client import Core, CoreError
from todoke.v1 import residents_pb2 as pb


def a_sight(
    town: Town,
    *,
    state=pb.CONTACT_STATE_REACHABLE,
    external_id: str = "Uabc",
    language: str = "ja",
    seconds: float = 0,
    request_id: str = "",
) -> pb.SeeContactRequest:
    request = pb.SeeContactRequest(
        external_id=external_id,
        state=state,
        language=language,
        request_id=request_id or a_request_id(),
    )
    request.seen_time.FromDatetime(town.clock() + timedelta(seconds=seconds))
    return request


async def get(channel: Core, external_id: str = "Uabc") -> pb.Contact:
    request = pb.GetContactRequest(external_id=external_id)
    return (await channel.ask(channel.residents.GetContact, request)).contact


async def test_a_contact_is_known_after_it_was_seen(a_town: Town) -> None:
    line = await a_town.channel()

    seen = (await line.ask(line.residents.SeeContact, a_sight(a_town))).contact

    assert seen == await get(line)
    assert (seen.channel, seen.external_id, seen.language) == ("line", "Uabc", "ja")
    assert seen.state == pb.CONTACT_STATE_REACHABLE
    assert not seen.registered


async def test_an_older_sight_never_overrules_a_newer_one(a_town: Town) -> None:
    line = await a_town.channel()
    see = line.residents.SeeContact
    await line.ask(see, a_sight(a_town, seconds=-10, state=pb.CONTACT_STATE_LOST))

    await line.ask(see, a_sight(a_town, seconds=-20, language="en"))

    contact = await get(line)
    assert contact.state == pb.CONTACT_STATE_LOST
    assert contact.language == "ja"


async def test_a_lost_contact_that_follows_again_is_reachable_again(a_town: Town) -> None:
    line = await a_town.channel()
    see = line.residents.SeeContact
    await line.ask(see, a_sight(a_town, seconds=-20))
    await line.ask(see, a_sight(a_town, seconds=-10, state=pb.CONTACT_STATE_LOST, language=""))
    lost = await get(line)

    await line.ask(see, a_sight(a_town, language=""))

    assert lost.state == pb.CONTACT_STATE_LOST
    assert (await get(line)).state == pb.CONTACT_STATE_REACHABLE
    assert (await get(line)).language == "ja"


async def test_a_channel_whose_clock_is_ahead_does_not_outdo_what_is_seen_later(
    a_town: Town,
) -> None:
    line = await a_town.channel()
    see = line.residents.SeeContact
    await line.ask(see, a_sight(a_town, seconds=86_400, state=pb.CONTACT_STATE_LOST))
    a_town.clock.pass_by(seconds=1)

    await line.ask(see, a_sight(a_town))

    assert (await get(line)).state == pb.CONTACT_STATE_REACHABLE


async def test_a_repeated_sight_is_answered_as_before(a_town: Town) -> None:
    line = await a_town.channel()
    request = a_sight(a_town, request_id="follow-0001")

    first = await line.ask(line.residents.SeeContact, request)
    second = await line.ask(line.residents.SeeContact, request)

    assert second == first


async def test_many_sights_at_once_make_one_contact(a_town: Town) -> None:
    line = await a_town.channel()

    answers = await asyncio.gather(
        *(line.ask(line.residents.SeeContact, a_sight(a_town)) for _ in range(20))
    )

    assert len({answer.contact.contact_id for answer in answers}) == 1


async def test_a_contact_is_its_channels_and_its_municipalitys_own(a_town: Town) -> None:
    await a_town.found("332020", "倉敷市")
    line = await a_town.channel()
    await line.ask(line.residents.SeeContact, a_sight(a_town))

    for other in (await a_town.channel("web"), await a_town.channel("line", "332020")):
        with pytest.raises(CoreError) as unknown:
            await get(other)
        assert unknown.value.reason == "CONTACT_UNKNOWN"


async def test_staff_see_no_contacts_and_channels_no_residents(a_town: Town) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    request = pb.GetResidentRequest(resident_id="01890000-0000-7000-8000-000000000000")

    with pytest.raises(CoreError) as seeing:
        await staff.ask(staff.residents.SeeContact, a_sight(a_town))
    with pytest.raises(CoreError) as getting:
        await line.ask(line.residents.GetResident, request)

    assert seeing.value.reason == getting.value.reason == "CALLER_NOT_ALLOWED"


async def test_invalid_fields_of_a_sight_are_named(a_town: Town) -> None:
    line = await a_town.channel()
    request = pb.SeeContactRequest(external_id="", language="Japanese!", request_id="x")

    with pytest.raises(CoreError) as refused:
        await line.ask(line.residents.SeeContact, request)

    fields = {violation.field for violation in refused.value.violations}
    assert fields == {"external_id", "state", "seen_time", "language", "request_id"}


async def test_the_newest_seen_contact_that_can_be_reached_is_taken(a_town: Town, cards) -> None:
    line, card = await a_town.channel(), cards.issue()
    old = await a_resident(a_town, line, card)
    a_town.clock.pass_by(minutes=1)
    new = await a_resident(a_town, line, card)

    async def reachable() -> str | None:
        contact = await a_town.read(
            lambda s: contact_rows.reachable_contact(s, MUNICIPALITY, old.resident_id)
        )
        return contact and contact.id

    see, lost = line.residents.SeeContact, pb.CONTACT_STATE_LOST
    newest = await reachable()
    await line.ask(see, a_sight(a_town, external_id=new.external_id, state=lost))
    older = await reachable()
    await line.ask(see, a_sight(a_town, external_id=old.external_id, state=lost))

    assert (newest, older, await reachable()) == (new.contact_id, old.contact_id, None)


async def test_what_a_channel_calls_a_contact_is_not_readable_in_the_database(
    a_town: Town,
) -> None:
    line = await a_town.channel()
    contact = await a_contact(a_town, line, "Ureadable")

    stored = await a_town.read(
        lambda s: s.connection().exec_driver_sql("SELECT external_id FROM contacts").scalar_one()
    )

    assert contact.external_id == "Ureadable"
    assert b"Ureadable" not in bytes(stored)
