"""Deleting a resident leaves nothing personal behind, but what the law makes the city keep."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access.rows import Code, Passkey
from core.access.rules import CodeKind
from core.applications.rows import Application
from core.callers import Role
from core.dispatches.rows import Dispatch
from core.events import verify
from core.ids import new_id
from core.proxies.rows import Proxy
from core.registration.rows import CounterRegistration
from core.registration.rules import RegistrationState
from core.residents.rows import Resident
from core.residents.rules import ConsentPurpose
from core.residents.wish_rows import Consent
from tests.cards import Cards
from tests.core.payments.batches import Office, set_originator
from tests.core.records.makers import (
    blind_indexes,
    by_staff,
    delete,
    record,
    themselves,
    traces,
)
from tests.core.residents.makers import close, events_of, run_jobs, search
from tests.core.test_applications import Case, a_case
from tests.makers import a_contact, a_request_id, a_resident
from tests.town import MUNICIPALITY, Town
from todoke.client import Core, CoreError
from todoke.v1 import records_pb2, residents_pb2


async def lay_down_all_kinds(town: Town, case: Case, other_id: str) -> None:
    """Give the resident one of each thing that hangs on a resident or a contact."""
    resident, now = case.resident, town.clock()
    common = {"municipality": MUNICIPALITY, "resident_id": resident.resident_id}

    def work(session) -> None:
        session.add_all(
            [
                Consent(
                    **common, id=new_id(), purpose=ConsentPurpose.CARE, version=1,
                    given_by="tap", give_time=now,
                ),
                Code(
                    **common, digest=b"code of the resident", kind=CodeKind.CONTACT,
                    maker="staff:suzuki", create_time=now, expire_time=now + timedelta(days=1),
                ),
                Passkey(
                    **common, id=new_id(), contact_id=resident.contact_id,
                    credential_id=b"credential", public_key=b"key", sign_count=0,
                    label="花子の電話", create_time=now,
                ),
                Proxy(
                    **common, id=new_id(), proxy_resident_id=other_id, scopes=["read"],
                    given_by="code", expire_date=date(2027, 1, 1), create_time=now,
                ),
                CounterRegistration(
                    **common, id=new_id(), state=RegistrationState.CONFIRMED,
                    document="passport", consent_version=1, proposer_id="s1", proposer="suzuki",
                    create_time=now, name="総社　花子の紙", birth_date="1950-04-12", sex="2",
                    address="紙の住所",
                ),
            ]
        )  # fmt: skip

    await town.running.db.write(work)


@pytest.mark.parametrize("decided", [True, False])
async def test_nothing_personal_is_left_but_a_decided_application(
    a_town: Town, cards: Cards, *, decided: bool
) -> None:
    case = await a_case(a_town, cards)
    other = await a_resident(a_town, case.line, cards.issue())
    await lay_down_all_kinds(a_town, case, other.resident_id)
    await case.tap("confirmed")
    if decided:
        await case.decide("Approve")
    named = themselves(case.resident.external_id)
    four = (await record(case.line, named)).resident.basic_four
    texts = (four.name, four.address, case.resident.external_id, "花子の電話", "紙の住所")
    digests = await a_town.read(lambda s: blind_indexes(s, case.resident.resident_id))
    before = await a_town.read(lambda s: traces(s, *texts, digests=digests))

    answer = await delete(case.line, named)

    left = await a_town.read(lambda s: traces(s, *texts, digests=digests))
    assert {"facts.name", "contacts.external_id", "search_keys.digest", "codes.digest"} <= before
    assert {"dispatches.recipients", "answers.response"} <= before
    assert left == set()
    assert list(answer.kept) == (["applications"] if decided else [])
    assert answer.kept_until == ("2031-11-25" if decided else "")
    application = await a_town.read(
        lambda s: s.get_one(Application, (MUNICIPALITY, case.application_id))
    )
    assert application.state == ("approved" if decided else "withdrawn")
    assert (application.answers == {}) is not decided
    queued = await a_town.read(lambda s: list(s.scalars(select(Dispatch))))
    assert {row.state for row in queued} == {"dropped", "queued"}  # The other resident's is queued.
    held = await a_town.read(
        lambda s: s.get(Resident, (MUNICIPALITY, case.resident.resident_id)) is not None
    )
    assert held is decided
    assert (await record(case.line, themselves(other.external_id))).proxies == []


async def test_the_deleted_are_nobody_to_staff_and_channels_and_may_register_anew(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.COUNTER)
    card = cards.issue()
    resident = await a_resident(a_town, line, card)

    await delete(line, themselves(resident.external_id))
    again = await a_resident(a_town, line, card, external_id=resident.external_id)

    with pytest.raises(CoreError) as gone:
        await staff.ask(
            staff.residents.GetResident,
            residents_pb2.GetResidentRequest(resident_id=resident.resident_id),
        )
    assert gone.value.reason == "RESIDENT_UNKNOWN"
    assert not again.renewed
    assert again.resident_id != resident.resident_id
    assert again.contact_id != resident.contact_id
    assert await search(staff, name=card.holder.name) == [again.resident_id]


async def test_staff_give_a_reason_and_channels_delete_only_whom_they_speak_with(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.COUNTER, name="suzuki")
    resident = await a_resident(a_town, line, cards.issue())
    other = await a_resident(a_town, line, cards.issue())
    named = by_staff(resident.resident_id)
    refusals = []
    for core, whom, reason in (
        (staff, named, " "),
        (staff, named, "番号 123456789018"),
        (line, named, "x"),
        (line, themselves(resident.external_id, other.resident_id), ""),
    ):
        with pytest.raises(CoreError) as refused:
            await delete(core, whom, reason=reason)
        refusals.append(refused.value.reason)

    await delete(staff, named, reason="本人の申出", request_id="delete-0001")
    repeated = await delete(staff, named, reason="本人の申出", request_id="delete-0001")

    assert refusals == [
        "FIELD_INVALID",
        "MY_NUMBER_REFUSED",
        "RESIDENT_UNKNOWN",
        "PROXY_NOT_GRANTED",
    ]
    (event,) = await events_of(a_town, "resident.deleted")
    assert (event.actor, event.subject) == ("staff:suzuki", resident.resident_id)
    assert event.reason == "本人の申出"
    assert list(repeated.kept) == []
    assert (await a_town.read(lambda s: verify(s, MUNICIPALITY))).broken_at == 0


async def test_closed_registrations_go_five_years_after_they_were_closed(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    closed = await a_resident(a_town, line, cards.issue())
    mistyped = await a_resident(a_town, line, cards.issue())
    await close(staff, closed.resident_id)
    a_town.clock.pass_by(days=365)
    staff = await a_town.staff()
    await close(staff, mistyped.resident_id, date="1926-11-20")

    soon = await run_jobs(a_town)
    a_town.clock.pass_by(days=5 * 365 + 2 - 365)
    then = await run_jobs(a_town)

    assert "closed" not in soon["retention"]
    assert then["retention"]["closed"] == 1
    ids = await a_town.read(lambda s: set(s.scalars(select(Resident.id))))
    assert ids == {mistyped.resident_id}
    (event,) = await events_of(a_town, "resident.deleted")
    assert event.actor == "core"


async def test_contacts_that_never_registered_go_a_year_after_they_were_seen(
    a_town: Town, cards: Cards
) -> None:
    line = await a_town.channel()
    await a_contact(a_town, line, "U-never-registered")
    registered = await a_resident(a_town, line, cards.issue())
    a_town.clock.pass_by(days=364)
    kept = await run_jobs(a_town)
    a_town.clock.pass_by(days=2)

    gone = await run_jobs(a_town)

    assert "contacts" not in kept["retention"]
    assert gone["retention"]["contacts"] == 1
    left = await a_town.read(lambda s: traces(s, "U-never-registered"))
    assert left == set()
    assert (await record(line, themselves(registered.external_id))).resident.contacts


async def test_registrations_that_were_refused_go_after_thirty_days(a_town: Town) -> None:
    def refuse(session) -> None:
        session.add(
            CounterRegistration(
                municipality=MUNICIPALITY, id=new_id(), state=RegistrationState.REFUSED,
                document="passport", consent_version=1, proposer_id="s1", proposer="suzuki",
                create_time=a_town.clock(), name=None, birth_date=None, sex=None, address=None,
                decide_time=a_town.clock(),
            )
        )  # fmt: skip

    await a_town.running.db.write(refuse)
    a_town.clock.pass_by(days=29)
    kept = await run_jobs(a_town)
    a_town.clock.pass_by(days=2)

    assert "refused" not in kept["retention"]
    assert (await run_jobs(a_town))["retention"] == {"refused": 1}
    assert await a_town.read(lambda s: s.query(CounterRegistration).count()) == 0


async def test_a_kept_application_is_erased_with_its_payment_when_its_term_is_over(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")
    program_id = (await case.decide("Approve")).program_id
    office = Office(a_town, program_id, case.clerk, case.clerk, case.clerk)
    await set_originator(case.clerk)
    batch = await office.propose()
    (paid,) = await office.lines(batch)
    await delete(case.line, themselves(case.resident.external_id))
    a_town.clock.pass_by(days=5 * 365 + 1)
    kept = await run_jobs(a_town)
    a_town.clock.pass_by(days=1)

    erased = await run_jobs(a_town)

    office.proposer = await a_town.staff()
    (left,) = await office.lines(batch)
    assert "kept" not in kept["retention"]
    assert erased["retention"]["kept"] == 1
    assert paid.payee_name == "ｿｳｼﾞﾔ ﾀﾛｳ"
    assert (left.payee_name, left.amount) == ("", paid.amount)
    assert "567" not in left.masked_account
    application = await a_town.read(
        lambda s: s.get_one(Application, (MUNICIPALITY, case.application_id))
    )
    assert application.answers == {}
    assert await a_town.read(lambda s: s.query(Resident).count()) == 0
    assert len(await events_of(a_town, "record.erased")) == 1


async def test_who_took_back_the_consent_goes_five_years_later(a_town: Town, cards: Cards) -> None:
    line, card = await a_town.channel(), cards.issue(not_after=cards.now + timedelta(days=4000))
    gone, back = await a_resident(a_town, line, cards.issue()), await a_resident(a_town, line, card)
    for one in (gone, back):
        await withdraw(line, one.external_id)
    a_town.clock.pass_by(days=5 * 365)
    await a_resident(a_town, line, card, external_id=back.external_id)
    soon = await run_jobs(a_town)
    a_town.clock.pass_by(days=2)
    then = await run_jobs(a_town)

    assert "withdrawn" not in soon["retention"]
    assert then["retention"]["withdrawn"] == 1
    ids = await a_town.read(lambda s: set(s.scalars(select(Resident.id))))
    assert ids == {back.resident_id}


async def withdraw(line: Core, external_id: str) -> None:
    """Take back the consent to registering."""
    speaker = residents_pb2.NamedResident(speaker=residents_pb2.Speaker(external_id=external_id))
    request = records_pb2.GetRecordRequest(resident=speaker)
    (consent,) = (await line.ask(line.records.GetRecord, request)).record.consents
    await line.ask(
        line.residents.WithdrawConsent,
        residents_pb2.WithdrawConsentRequest(
            resident=speaker, consent_id=consent.consent_id, request_id=a_request_id()
        ),
    )
