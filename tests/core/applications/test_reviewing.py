"""What reviewers see and do before they decide, and what holds them back from deciding."""

from dataclasses import replace

from core.callers import Role
from tests.cards import Cards, a_holder
from tests.core.access.links import refused
from tests.core.applications.desk import CLUB, a_citizen, a_reviewer, filed
from tests.core.applications.procedures import SURVEY, publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.residents.makers import events_of
from tests.makers import (
    a_program,
    a_resident,
    a_roster,
    a_roster_row,
    import_roster,
    match_and_invite,
)
from tests.town import Town, on_sqlite
from todoke.v1 import applications_pb2 as pb

SUBMITTED, IN_REVIEW = pb.APPLICATION_STATE_SUBMITTED, pb.APPLICATION_STATE_IN_REVIEW


async def test_somebody_takes_an_application_and_gives_it_back(a_town: Town, cards: Cards) -> None:
    await publish(a_town, CLUB)
    sato, suzuki = await a_reviewer(a_town), await a_reviewer(a_town, "suzuki")
    clerk = await a_reviewer(a_town, "clerk", Role.COUNTER)
    id = await filed(await a_citizen(a_town, cards))

    etag = (await sato.get(id)).etag
    taken = await sato.do("AssignApplication", id, staff_id=suzuki.staff_id)
    late = await refused(sato.do("AssignApplication", id, etag=etag, staff_id=sato.staff_id))
    nobody = await refused(sato.do("AssignApplication", id, staff_id=clerk.staff_id))
    hers = await sato.listed(assignee_id=suzuki.staff_id)
    left = await sato.listed(unassigned=True)
    back = await suzuki.do("AssignApplication", id)

    assert (taken.state, taken.assignee_name) == (IN_REVIEW, "suzuki")
    assert (late.reason, nobody.reason) == ("CHANGED_MEANWHILE", "STAFF_UNKNOWN")
    assert (hers, left) == ([id], [])
    assert (back.state, back.assignee_id) == (SUBMITTED, "")


async def test_it_is_approved_once_staff_have_answered_and_ticked_every_line(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, CLUB)
    sato = await a_reviewer(a_town)
    id = await filed(await a_citizen(a_town, cards))
    await sato.do("AssignApplication", id, staff_id=sato.staff_id)

    unticked = await refused(sato.do("ApproveApplication", id))
    unknown = await refused(sato.do("TickChecklist", id, checked=["nothing"]))
    await sato.do("TickChecklist", id, checked=["age"])
    half = await refused(sato.do("ApproveApplication", id))
    await sato.do("TickChecklist", id, checked=["age", "papers"])
    unanswered = await refused(sato.do("ApproveApplication", id))
    too_much = await refused(sato.answer(id, "score", number=101))
    theirs = await refused(sato.answer(id, "days", number=2))
    await sato.answer(id, "score", number=40)
    seen = await sato.get(id)
    approved = await sato.do("ApproveApplication", id)

    assert (unticked.reason, unticked.metadata["items"]) == ("CHECKLIST_INCOMPLETE", "papers,age")
    assert half.metadata["items"] == "papers"
    assert unknown.reason == "ANSWER_NOT_OFFERED"
    assert (unanswered.reason, unanswered.metadata["step"]) == ("ANSWERS_MISSING", "score")
    assert (too_much.reason, too_much.metadata["problem"]) == ("ANSWER_INVALID", "too_large")
    assert theirs.reason == "ANSWER_NOT_OFFERED"
    assert dict(seen.values) == {"points": "80"}
    assert list(seen.checked) == ["papers", "age"]
    assert approved.state == pb.APPLICATION_STATE_APPROVED


async def test_what_was_mended_is_shown_beside_what_stayed(a_town: Town, cards: Cards) -> None:
    await publish(a_town, CLUB)
    sato, talk = await a_reviewer(a_town), await a_citizen(a_town, cards)
    id = await filed(talk)
    first = {one.step: one for one in (await sato.get(id)).filed_answers}
    await sato.do("AssignApplication", id, staff_id=sato.staff_id)
    await sato.do("TickChecklist", id, checked=["age"])
    await sato.do("ReturnApplication", id, reason="日数を確かめてください", steps=["days", "kana"])
    waiting = {one.step: one for one in (await sato.get(id)).filed_answers}
    await talk.answer(id, "kana", text="ソウジャ ハナコ")
    await talk.answer(id, "days", number=5)
    await talk.submit(id)
    again = await sato.get(id)
    lines = {one.step: one for one in again.filed_answers}

    assert (first["days"].label, first["days"].value) == ("日数", "3")
    assert first["home"].value == "岡山県総社市中央一丁目1-1"
    assert (first["score"].staff, first["score"].missing) == (True, True)
    assert not any(one.changed or one.returned for one in first.values())
    assert waiting["days"].returned
    assert (lines["days"].changed, lines["days"].returned) == (True, True)
    assert (lines["kana"].changed, lines["kana"].returned) == (False, True)
    assert (lines["home"].changed, lines["home"].returned) == (False, False)
    assert (again.state, list(again.checked)) == (SUBMITTED, [])
    assert again.procedure_title == "放課後児童クラブ"


@on_sqlite
async def test_notes_are_for_staff_and_newest_first(a_town: Town, cards: Cards) -> None:
    await publish(a_town, CLUB)
    sato, talk = await a_reviewer(a_town), await a_citizen(a_town, cards)
    id = await filed(talk)
    for text in ("電話した", "書類待ち", "届いた"):
        await sato.note(id, text)
    page = await sato.notes(id, page_size=2)
    rest = await sato.notes(id, page_size=2, page_token=page.next_page_token)
    number = await refused(sato.note(id, "123456789018"))
    channel = await refused(type(sato)(talk.core, "").notes(id))

    assert [note.text for note in (*page.notes, *rest.notes)] == ["届いた", "書類待ち", "電話した"]
    assert page.notes[0].author == "sato"
    assert number.reason == "MY_NUMBER_REFUSED"
    assert channel.reason == "CALLER_NOT_ALLOWED"
    assert "application.noted" in {step.kind for step in (await sato.look(id)).history}


@on_sqlite
async def test_the_list_is_narrowed_by_what_is_asked(a_town: Town, cards: Cards) -> None:
    await publish(a_town, CLUB, SURVEY)
    sato = await a_reviewer(a_town)
    one, other = await a_citizen(a_town, cards), await a_citizen(a_town, cards)
    first = await filed(one)
    a_town.clock.pass_by(hours=2)
    second = await filed(other)
    begun = turn_id(await one.begin("survey"))
    resident = (await sato.get(second)).resident_id
    request = pb.ListApplicationsRequest(procedure="club", resident_id=resident)
    request.submitted_before.FromDatetime(a_town.clock())
    early = pb.ListApplicationsRequest()
    early.submitted_before.FromDatetime(a_town.clock())
    found = await sato.core.ask(sato.core.applications.ListApplications, early)

    assert await sato.listed(procedure="club") == [first, second]
    assert await sato.listed(procedure="survey") == [begun]
    assert await sato.listed(resident_id=resident) == [second]
    assert await sato.listed(states=[SUBMITTED], unassigned=True) == [first, second]
    assert await sato.listed(sources=[pb.ENTRY_SOURCE_PAPER]) == []
    assert [row.application_id for row in found.applications] == [first]


@on_sqlite
async def test_what_was_answered_is_put_beside_what_the_city_holds(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, CLUB)
    sato = await a_reviewer(a_town, "sato", Role.REVIEWER, Role.ELIGIBILITY)
    holder = a_holder(name="総社 花子", address="岡山県総社市中央1丁目1番1号")
    line = await a_town.channel("line")
    await a_resident(a_town, line, cards.issue(holder))
    program = await a_program(sato.core)
    row = a_roster_row(holder, 1, name="総社　花子", address="総社市中央一丁目１－１")
    await import_roster(sato.core, program.program_id, a_roster(row))
    await match_and_invite(sato.core, program.program_id)
    (id,) = await sato.listed()

    facts = {one.fact: one for one in await sato.compare(id)}
    talk = await a_citizen(a_town, cards)
    own = {one.step: one for one in await sato.compare(await filed(talk))}

    assert {name: one.agrees for name, one in facts.items()} == {
        "name": True, "birth_date": True, "address": True,
    }  # fmt: skip
    assert (facts["name"].given, facts["name"].held) == ("総社 花子", "総社　花子")
    assert own["home"].fact == "address"
    assert not own["home"].agrees
    assert len(await events_of(a_town, "application.compared")) == 2


@on_sqlite
async def test_an_answer_that_does_not_hold_any_more_is_not_approved(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, CLUB.replace("days <= 6", "resident.address.startsWith('岡山県')"))
    sato, line = await a_reviewer(a_town), await a_town.channel("line")
    holder = a_holder(address="岡山県総社市中央1-1-1")
    resident = await a_resident(a_town, line, cards.issue(holder))
    id = await filed(Talk(line, resident.external_id))
    await sato.do("TickChecklist", id, checked=["age", "papers"])
    await sato.answer(id, "score", number=1)
    moved = cards.issue(replace(holder, address="広島県福山市東桜町3-5"))
    again = await a_resident(a_town, line, moved, external_id=resident.external_id)

    said = await refused(sato.do("ApproveApplication", id))
    rejected = await sato.do("RejectApplication", id, reason="転出されたため")

    assert again.resident_id == resident.resident_id
    assert (said.reason, said.metadata["step"]) == ("ANSWER_INVALID", "days")
    assert rejected.state == pb.APPLICATION_STATE_REJECTED
