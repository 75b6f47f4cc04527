"""At the counter: one of the staff reads papers, another decides; only then is it a resident."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from grpc import StatusCode

from core import events
from core.callers import Role
from core.residents import consent, fact_rows, rows
from core.residents.rules import ClosingCause
from core.residents.wish_rows import Consent
from tests.cards import Cards, a_holder
from tests.makers import a_request_id, a_resident
from tests.town import MUNICIPALITY, Town
from todoke.client import Core, CoreError
from todoke.v1 import registration_pb2 as pb
from todoke.v1 import residents_pb2

HANAKO = {
    "name": "総社 花子", "birth_date": "1950-04-12", "sex": residents_pb2.SEX_FEMALE,
    "address": "岡山県総社市中央1丁目1番地",
}  # fmt: skip


@dataclass
class Desk:
    """One of the staff at the counter."""

    core: Core

    async def register(self, *, request: dict[str, Any] | None = None, **four: Any):
        asked = pb.RegisterAtCounterRequest(
            basic_four=residents_pb2.BasicFour(**(HANAKO | four)),
            **{
                "document": residents_pb2.IDENTITY_DOCUMENT_DRIVING_LICENCE,
                "consent_version": consent.VERSION,
                "request_id": a_request_id(),
                **(request or {}),
            },
        )
        answer = await self.core.ask(self.core.registration.RegisterAtCounter, asked)
        return answer.registration

    async def decide(self, proposed: pb.Registration, *, confirmed: bool = True, **changes: str):
        request = pb.DecideRegistrationRequest(
            **{
                "registration_id": proposed.registration_id, "etag": proposed.etag,
                "reason": "本人と確認", "request_id": a_request_id(), **changes,
            },
            confirmed=confirmed,
        )  # fmt: skip
        answer = await self.core.ask(self.core.registration.DecideRegistration, request)
        return answer.registration

    async def show(self, id: str) -> pb.Registration:
        request = pb.GetRegistrationRequest(registration_id=id)
        return (await self.core.ask(self.core.registration.GetRegistration, request)).registration

    async def list(self, **request: Any) -> pb.ListRegistrationsResponse:
        asked = pb.ListRegistrationsRequest(**request)
        return await self.core.ask(self.core.registration.ListRegistrations, asked)


async def two_desks(a_town: Town) -> tuple[Desk, Desk]:
    return tuple([Desk(await a_town.staff(Role.COUNTER, name=name)) for name in ("hara", "mori")])


async def refusal(call) -> CoreError:
    with pytest.raises(CoreError) as refused:
        await call
    return refused.value


async def facts_in(a_town: Town) -> list[rows.Facts]:
    return await a_town.read(
        lambda s: [facts for _, facts in fact_rows.current_facts(s, MUNICIPALITY)]
    )


async def change(a_town: Town, resident_id: str, **values: Any) -> None:
    def work(session) -> None:
        resident = rows.get(session, MUNICIPALITY, resident_id)
        for name, value in values.items():
            setattr(resident, name, value)

    await a_town.running.db.write(work)


async def test_two_people_register_a_third(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)

    proposed = await hara.register()
    assert await facts_in(a_town) == []
    decided = await mori.decide(proposed)

    assert proposed.state == pb.REGISTRATION_STATE_PROPOSED
    assert (proposed.proposer, proposed.decider, proposed.resident_id) == ("hara", "", "")
    assert decided.state == pb.REGISTRATION_STATE_CONFIRMED
    assert (decided.proposer, decided.decider) == ("hara", "mori")
    assert decided.etag != proposed.etag
    assert decided.decide_time.ToDatetime() == a_town.clock().replace(tzinfo=None)
    (facts,) = await facts_in(a_town)
    assert facts.resident_id == decided.resident_id
    assert (facts.assurance, facts.revocation) == ("counter", "not_applicable")
    assert (facts.document, facts.subject, facts.certificate_serial) == (
        "driving_licence", None, None,
    )  # fmt: skip


async def test_a_look_at_a_registration_is_in_the_log(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    proposed = await hara.register()

    shown = await mori.show(proposed.registration_id)

    assert shown == proposed
    log = await a_town.read(lambda s: events.about(s, MUNICIPALITY, proposed.registration_id))
    assert (log[-1].kind, log[-1].actor) == ("registration.viewed", "staff:mori")
    unknown = await refusal(mori.show("00000000-0000-7000-8000-000000000000"))
    assert unknown.reason == "REGISTRATION_UNKNOWN"


async def test_who_is_registered_is_named_when_proposing_and_when_deciding(
    a_town: Town, cards: Cards
) -> None:
    hara, mori = await two_desks(a_town)
    waiting = await hara.register()
    holder = a_holder(
        name="総社　花子", birth_date=date(1950, 4, 12), sex="2",
        address="岡山県総社市中央１丁目１番地",
    )  # fmt: skip
    made = await a_resident(a_town, await a_town.channel(), cards.issue(holder))

    for call in (hara.register(), mori.decide(waiting)):
        refused = await refusal(call)
        assert refused.reason == "RESIDENT_EXISTS"
        assert refused.code is StatusCode.ALREADY_EXISTS
        assert refused.metadata == {"residentId": made.resident_id}
    assert (await mori.show(waiting.registration_id)).state == pb.REGISTRATION_STATE_PROPOSED
    (facts,) = await facts_in(a_town)
    assert facts.assurance == "jpki_signature"


async def test_who_moved_away_comes_back_and_who_died_does_not(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    resident_id = (await mori.decide(await hara.register())).resident_id
    gone = date(2026, 11, 1)
    await change(a_town, resident_id, closing_cause=ClosingCause.DIED, closing_date=gone)

    dead = await refusal(hara.register())
    await change(a_town, resident_id, closing_cause=ClosingCause.MOVED_OUT)
    back = await mori.decide(await hara.register())

    assert (dead.reason, dead.metadata) == ("RESIDENT_CLOSED", {"cause": "died"})
    assert back.resident_id == resident_id
    resident = await a_town.read(lambda s: rows.get(s, MUNICIPALITY, resident_id))
    assert (resident.closing_cause, resident.closing_date) == (None, None)
    log = await a_town.read(lambda s: events.about(s, MUNICIPALITY, resident_id))
    assert [one.kind for one in log] == [
        "resident.registered",
        "resident.reopened",
        "resident.renewed",
    ]


async def test_each_registration_keeps_how_it_was_agreed_to(a_town: Town, cards: Cards) -> None:
    hara, mori = await two_desks(a_town)
    made = await a_resident(a_town, await a_town.channel(), cards.issue())
    decided = await mori.decide(await hara.register())

    def given(session) -> dict[str, list[tuple[str, int, bool]]]:
        found: dict[str, list[tuple[str, int, bool]]] = {}
        for one in session.query(Consent).order_by(Consent.id):
            found.setdefault(one.resident_id, []).append(
                (one.given_by, one.version, one.withdraw_time is None)
            )
        return found

    kept = await a_town.read(given)
    assert kept[made.resident_id] == [("jpki_signature", 2, True)]
    assert kept[decided.resident_id] == [("counter", 2, True)]


async def test_those_to_be_decided_come_first_and_oldest_first(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    names = ["あ", "い", "う", "え", "お"]
    made = [await hara.register(name=name) for name in names]
    await mori.decide(made[0])
    await mori.decide(made[2], confirmed=False)

    shown, token = [], ""
    while True:
        page = await mori.list(page_size=2, page_token=token)
        shown += page.registrations
        token = page.next_page_token
        if not token:
            break

    order = [made[index].registration_id for index in (1, 3, 4, 0, 2)]
    assert [one.registration_id for one in shown] == order
    assert [one.basic_four.name for one in shown] == ["い", "え", "お", "あ", ""]
    # The list shows whom to look for, not what only a look that is written down shows.
    assert {one.basic_four.address for one in shown} == {""}
    refused = await mori.list(state=pb.REGISTRATION_STATE_REFUSED)
    assert [one.registration_id for one in refused.registrations] == [made[2].registration_id]
    expired = await refusal(mori.list(page_token="bm9uZQ"))
    assert expired.reason == "CURSOR_EXPIRED"


async def test_staff_of_another_town_know_nothing_of_it(a_town: Town) -> None:
    await a_town.found("332020", "倉敷市")
    hara, _ = await two_desks(a_town)
    proposed = await hara.register()
    elsewhere = Desk(await a_town.staff(Role.COUNTER, municipality="332020"))

    assert not (await elsewhere.list()).registrations
    for call in (elsewhere.show(proposed.registration_id), elsewhere.decide(proposed)):
        assert (await refusal(call)).reason == "REGISTRATION_UNKNOWN"


async def test_only_the_counter_registers(a_town: Town) -> None:
    reviewer = Desk(await a_town.staff(Role.REVIEWER, Role.ADMINISTRATOR))

    assert (await refusal(reviewer.register())).reason == "CALLER_NOT_ALLOWED"
    assert (await refusal(reviewer.list())).reason == "CALLER_NOT_ALLOWED"


async def test_what_was_read_is_sealed(a_town: Town) -> None:
    hara, _ = await two_desks(a_town)
    await hara.register()

    stored = await a_town.read(
        lambda s: repr(s.connection().exec_driver_sql("SELECT * FROM registrations").all())
    )

    assert "花子" not in stored
    assert "中央" not in stored
