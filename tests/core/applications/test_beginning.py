"""What people begin themselves: for whom, once or again, and what is offered to whom."""

import asyncio

from tests.cards import Cards, a_holder
from tests.core.access.links import refused
from tests.core.applications.procedures import REPORT, SURE, SURVEY, publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.proxies.people import a_proxy, terms
from tests.core.residents.makers import close, suppress
from tests.makers import (
    a_contact,
    a_program,
    a_request_id,
    a_resident,
    a_roster,
    a_roster_row,
    import_roster,
)
from tests.town import Town, on_sqlite
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import eligibility_pb2, matching_pb2, proxies_pb2


async def a_stranger(town: Town) -> Talk:
    """A contact that belongs to nobody registered."""
    line = await town.channel("line")
    return Talk(line, (await a_contact(town, line)).external_id)


async def a_citizen(town: Town, cards: Cards) -> Talk:
    line = await town.channel("line")
    return Talk(line, (await a_resident(town, line, cards.issue(a_holder()))).external_id)


async def test_whoever_is_not_registered_files_what_is_for_anybody(a_town: Town) -> None:
    await publish(a_town, REPORT)
    walker = await a_stranger(a_town)

    first = await walker.begin("road_damage")
    id = turn_id(first)
    await walker.answer(id, "what", choice="hole")
    await walker.answer(id, "wide", number=30)
    await walker.answer(id, "name", skipped=True)
    review = await walker.answer(id, "note", skipped=True)
    end = await walker.submit(id)
    (own,) = await walker.own()
    another = await walker.begin("road_damage")

    assert first.prompt.step == "what"
    assert [line.value for line in review.review.lines] == ["へこみ", "30", "", ""]
    assert (end.closing.state, end.closing.text) == (
        pb.APPLICATION_STATE_RECEIVED,
        "通報を受け付けました。",
    )
    assert (own.title, own.state) == ("道路の損傷の通報", pb.APPLICATION_STATE_RECEIVED)
    assert turn_id(another) != id


async def test_what_is_begun_goes_on_however_often_it_is_begun(a_town: Town) -> None:
    await publish(a_town, REPORT)
    walker = await a_stranger(a_town)

    turns = await asyncio.gather(*(walker.begin("road_damage") for _ in range(10)))
    id = turn_id(turns[0])
    await walker.answer(id, "what", choice="other")
    again = await walker.begin("road_damage")

    assert {turn_id(turn) for turn in turns} == {id}
    assert (turn_id(again), again.prompt.step) == (id, "which")


async def test_what_is_for_the_registered_is_theirs_alone_and_once(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY, SURE)
    stranger, citizen = await a_stranger(a_town), await a_citizen(a_town, cards)
    other = await a_citizen(a_town, cards)

    id = turn_id(await citizen.begin("survey"))
    await citizen.answer(id, "mark", number=9)
    await citizen.answer(id, "again", choice="yes_again")
    await citizen.submit(id)
    again = await citizen.begin("survey")

    assert (await refused(stranger.begin("survey"))).reason == "CONTACT_NOT_REGISTERED"
    assert (await refused(stranger.prompt(id))).reason == "CONTACT_NOT_REGISTERED"
    assert (await refused(other.prompt(id))).reason == "APPLICATION_UNKNOWN"
    assert (await refused(citizen.begin("nothing_of_ours"))).reason == "PROCEDURE_UNKNOWN"
    assert again.closing.state == pb.APPLICATION_STATE_SUBMITTED
    assert (await citizen.begin("sure")).prompt.step == "mark"


async def test_a_program_is_begun_by_whom_it_is_for_as_an_invitation_would(
    a_town: Town, cards: Cards
) -> None:
    line, clerk = await a_town.channel("line"), await a_town.staff()
    holder = a_holder()
    entitled = await a_resident(a_town, line, cards.issue(holder))
    other = await a_citizen(a_town, cards)
    program = await a_program(clerk)
    await import_roster(clerk, program.program_id, a_roster(a_roster_row(holder, 1)))
    request = matching_pb2.MatchRosterRequest(
        program_id=program.program_id, request_id=a_request_id()
    )
    await clerk.ask(clerk.matching.MatchRoster, request)
    talk = Talk(line, entitled.external_id)

    (offered,) = await talk.offered()
    begun = await talk.begin(program_id=program.program_id)
    invited = await clerk.ask(
        clerk.applications.InviteResidents,
        pb.InviteResidentsRequest(program_id=program.program_id, request_id=a_request_id()),
    )
    (running,) = await talk.offered("en")

    assert (offered.key, offered.program_id) == ("confirm_account", program.program_id)
    assert (offered.title, offered.application_id) == ("物価高騰対応給付金", "")
    assert [fact.value for fact in begun.prompt.facts] == [
        "70,000円",
        "中国銀行 総社支店 普通 ****001",
    ]
    assert invited.invited == 0
    assert running.application_id == turn_id(begun)
    assert await other.offered() == []
    begun_by_other = await refused(other.begin(program_id=program.program_id))
    assert begun_by_other.reason == "PROGRAM_UNKNOWN"
    assert (await refused(talk.begin("confirm_account"))).reason == "PROCEDURE_UNKNOWN"


@on_sqlite
async def test_who_is_protected_learns_of_no_program_and_whose_registration_ended_begins_nothing(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY, REPORT)
    line, clerk = await a_town.channel("line"), await a_town.staff()
    holder, mover = a_holder(), a_holder()
    protected = await a_resident(a_town, line, cards.issue(holder))
    moved = await a_resident(a_town, line, cards.issue(mover))
    program = await a_program(clerk)
    roster = a_roster(a_roster_row(holder, 1), a_roster_row(mover, 2))
    await import_roster(clerk, program.program_id, roster)
    request = matching_pb2.MatchRosterRequest(
        program_id=program.program_id, request_id=a_request_id()
    )
    await clerk.ask(clerk.matching.MatchRoster, request)
    await suppress(clerk, protected.resident_id)
    await close(clerk, moved.resident_id)
    hidden, gone = Talk(line, protected.external_id), Talk(line, moved.external_id)

    assert {one.key for one in await hidden.offered()} == {"survey", "road_damage"}
    assert (await gone.begin("road_damage")).prompt.step == "what"
    unknown = await refused(hidden.begin(program_id=program.program_id))
    assert unknown.reason == "PROGRAM_UNKNOWN"
    for call in (gone.begin("survey"), gone.begin(program_id=program.program_id)):
        assert (await refused(call)).reason in {"RESIDENT_CLOSED", "CONTACT_NOT_REGISTERED"}


@on_sqlite
async def test_of_a_program_that_is_closed_nothing_begins(a_town: Town, cards: Cards) -> None:
    clerk, citizen = await a_town.staff(), await a_citizen(a_town, cards)
    program = await a_program(clerk)
    close_it = eligibility_pb2.CloseProgramRequest(
        program_id=program.program_id, etag=program.etag, reason="終了", request_id=a_request_id()
    )
    await clerk.ask(clerk.eligibility.CloseProgram, close_it)
    closed = await refused(citizen.begin(program_id=program.program_id))
    assert closed.reason == "PROGRAM_CLOSED"


@on_sqlite
async def test_a_proxy_begins_lists_and_takes_back_for_another_what_was_agreed(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY)
    line = await a_town.channel("line")
    mother, son = [await a_resident(a_town, line, cards.issue(a_holder())) for _ in range(2)]
    reader = await a_resident(a_town, line, cards.issue(a_holder()))
    await a_proxy(line, mother, son)
    await a_proxy(line, mother, reader, terms(proxies_pb2.PROXY_SCOPE_READ))
    acting = Talk(line, son.external_id, mother.resident_id)
    reading = Talk(line, reader.external_id, mother.resident_id)

    turn = await acting.begin("survey")
    (hers,) = await Talk(line, mother.external_id).own()
    (seen,) = await reading.own()

    assert turn.prompt.on_behalf_of
    assert turn_id(turn) == hers.application_id == seen.application_id
    assert await Talk(line, son.external_id).own() == []
    assert (await refused(reading.withdraw(turn_id(turn)))).reason == "PROXY_NOT_GRANTED"
    assert await acting.withdraw(turn_id(turn)) == pb.APPLICATION_STATE_WITHDRAWN
    assert turn_id(await acting.begin("survey")) != turn_id(turn)


@on_sqlite
async def test_staff_take_back_with_a_reason_and_what_they_read(a_town: Town, cards: Cards) -> None:
    await publish(a_town, SURVEY)
    clerk, citizen = await a_town.staff(), await a_citizen(a_town, cards)
    id = turn_id(await citizen.begin("survey"))
    page = await clerk.ask(clerk.applications.ListApplications, pb.ListApplicationsRequest())
    etag = page.applications[0].etag

    def back(**words) -> pb.WithdrawApplicationRequest:
        return pb.WithdrawApplicationRequest(application_id=id, request_id=a_request_id(), **words)

    call = clerk.applications.WithdrawApplication
    assert (await refused(clerk.ask(call, back(etag=etag)))).reason == "FIELD_INVALID"
    stale = await refused(clerk.ask(call, back(etag="1-0", reason="窓口で取り下げ")))
    assert stale.reason == "CHANGED_MEANWHILE"
    done = await clerk.ask(call, back(etag=etag, reason="窓口で取り下げ"))
    assert done.state == pb.APPLICATION_STATE_WITHDRAWN
    again = await citizen.withdraw(id)
    assert again == pb.APPLICATION_STATE_WITHDRAWN


async def test_going_back_asks_again_only_what_depends_on_the_answer(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY)
    citizen = await a_citizen(a_town, cards)
    id = turn_id(await citizen.begin("survey"))
    await citizen.answer(id, "mark", number=2)
    await citizen.answer(id, "why", text="時間がかかった")
    review = await citizen.answer(id, "again", choice="no_more")

    asked = await citizen.reopen(id, "mark")
    same = await citizen.answer(id, "mark", number=2)
    await citizen.reopen(id, "mark")
    changed = await citizen.answer(id, "mark", number=8)
    left = await refused(citizen.reopen(id, "why"))

    assert review.review.lines[1].value == "時間がかかった"
    assert (asked.prompt.step, asked.prompt.current.number) == ("mark", 2)
    assert same.review.lines[1].value == "時間がかかった"
    assert [line.step for line in changed.review.lines] == ["mark", "again"]
    assert left.reason == "ANSWER_NOT_OFFERED"


@on_sqlite
async def test_nothing_is_filed_while_a_question_is_left(a_town: Town, cards: Cards) -> None:
    await publish(a_town, SURVEY)
    citizen = await a_citizen(a_town, cards)
    id = turn_id(await citizen.begin("survey"))
    await citizen.answer(id, "mark", number=8)

    early = await refused(citizen.submit(id))

    assert (early.reason, early.metadata) == ("ANSWERS_MISSING", {"step": "again"})
    assert (await citizen.prompt(id)).prompt.step == "again"
