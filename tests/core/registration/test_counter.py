"""At the counter: one of the staff reads papers, another decides; only then is it a resident."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from grpc import StatusCode

from core import events
from core.callers import Role
from core.registration import rows as registration
from core.registration.identity.counter import Paper, PaperUnreadable, read
from core.residents import consent, rows
from core.residents.rules import ClosingCause
from core.residents.wish_rows import Consent
from tests.cards import Cards, a_holder
from tests.core.records.makers import traces
from tests.core.residents.makers import run_jobs
from tests.makers import a_request_id, a_resident
from tests.town import MUNICIPALITY, Town
from todoke.client import Core, CoreError
from todoke.v1 import registration_pb2 as pb
from todoke.v1 import residents_pb2

pytestmark = pytest.mark.second_is_slow

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
    return await a_town.read(lambda s: [facts for _, facts in rows.current_facts(s, MUNICIPALITY)])


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


async def test_what_was_read_is_written_as_cards_write_it(a_town: Town, cards: Cards) -> None:
    hara, mori = await two_desks(a_town)

    proposed = await hara.register(
        name=" Smith  ﾌﾞﾗｳﾝ か\u3099 ", address="岡山県総社市中央1-2 Ａ棟"
    )
    await mori.decide(proposed)

    assert proposed.basic_four.name == "Ｓｍｉｔｈ　ブラウン　が"
    assert proposed.basic_four.address == "岡山県総社市中央１－２　Ａ棟"
    assert proposed.basic_four.birth_date == "1950-04-12"
    # The card of the same person is known by it.
    holder = a_holder(
        name="Ｓｍｉｔｈ　ブラウン　が", birth_date=date(1950, 4, 12), sex="2",
        address="岡山県総社市中央１－２　Ａ棟",
    )  # fmt: skip
    made = await a_resident(a_town, await a_town.channel(), cards.issue(holder))
    assert made.renewed
    (facts,) = await facts_in(a_town)
    assert (facts.assurance, facts.document) == ("jpki_signature", "")


async def test_a_variant_character_stays_as_the_paper_has_it(a_town: Town) -> None:
    hara, _ = await two_desks(a_town)

    proposed = await hara.register(name="髙﨑 神子")

    assert proposed.basic_four.name == "髙﨑　神子"


async def test_a_birth_date_may_be_unknown(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)

    decided = await mori.decide(await hara.register(birth_date=""))

    assert decided.basic_four.birth_date == ""
    (facts,) = await facts_in(a_town)
    assert facts.birth_date == "000000000"


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "　"}, "name"),
        ({"name": "総社\u0000花子"}, "name"),
        ({"name": "総社\u200b花子"}, "name"),
        ({"name": "総社 花子2"}, "name"),
        ({"name": "・・"}, "name"),
        ({"name": "😀"}, "name"),
        ({"name": "あ" * 101}, "name"),
        ({"address": ""}, "address"),
        ({"address": "1-2-3"}, "address"),
        ({"address": "総社市\u202e"}, "address"),
        ({"address": "あ" * 201}, "address"),
        ({"birth_date": "1950-02-30"}, "birth_date"),
        ({"birth_date": "19500412"}, "birth_date"),
        ({"birth_date": "1868-01-24"}, "birth_date"),
        ({"birth_date": "2026-11-25"}, "birth_date"),
        ({"sex": ""}, "sex"),
        ({"sex": "3"}, "sex"),
    ],
)
def test_what_no_paper_says_is_refused_by_its_field(fact: dict[str, str], field: str) -> None:
    right = {"name": "総社 花子", "birth_date": "1950-04-12", "sex": "2", "address": "総社市1"}

    with pytest.raises(PaperUnreadable) as refused:
        read(Paper(**(right | fact)), date(2026, 11, 24))

    assert [violation[0] for violation in refused.value.violations] == [f"basic_four.{field}"]


async def test_what_is_wrong_with_a_paper_is_told_whole(a_town: Town) -> None:
    hara, _ = await two_desks(a_town)

    refused = await refusal(
        hara.register(name="", birth_date="2027-01-01", sex=residents_pb2.SEX_UNSPECIFIED)
    )
    flags = await refusal(hara.register(name_substitutes="00"))

    assert (refused.reason, flags.reason) == ("FIELD_INVALID", "FIELD_INVALID")
    assert {violation.field for violation in refused.violations} == {
        "basic_four.name", "basic_four.birth_date", "basic_four.sex",
    }  # fmt: skip
    assert [violation.field for violation in flags.violations] == ["basic_four.name_substitutes"]


async def test_no_my_number_is_taken(a_town: Town) -> None:
    hara, _ = await two_desks(a_town)

    for four in ({"name": "総社 123456789018"}, {"address": "総社市 １２３４-５６７８-９０１８"}):
        refused = await refusal(hara.register(**four))
        assert refused.reason == "MY_NUMBER_REFUSED"
        assert "9018" not in refused.message


async def test_no_my_number_is_taken_as_a_reason(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    proposed = await hara.register()

    refused = await refusal(mori.decide(proposed, reason="番号 123456789018 を見た"))

    assert refused.reason == "MY_NUMBER_REFUSED"


async def test_the_consent_that_was_signed_is_the_one_in_force(a_town: Town) -> None:
    hara, _ = await two_desks(a_town)

    for version in (1, 3):
        refused = await refusal(hara.register(request={"consent_version": version}))
        assert (refused.reason, refused.metadata) == ("CONSENT_OUTDATED", {"version": "2"})


async def test_nobody_decides_what_they_put_forward(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    proposed = await hara.register()

    for confirmed in (True, False):
        refused = await refusal(hara.decide(proposed, confirmed=confirmed))
        assert refused.reason == "SAME_PERSON"
        assert refused.code is StatusCode.PERMISSION_DENIED
    assert (await mori.decide(proposed)).state == pb.REGISTRATION_STATE_CONFIRMED


async def test_a_registration_is_decided_once_and_as_it_was_read(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    proposed = await hara.register()

    stale = await refusal(mori.decide(proposed, etag="7"))
    decided = await mori.decide(proposed, request_id="the-same-request")
    again = await mori.decide(proposed, request_id="the-same-request")
    late = await refusal(mori.decide(decided, confirmed=False))
    unknown = await refusal(
        mori.decide(proposed, registration_id="00000000-0000-7000-8000-000000000000")
    )

    assert stale.reason == "CHANGED_MEANWHILE"
    assert again == decided
    assert (late.reason, late.metadata) == ("REGISTRATION_DECIDED", {"state": "confirmed"})
    assert unknown.reason == "REGISTRATION_UNKNOWN"


async def test_of_two_who_decide_at_once_one_does(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    abe = Desk(await a_town.staff(Role.COUNTER, name="abe"))
    proposed = await hara.register()

    answers = await asyncio.gather(
        mori.decide(proposed), abe.decide(proposed, confirmed=False), return_exceptions=True
    )

    refused = [one for one in answers if isinstance(one, CoreError)]
    assert [one.reason for one in refused] == ["REGISTRATION_DECIDED"]


async def test_what_is_refused_is_erased(a_town: Town) -> None:
    hara, mori = await two_desks(a_town)
    proposed = await hara.register()

    decided = await mori.decide(proposed, confirmed=False, reason="写真が違う")

    assert decided.state == pb.REGISTRATION_STATE_REFUSED
    assert not decided.HasField("basic_four")
    assert await facts_in(a_town) == []
    row = await a_town.read(
        lambda s: registration.registration(s, MUNICIPALITY, proposed.registration_id)
    )
    assert (row.name, row.birth_date, row.sex, row.address) == (None,) * 4
    log = await a_town.read(lambda s: events.about(s, MUNICIPALITY, proposed.registration_id))
    assert [(one.kind, one.reason) for one in log] == [
        ("registration.proposed", None),
        ("registration.refused", "写真が違う"),
    ]
    assert await a_town.read(lambda s: traces(s, "花子", "総社市中央")) == set()


async def test_what_nobody_decides_goes_after_thirty_days(a_town: Town) -> None:
    hara, _ = await two_desks(a_town)
    proposed = await hara.register()
    a_town.clock.pass_by(days=29)
    kept = await run_jobs(a_town)
    hara = Desk(await a_town.staff(Role.COUNTER))
    shown = await hara.show(proposed.registration_id)
    a_town.clock.pass_by(days=2)

    gone = await run_jobs(a_town)

    assert shown.basic_four.name
    assert "refused" not in kept["retention"]
    assert gone["retention"] == {"refused": 1}
    assert await a_town.read(lambda s: traces(s, "花子", "総社市中央")) == set()


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
