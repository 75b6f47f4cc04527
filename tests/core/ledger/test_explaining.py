"""Am I entitled? The answer says why and what to do, and tells nobody of anybody else."""

import pytest

from tests.cards import Cards, a_holder
from tests.core.eligibility.makers import a_file, a_program, a_row, matched, matches, upload
from tests.core.ledger.makers import City, a_city
from tests.core.ledger.test_ledger import applications, protect
from tests.core.proxies.people import a_proxy
from tests.makers import Registered, a_request_id, a_resident
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import applications_pb2, residents_pb2
from todoke.v1 import ledger_pb2 as pb


async def explained(
    city: City, resident: Registered, *, for_resident_id: str = "", program_id: str = ""
) -> pb.Explanation:
    speaker = residents_pb2.Speaker(
        external_id=resident.external_id, for_resident_id=for_resident_id
    )
    request = pb.ExplainEligibilityRequest(
        resident=residents_pb2.NamedResident(speaker=speaker),
        program_id=program_id or city.program.program_id,
    )
    return (await city.line.ask(city.line.ledger.ExplainEligibility, request)).explanation


async def explained_to_staff(city: City, resident: Registered) -> pb.Explanation:
    request = pb.ExplainEligibilityRequest(
        resident=residents_pb2.NamedResident(resident_id=resident.resident_id),
        program_id=city.program.program_id,
    )
    return (await city.clerk.ask(city.clerk.ledger.ExplainEligibility, request)).explanation


async def test_each_is_told_how_they_stand_and_what_to_do(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="123", absent="4")
    linked = await explained(city, city.residents["1"])
    await city.invite()
    filed = await applications(city)
    answer = applications_pb2.AnswerPromptRequest(
        external_id=city.residents["2"].external_id, application_id=filed["2"].application_id,
        step="confirm", choice="confirmed", request_id=a_request_id(),
    )  # fmt: skip
    await city.line.ask(city.line.applications.AnswerPrompt, answer)
    submitted = (await applications(city))["2"]
    reject = applications_pb2.RejectApplicationRequest(
        application_id=submitted.application_id, etag=submitted.etag, reason="要件を満たさない",
        request_id=a_request_id(),
    )  # fmt: skip

    invited = await explained(city, city.residents["1"])
    waiting = await explained(city, city.residents["2"])
    await city.clerk.ask(city.clerk.applications.RejectApplication, reject)
    settled = await explained(city, city.residents["2"])

    assert (linked.standing, linked.next_step) == (pb.STANDING_ENTITLED, "wait")
    assert (invited.standing, invited.next_step) == (pb.STANDING_ENTITLED, "answer")
    assert invited.application_id == filed["1"].application_id
    assert invited.list_date == "2026-11-24"
    assert invited.metadata["amount"] == "70000"
    assert (waiting.rule, waiting.next_step) == ("application_filed", "wait")
    assert (settled.standing, settled.next_step) == (pb.STANDING_SETTLED, "nothing")


async def test_on_no_list_and_not_matched_are_one_answer(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="1", absent="2")
    stranger = await a_resident(a_town, city.line, cards.issue(a_holder()))
    namesake_holder = a_holder()
    namesake = await a_resident(a_town, city.line, cards.issue(namesake_holder))
    program = await a_program(city.clerk, code="other")
    row = a_row(namesake_holder, "9", address="総社市井手１番地")
    await upload(city.clerk, program, a_file(row))
    await matched(city.clerk, program)
    city.program = program

    nowhere = await explained(city, stranger)
    in_doubt = await explained(city, namesake)

    assert len((await matches(city.clerk, program)).matches) == 1
    assert in_doubt == nowhere
    assert (nowhere.standing, nowhere.rule) == (pb.STANDING_NOT_FOUND, "not_on_list")
    assert (nowhere.next_step, nowhere.list_date) == ("ask_counter", "2026-11-24")
    assert (await explained_to_staff(city, namesake)).standing == pb.STANDING_UNDER_REVIEW
    assert (await explained_to_staff(city, stranger)).standing == pb.STANDING_NOT_FOUND


@on_sqlite
async def test_one_under_protection_learns_nothing_through_a_phone(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="12", absent="")
    await city.invite()
    stranger = await a_resident(a_town, city.line, cards.issue(a_holder()))
    await protect(city, "1")

    assert await explained(city, city.residents["1"]) == await explained(city, stranger)
    shown = await explained_to_staff(city, city.residents["1"])
    assert shown.standing == pb.STANDING_ENTITLED


@on_sqlite
async def test_a_proxy_asks_for_whom_they_read_and_for_nobody_else(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="12", absent="")
    theirs = city.residents["1"].resident_id

    with pytest.raises(CoreError, match="PROXY_NOT_GRANTED"):
        await explained(city, city.residents["2"], for_resident_id=theirs)
    await a_proxy(city.line, city.residents["1"], city.residents["2"])
    told = await explained(city, city.residents["2"], for_resident_id=theirs)
    await protect(city, "1")

    assert told.standing == pb.STANDING_ENTITLED
    with pytest.raises(CoreError, match="PROXY_NOT_GRANTED"):
        await explained(city, city.residents["2"], for_resident_id=theirs)


@on_sqlite
async def test_before_there_is_a_list_everybody_waits(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="1", absent="")
    program = await a_program(city.clerk, code="later")

    told = await explained(city, city.residents["1"], program_id=program.program_id)

    assert (told.rule, told.next_step, told.list_date) == ("no_list_yet", "wait", "")


@on_sqlite
async def test_open_programs_are_listed_for_channels(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="1", absent="")

    found = await city.line.ask(city.line.ledger.ListOpenPrograms, pb.ListOpenProgramsRequest())

    assert [one.program_id for one in found.programs] == [city.program.program_id]
    assert found.programs[0].title.by_language["ja"] == city.program.title


@on_sqlite
async def test_a_program_open_to_all_is_begun_by_whoever_asks_and_gone_on_with(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="1", absent="")
    program = await a_program(city.clerk, code="open", open_to_all=True)
    asker = city.residents["1"]
    begin = applications_pb2.StartApplicationRequest(
        speaker=residents_pb2.Speaker(external_id=asker.external_id),
        program_id=program.program_id,
        request_id=a_request_id(),
    )

    before = await explained(city, asker, program_id=program.program_id)
    await city.line.ask(city.line.applications.StartApplication, begin)
    after = await explained(city, asker, program_id=program.program_id)

    assert (before.rule, before.next_step) == ("open_to_all", "begin")
    assert (after.rule, after.next_step) == ("application_begun", "answer")
