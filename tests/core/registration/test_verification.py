"""From a challenge to a resident: what registers, what renews, and what changes nothing."""

import asyncio
import json
from dataclasses import replace
from datetime import date

import pytest
from grpc import StatusCode
from sqlalchemy import func, select

from core import events
from core.callers import Role
from core.dispatches.rows import Delivery, Dispatch
from core.residents import fact_rows, rows
from tests.cards import Cards, a_holder
from tests.makers import a_challenge, a_contact, a_request_id, a_resident, an_answer
from tests.town import MUNICIPALITY, Town
from todoke.client import Core, CoreError
from todoke.v1 import registration_pb2 as pb
from todoke.v1 import residents_pb2


async def complete(channel: Core, request: pb.CompleteVerificationRequest):
    return await channel.ask(channel.registration.CompleteVerification, request)


async def refusal(channel: Core, request: pb.CompleteVerificationRequest) -> CoreError:
    with pytest.raises(CoreError) as refused:
        await complete(channel, request)
    return refused.value


async def a_begun(a_town: Town, channel: Core) -> pb.Verification:
    contact = await a_contact(a_town, channel)
    return await a_challenge(channel, contact.external_id)


async def residents_in(a_town: Town) -> int:
    return await a_town.read(
        lambda s: s.scalars(select(func.count()).select_from(rows.Resident)).one()
    )


async def kinds_about(a_town: Town, subject: str) -> list[str]:
    found = await a_town.read(lambda s: events.about(s, MUNICIPALITY, subject))
    return [event.kind for event in found]


async def the_resident(a_town: Town, resident_id: str) -> residents_pb2.Resident:
    staff = await a_town.staff(Role.REVIEWER)
    request = residents_pb2.GetResidentRequest(resident_id=resident_id)
    return (await staff.ask(staff.residents.GetResident, request)).resident


async def test_a_signed_consent_registers_the_cards_holder(a_town: Town, cards: Cards) -> None:
    line = await a_town.channel()
    card = cards.issue(a_holder(name="髙﨑　花子", birth_date=date(1958, 4, 12)))
    contact = await a_contact(a_town, line)
    challenge = await a_challenge(line, contact.external_id)

    answer = await complete(line, an_answer(challenge, card))

    assert answer == pb.CompleteVerificationResponse(
        assurance=residents_pb2.ASSURANCE_JPKI_SIGNATURE,
        revocation=residents_pb2.REVOCATION_NOT_REVOKED,
    )
    page = await a_town.read(lambda s: list(fact_rows.current_facts(s, MUNICIPALITY)))
    resident = await the_resident(a_town, page[0][0])
    assert resident.basic_four == residents_pb2.BasicFour(
        name="高崎　花子",
        birth_date="1958-04-12",
        sex=residents_pb2.SEX_FEMALE,
        address=card.holder.address,
        name_substitutes="11000",
        address_substitutes="0" * len(card.holder.address),
    )
    assert resident.verify_time.ToDatetime() == a_town.clock().replace(tzinfo=None)
    assert [one.contact_id for one in resident.contacts] == [contact.contact_id]
    assert resident.contacts[0].registered
    assert not resident.suppressed


async def test_a_look_at_a_resident_is_in_the_log(a_town: Town, cards: Cards) -> None:
    made = await a_resident(a_town, await a_town.channel(), cards.issue())

    await the_resident(a_town, made.resident_id)

    found = await a_town.read(lambda s: events.about(s, MUNICIPALITY, made.resident_id))
    assert [event.kind for event in found] == ["resident.registered", "resident.viewed"]
    assert found[1].actor.startswith("staff:")


async def test_staff_of_another_municipality_know_no_such_resident(
    a_town: Town, cards: Cards
) -> None:
    await a_town.found("332020", "倉敷市")
    made = await a_resident(a_town, await a_town.channel(), cards.issue())
    elsewhere = await a_town.staff(Role.REVIEWER, municipality="332020")

    with pytest.raises(CoreError) as unknown:
        await elsewhere.ask(
            elsewhere.residents.GetResident,
            residents_pb2.GetResidentRequest(resident_id=made.resident_id),
        )

    assert unknown.value.reason == "RESIDENT_UNKNOWN"


async def test_the_resident_is_told_on_the_contact_that_signed(a_town: Town, cards: Cards) -> None:
    line, card = await a_town.channel(), cards.issue()
    first = await a_resident(a_town, line, card, language="en")
    await a_resident(a_town, line, card, external_id=first.external_id, language="en")

    def told(session) -> list[tuple[str, dict, list[str]]]:
        query = select(Delivery, Dispatch).join(Dispatch, Dispatch.id == Delivery.dispatch_id)
        return [
            (delivery.contact_id, json.loads(sent.content)["notice"], json.loads(sent.recipients))
            for delivery, sent in session.execute(query.order_by(Delivery.id))
        ]

    found = await a_town.read(told)
    assert [notice["kind"] for _, notice, _ in found] == [
        "NOTICE_KIND_REGISTERED",
        "NOTICE_KIND_RENEWED",
    ]
    for contact_id, notice, recipients in found:
        assert contact_id == first.contact_id
        assert recipients == [first.external_id]
        assert notice["language"] == "en"
        assert notice["time"] == "2026-11-24T01:00:00Z"


async def test_a_suppressed_resident_is_told_nothing(a_town: Town, cards: Cards) -> None:
    line, card = await a_town.channel(), cards.issue()
    made = await a_resident(a_town, line, card)

    def suppress(session) -> None:
        rows.get(session, MUNICIPALITY, made.resident_id).suppressed = True

    await a_town.running.db.write(suppress)
    await a_resident(a_town, line, card, external_id=made.external_id)

    ids = [made.resident_id, "another"]
    assert await a_town.read(lambda s: rows.suppressed(s, MUNICIPALITY, ids)) == {made.resident_id}
    told = await a_town.read(lambda s: s.scalars(select(Delivery.id)).all())
    assert len(told) == 1


async def test_the_same_card_again_renews_and_keeps_the_history(a_town: Town, cards: Cards) -> None:
    line = await a_town.channel()
    card = cards.issue()
    first = await a_resident(a_town, line, card)
    a_town.clock.pass_by(days=1)
    moved = cards.issue(replace(card.holder, address="岡山県総社市総社９番地"))

    second = await a_resident(a_town, line, moved, external_id=first.external_id)

    assert not first.renewed
    assert second.renewed
    assert second.resident_id == first.resident_id
    history = await a_town.read(lambda s: fact_rows.history_of(s, MUNICIPALITY, first.resident_id))
    assert [facts.address for facts in history] == [card.holder.address, moved.holder.address]
    assert [facts.closed_time for facts in history] == [a_town.clock(), None]
    assert (await the_resident(a_town, first.resident_id)).basic_four.address == (
        moved.holder.address
    )


async def test_one_person_with_two_contacts_is_one_resident(a_town: Town, cards: Cards) -> None:
    line, web = await a_town.channel("line"), await a_town.channel("web")
    card = cards.issue()
    wide = cards.issue(replace(card.holder, name=card.holder.name.replace("\u3000", " ")))

    first = await a_resident(a_town, line, card)
    second = await a_resident(a_town, web, wide)

    assert second.resident_id == first.resident_id
    assert second.renewed
    contacts = (await the_resident(a_town, first.resident_id)).contacts
    assert {contact.channel for contact in contacts} == {"line", "web"}
    names = await a_town.read(
        lambda s: fact_rows.names_of(s, MUNICIPALITY, [first.resident_id, "another"])
    )
    assert names == {first.resident_id: wide.holder.name}


async def test_one_person_on_two_contacts_at_once_is_one_resident(
    a_town: Town, cards: Cards
) -> None:
    card, channels = cards.issue(), [await a_town.channel("line"), await a_town.channel("web")]
    begun = [(one, await a_begun(a_town, one)) for one in channels * 4]

    answers = await asyncio.gather(*(complete(one, an_answer(c, card)) for one, c in begun))

    assert sorted(answer.renewed for answer in answers) == [False] + [True] * 7
    assert await residents_in(a_town) == 1


async def test_a_contact_takes_no_card_of_another_person(a_town: Town, cards: Cards) -> None:
    line = await a_town.channel()
    made = await a_resident(a_town, line, cards.issue())
    challenge = await a_challenge(line, made.external_id)

    taken = await refusal(line, an_answer(challenge, cards.issue()))

    assert taken.reason == "CONTACT_TAKEN"
    assert taken.code is StatusCode.FAILED_PRECONDITION
    assert await residents_in(a_town) == 1


async def test_two_people_of_one_name_and_birth_date_are_two_residents(
    a_town: Town, cards: Cards
) -> None:
    line, card = await a_town.channel(), cards.issue()
    namesake = cards.issue(replace(card.holder, address="岡山県総社市総社１０番地"))

    first = await a_resident(a_town, line, card)
    second = await a_resident(a_town, line, namesake)

    assert first.resident_id != second.resident_id


async def test_a_birth_date_without_a_day_is_shown_as_unknown(a_town: Town, cards: Cards) -> None:
    card = cards.issue(a_holder(birth_date_text="319500400", sex="3"))
    made = await a_resident(a_town, await a_town.channel(), card)

    four = (await the_resident(a_town, made.resident_id)).basic_four

    assert (four.birth_date, four.sex) == ("", residents_pb2.SEX_UNSPECIFIED)


async def test_no_fact_is_readable_in_the_database_or_the_log(a_town: Town, cards: Cards) -> None:
    card = cards.issue()
    await a_resident(a_town, await a_town.channel(), card)

    def everything(session) -> str:
        tables = (
            "facts",
            "contacts",
            "challenges",
            "events",
            "answers",
            "deliveries",
            "dispatches",
        )
        connection = session.connection()
        return repr(
            [
                [bytes(value) if isinstance(value, memoryview) else value for value in row]
                for table in tables
                for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
            ]
        )

    stored = await a_town.read(everything)
    for fact in (card.holder.name, card.holder.address, card.holder.birth):
        assert fact not in stored
        assert repr(fact.encode())[2:-1] not in stored


async def test_every_verification_is_in_an_unbroken_log(a_town: Town, cards: Cards) -> None:
    line, card = await a_town.channel(), cards.issue()
    made = await a_resident(a_town, line, card)
    await a_resident(a_town, line, card, external_id=made.external_id)

    assert await kinds_about(a_town, made.contact_id) == [
        "contact.seen",
        "verification.begun",
        "contact.linked",
        "verification.begun",
    ]
    assert await kinds_about(a_town, made.resident_id) == [
        "resident.registered",
        "resident.renewed",
    ]
    assert (await a_town.read(lambda s: events.verify(s, MUNICIPALITY))).broken_at == 0


async def test_invalid_fields_of_an_answer_are_named(a_town: Town) -> None:
    line = await a_town.channel()
    request = pb.CompleteVerificationRequest(challenge_id="short", request_id=a_request_id())

    refused = await refusal(line, request)

    assert refused.reason == "FIELD_INVALID"
    assert "challenge_id" in {violation.field for violation in refused.violations}
